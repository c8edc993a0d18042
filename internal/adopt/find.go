package adopt

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"hankki/internal/cluster"
	"hankki/internal/ownership"
)

// Foreign is an object that exists, is not the stack's, and would be created by it.
type Foreign struct {
	Object  cluster.Object `json:"object"`
	Writers []string       `json:"writers"`         // field managers, each with the day of its last change
	Stack   string         `json:"stack,omitempty"` // another hankki stack that it belongs to
	// Changes are the fields that the next up changes, "path: old → new", and Removes those that it removes.
	Changes []string `json:"changes"`
	Removes []string `json:"removes"`
	// Replace says why the object can't be changed into what the stack wants; empty if it can.
	Replace string `json:"replace,omitempty"`
	// Notes are what the API server warns of, and what could not be found out.
	Notes []string `json:"notes,omitempty"`

	live    *unstructured.Unstructured
	manager string // that the stack applies the object under; empty: one that the plugin generates
}

// HoldsOthers tells whether deleting the object would delete data or objects of others.
func (f *Foreign) HoldsOthers() bool {
	return f.Object.Kind == cluster.ClaimKind || f.Object.Kind == cluster.NamespaceKind || f.Object.Kind.Kind == "CustomResourceDefinition"
}

// takeover is one run.
type takeover struct {
	client    *cluster.Client
	warnings  *warnings
	owner, id string // of the stack; id is empty where the state knows none
	has       []cluster.Object
}

// find gets the wanted objects from the cluster, keeps those that exist and are not the stack's, and asks the API server what
// applying the stack's manifests would change in them.
func (t takeover) find(ctx context.Context, wanted []*unstructured.Unstructured) ([]*Foreign, error) {
	live, errs := make([]*unstructured.Unstructured, len(wanted)), make([]error, len(wanted))
	var wg sync.WaitGroup
	for i, w := range wanted {
		wg.Go(func() {
			live[i], errs[i] = t.client.Get(ctx, cluster.Name(w))
			if cluster.Gone(errs[i]) {
				errs[i] = nil
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	found := []*Foreign{}
	for i, w := range wanted {
		if live[i] == nil || t.ours(live[i]) {
			continue
		}
		f := &Foreign{
			Object: cluster.Name(live[i]), Writers: ownership.Writers(live[i].GetManagedFields()),
			Stack: live[i].GetAnnotations()[ownership.NameAnnotation], live: live[i],
			manager: w.GetAnnotations()[ownership.ManagerAnnotation],
		}
		t.compare(ctx, f, w)
		found = append(found, f)
	}
	slices.SortFunc(found, func(a, b *Foreign) int { return strings.Compare(a.Object.String(), b.Object.String()) })
	return found, nil
}

// ours judges as the program does before it deploys (ownership.Owner.Check).
func (t takeover) ours(live *unstructured.Unstructured) bool {
	return ownership.Owner{Name: t.owner, ID: t.id}.Owns(live.GetKind(), live.GetAnnotations(), slices.Contains(t.has, cluster.Name(live)))
}

// warnings collects what the API server warns of.
type warnings struct {
	mu   sync.Mutex
	said []string
}

// HandleWarningHeader implements client-go's rest.WarningHandler.
func (w *warnings) HandleWarningHeader(_ int, _, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, text)
}

// take returns what was collected since the last call.
func (w *warnings) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	said := w.said
	w.said = nil
	return said
}
