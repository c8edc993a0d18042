package ownership

import (
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// CheckDeletions rejects planned objects that are being deleted: applied changes would be deleted with them, and no
// object can be created in a namespace that is being deleted.
func CheckDeletions(found []Live) error {
	var lines []string
	for _, live := range found {
		if live.DeletionTimestamp == nil {
			continue
		}
		line := fmt.Sprintf("%s, since %s", live.Object, live.DeletionTimestamp.UTC().Format(time.DateTime+" MST"))
		if len(live.Finalizers) > 0 {
			line += ", which waits for " + strings.Join(live.Finalizers, ", ")
		}
		if live.GroupKind == (schema.GroupKind{Kind: "PersistentVolumeClaim"}) {
			line += "; its data are deleted once its pod stops, so back them up first"
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return nil
	}
	return fmt.Errorf("objects of this stack are being deleted, so changes by an up would be lost:\n  %s\n"+
		"  solution: wait until they are deleted (`kubectl wait --for=delete`, `kubectl describe` shows what they wait for), then `pulumi up --refresh`", strings.Join(lines, "\n  "))
}
