package handover

import (
	"strings"
	"testing"

	"hankki/internal/clustertest"
	"hankki/internal/stacktest"
)

// Services that cannot be handed over are reported all at once, before the first one is deleted.
func TestServicesThatCannotBeHandedOver(t *testing.T) {
	second := strings.NewReplacer("name: backend-lb", "name: second-lb").Replace(theirs)
	client, _ := clustertest.New(t, theirs+"\n---\n"+second)
	_, err := handover{client: client}.holders(t.Context(), "default")
	stacktest.CheckError(t, err, "Service default/backend-lb", "Service default/second-lb", "share the address 10.0.0.3", "metallb.io/allow-shared-ip")

	both := strings.NewReplacer("[{ip: 10.0.0.3}]", "[{ip: 10.0.0.3}, {ip: 'FD00::3'}]", "uid: u", "finalizers: [service.kubernetes.io/load-balancer-cleanup, example.com/hold], uid: u").Replace(theirs)
	for manifest, want := range map[string][]string{theirs: nil, both: {"also has the address fd00::3", "has the finalizer example.com/hold,"}} {
		client, _ := clustertest.New(t, manifest)
		h := handover{client: client}
		before, err := h.holders(t.Context(), "default")
		if err != nil {
			t.Fatal(err)
		}
		err = h.check(t.Context(), before, []service{{clustertest.Name(t, ourService), "10.0.0.3", "5000"}, {clustertest.Name(t, ourService), "10.0.0.4", "80"}})
		stacktest.CheckError(t, err, want...)
	}
}
