package ownership

import (
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// CheckDeletions refuses objects of the plan that are being deleted: applied to them, the stack's manifests would go with them, and in a
// namespace that is being deleted nothing can be created.
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
			line += "; its data go with it once its pod ends, so save them before"
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return nil
	}
	return fmt.Errorf("objects of this stack are being deleted, and what an up makes of them now would go with them:\n  %s\n"+
		"  way out: wait until they are gone (`kubectl wait --for=delete`, `kubectl describe` says what they wait for), then `pulumi up --refresh`", strings.Join(lines, "\n  "))
}
