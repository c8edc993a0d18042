package ownership

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
)

// Live is an object in the cluster.
type Live struct {
	Object
	*metav1.PartialObjectMetadata
}

// Read reads all planned objects from the cluster concurrently, and omits those that do not exist. Its error lists the
// objects that can't be read, or is the error of the context.
func (p Plan) Read(ctx context.Context, client *rest.Config) ([]Live, error) {
	api, err := metadata.NewForConfig(client)
	if err != nil {
		return nil, fmt.Errorf("reading objects from the cluster: %w", err)
	}
	type answer struct {
		live Live
		err  error
	}
	answers := make(chan answer, len(p.Objects))
	var wg sync.WaitGroup
	for object, version := range p.Objects {
		wg.Go(func() {
			resource, _ := meta.UnsafeGuessKindToResource(schema.GroupVersionKind{Group: object.Group, Version: version, Kind: object.Kind})
			found, err := api.Resource(resource).Namespace(object.Namespace).Get(ctx, object.Name, metav1.GetOptions{})
			answers <- answer{Live{object, found}, err}
		})
	}
	wg.Wait()
	close(answers)
	var found []Live
	unread := map[string][]string{} // objects by reason
	var slow error
	for a := range answers {
		switch {
		case a.err == nil:
			found = append(found, a.live)
		case apierrors.IsNotFound(a.err): // also for unknown kinds
		case apierrors.IsForbidden(a.err):
			reason := "the user of the kubeconfig lacks the permission `get`; grant it"
			unread[reason] = append(unread[reason], a.live.Object.String())
		case ctx.Err() != nil:
			slow = a.err // the same reason for all
		default:
			reason := a.err.Error()
			if failed, ok := errors.AsType[*url.Error](a.err); ok {
				reason = failed.Err.Error() // without the URL, which differs by object
			}
			unread[reason] = append(unread[reason], a.live.Object.String())
		}
	}
	slices.SortFunc(found, func(a, b Live) int { return compare(a.Object, b.Object) })
	return found, errors.Join(slow, unreadable(unread))
}

func unreadable(unread map[string][]string) error {
	if len(unread) == 0 {
		return nil
	}
	var lines []string
	for _, reason := range slices.Sorted(maps.Keys(unread)) {
		objects := unread[reason]
		slices.Sort(objects)
		lines = append(lines, fmt.Sprintf("%s: %s", strings.Join(objects, ", "), reason))
	}
	return fmt.Errorf("the owner of these objects is unknown, so they are not overwritten:\n  %s", strings.Join(lines, "\n  "))
}

// Check rejects the objects that the stack would create or change but does not own.
func (o Owner) Check(p Plan, found []Live) error {
	var foreign []string
	for _, live := range found {
		if o.Owns(live.Object.Kind, live.Annotations, p.Has[live.Object]) {
			continue
		}
		line := fmt.Sprintf("%s: %s", live.Object, belongs(live))
		if p.Has[live.Object] {
			line += "; it is in the state of this stack too: `pulumi state delete` removes it from there"
		}
		foreign = append(foreign, line)
	}
	if len(foreign) == 0 {
		return nil
	}
	count := fmt.Sprintf("%d objects exist and are not this stack's, so they are", len(foreign))
	if len(foreign) == 1 {
		count = "1 object exists and is not this stack's, so it is"
	}
	return fmt.Errorf("%s not overwritten:\n  %s\n"+
		"  ways out: `make adopt STACK=%s` lists what their adoption would change; hankki:namespace, metallb.pool and metallb.advertisement set other names; metallb.manage pools or none keeps an existing MetalLB unchanged",
		count, strings.Join(foreign, "\n  "), o.stack())
}

// Owns reports whether an object of this kind with these annotations belongs to this stack: it has the stack's owner
// ID, possibly from a killed `up`; or it is in the state without annotations, from a version of hankki that set none; or it was
// adopted or kept for a stack of this name.
func (o Owner) Owns(kind string, annotations map[string]string, inState bool) bool {
	switch annotations[IDAnnotation] {
	case "":
		return inState
	case o.ID:
		return true
	case ByName:
		return annotations[NameAnnotation] == o.Name
	default:
		return kept[kind] && annotations[NameAnnotation] == o.Name
	}
}

// kept are the kinds that a destroy retains (components: retained).
var kept = map[string]bool{"Namespace": true, "PersistentVolumeClaim": true}

// belongs describes the owner of an object: the stack in its annotations, or else its field managers with the day of
// their last change.
func belongs(live Live) string {
	if name := live.Annotations[NameAnnotation]; name != "" {
		return "belongs to the stack " + name
	}
	managers := Writers(live.ManagedFields)
	if len(managers) == 0 {
		return "created on " + live.CreationTimestamp.UTC().Format("2006-01-02")
	}
	return "written by " + strings.Join(managers, ", ")
}

// Writers lists the field managers of an object, each with the day of its last change, without those of subresources.
func Writers(fields []metav1.ManagedFieldsEntry) (managers []string) {
	for _, m := range fields {
		if who := manager(m); m.Subresource == "" && !slices.Contains(managers, who) {
			managers = append(managers, who)
		}
	}
	return managers
}
