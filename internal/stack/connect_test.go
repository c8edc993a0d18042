package stack

import (
	"strings"
	"testing"

	"hankki/internal/cluster"
)

// If the state has a cluster UID, it must be that of the connected cluster.
func TestSameCluster(t *testing.T) {
	client := &cluster.Client{Context: "lab", Host: "https://10.0.0.1:6443"}
	for deployed, refused := range map[string]bool{"": false, "a": false, "b": true} {
		err := sameCluster("onprem", deployed, "a", client)
		if (err != nil) != refused {
			t.Errorf("deployed to %q, connected to \"a\": %v", deployed, err)
		}
		if !refused {
			continue
		}
		for _, part := range []string{"UID a", "UID b", "lab", "https://10.0.0.1:6443", "KUBECONFIG", "pulumi stack rm --force onprem"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q is missing in: %v", part, err)
			}
		}
	}
}
