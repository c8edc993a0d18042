package handover

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"

	"hankki/internal/cluster"
)

const (
	// announceLimit is how long the stack's Service has to get the address and be announced, before the other site's
	// Service is restored.
	announceLimit = 10 * time.Second
	// answerLimit is how long the stack's pods have to respond inside the cluster.
	answerLimit = 30 * time.Second
	// restoreLimit is how long the other site's Service has to get its address again.
	restoreLimit = 30 * time.Second
)

// handover is one run.
type handover struct {
	client *cluster.Client
	probe  func(context.Context, cluster.Object, string) error
	folder string
	log    io.Writer
	now    func() time.Time
	pause  time.Duration // between two checks
}

// answer requires the pods of each Service to respond inside the cluster.
func (h handover) answer(ctx context.Context, services []service) error {
	for _, s := range services {
		var err error
		if !h.until(ctx, answerLimit, func() bool { err = h.probe(ctx, s.object, s.port); return err == nil }) {
			return fmt.Errorf("%s does not respond inside the cluster: %w", s.object, err)
		}
	}
	return nil
}

// move moves the address of one Service to another. If that fails, it restores the first.
func (h handover) move(ctx context.Context, from cluster.Object, to service) (Move, error) {
	live, err := h.client.Get(ctx, from)
	if err != nil {
		return Move{}, err
	}
	saved := savedService(live, to.address)
	file, err := h.save(saved)
	if err != nil {
		return Move{}, err
	}
	resource, err := h.client.Resource(from)
	if err != nil {
		return Move{}, err
	}
	began := h.now()
	fmt.Fprintf(h.log, "%s: %s is saved in %s and deleted\n", to.address, from, file)
	if err := resource.Delete(ctx, from.Name, metav1.DeleteOptions{}); err != nil {
		return Move{}, fmt.Errorf("%s: %w", from, err)
	}
	if !h.until(ctx, announceLimit, func() bool { return h.announced(ctx, to) }) {
		return Move{}, h.restore(context.WithoutCancel(ctx), saved, from, to, file)
	}
	if err := h.probe(ctx, to.object, to.port); err != nil {
		return Move{}, h.restore(context.WithoutCancel(ctx), saved, from, to, file)
	}
	took := h.now().Sub(began)
	fmt.Fprintf(h.log, "%s: moved to %s after %.1f s\n", to.address, to.object, took.Seconds())
	return Move{Address: to.address, From: from, To: to.object, Saved: file, Seconds: took.Seconds()}, nil
}

// announced reports whether the Service has the address and, according to MetalLB, a node announces it. MetalLB
// before 0.14 and BGP report no announcement; then the address is sufficient.
func (h handover) announced(ctx context.Context, s service) bool {
	holders, err := h.holders(ctx, s.object.Namespace)
	if err != nil || holders[s.address] != s.object {
		return false
	}
	statuses, err := h.client.List(ctx, schema.GroupVersionKind{Group: "metallb.io", Version: "v1beta1", Kind: "ServiceL2Status"}, "")
	if err != nil {
		return cluster.NotFound(err)
	}
	return slices.ContainsFunc(statuses, func(status unstructured.Unstructured) bool {
		name, _, _ := unstructured.NestedString(status.Object, "status", "serviceName")
		namespace, _, _ := unstructured.NestedString(status.Object, "status", "serviceNamespace")
		return name == s.object.Name && namespace == s.object.Namespace
	})
}

// restore releases the address from the stack's Service and creates the saved Service again.
func (h handover) restore(ctx context.Context, saved *unstructured.Unstructured, from cluster.Object, to service, file string) error {
	fmt.Fprintf(h.log, "%s: %s does not respond, restoring %s\n", to.address, to.object, from)
	manual := fmt.Errorf("%s is not restored: `kubectl delete %s` frees the address, `kubectl create -f %s` creates it again", from, to.object.Kubectl(), file)
	target, err := h.client.Resource(to.object)
	if err != nil {
		return fmt.Errorf("%w: %w", manual, err)
	}
	if _, err := target.Patch(ctx, to.object.Name, types.MergePatchType, []byte(`{"spec":{"type":"ClusterIP","externalTrafficPolicy":null}}`), metav1.PatchOptions{FieldManager: "hankki-handover"}); err != nil {
		return fmt.Errorf("%w: %w", manual, err)
	}
	source, err := h.client.Resource(from)
	if err != nil {
		return fmt.Errorf("%w: %w", manual, err)
	}
	if _, err := source.Create(ctx, saved, metav1.CreateOptions{FieldManager: "kubectl-create"}); err != nil {
		return fmt.Errorf("%w: %w", manual, err)
	}
	back := func() bool {
		holders, err := h.holders(ctx, from.Namespace)
		return err == nil && holders[to.address] == from
	}
	if !h.until(ctx, restoreLimit, back) {
		return fmt.Errorf("%s exists again but does not get the address %s: `kubectl describe %s` shows why", from, to.address, from.Kubectl())
	}
	return fmt.Errorf("%s did not respond at %s within %v, so %s has the address again: see `kubectl describe %s` and MetalLB's log, then repeat the handover",
		to.object, to.address, announceLimit, from, to.object.Kubectl())
}

// save writes the manifest to a file, which is needed if this process is killed during the handover.
func (h handover) save(saved *unstructured.Unstructured) (string, error) {
	text, err := yaml.Marshal(saved.Object)
	if err != nil {
		return "", fmt.Errorf("saving %s: %w", cluster.Name(saved), err)
	}
	file := filepath.Join(h.folder, saved.GetNamespace()+"-"+saved.GetName()+".yaml")
	err = os.MkdirAll(h.folder, 0o700)
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		return "", fmt.Errorf("saving %s failed, so it is not deleted: %w; set XDG_CACHE_HOME to another folder", cluster.Name(saved), err)
	}
	return file, nil
}

// savedService returns the Service in a form that can be created again: without the fields that the API server
// assigns, and with its current address.
func savedService(live *unstructured.Unstructured, address string) *unstructured.Unstructured {
	saved := live.DeepCopy()
	for _, field := range []string{"uid", "resourceVersion", "creationTimestamp", "managedFields", "finalizers", "generation"} {
		unstructured.RemoveNestedField(saved.Object, "metadata", field)
	}
	for _, field := range []string{"clusterIP", "clusterIPs", "healthCheckNodePort"} {
		unstructured.RemoveNestedField(saved.Object, "spec", field)
	}
	unstructured.RemoveNestedField(saved.Object, "status")
	annotations := saved.GetAnnotations()
	requested, _, _ := unstructured.NestedString(saved.Object, "spec", "loadBalancerIP")
	for key := range annotations {
		if strings.HasSuffix(key, "/loadBalancerIPs") {
			requested = annotations[key]
		}
		if strings.HasSuffix(key, "/ip-allocated-from-pool") {
			delete(annotations, key)
		}
	}
	saved.SetAnnotations(annotations)
	if requested == "" { // MetalLB chose the address, and must assign the same one again
		_ = unstructured.SetNestedField(saved.Object, address, "spec", "loadBalancerIP") // the spec is an object
	}
	return saved
}

// until repeats done until it returns true or the time is over.
func (h handover) until(ctx context.Context, limit time.Duration, done func() bool) bool {
	for end := h.now().Add(limit); ; time.Sleep(h.pause) {
		if done() {
			return true
		}
		if ctx.Err() != nil || h.now().After(end) {
			return false
		}
	}
}
