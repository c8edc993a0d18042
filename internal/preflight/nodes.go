package preflight

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/discovery"

	"hankki/internal/config"
)

// nodeList is the used part of the cluster's nodes.
type nodeList struct {
	Items []struct {
		Metadata struct{ Name string }
		Spec     struct {
			Unschedulable bool
			Taints        []struct{ Effect string }
		}
		Status struct {
			NodeInfo struct{ OperatingSystem, Architecture string }
		}
	}
}

// nodes compares images.platform with the nodes that pods may be scheduled on: a container does not start on another
// platform. Cordoned and tainted nodes are ignored.
func nodes(ctx context.Context, c *config.Config, server string, api *discovery.DiscoveryClient) error {
	text, err := api.RESTClient().Get().AbsPath("/api/v1/nodes").Do(ctx).Raw()
	if apierrors.IsForbidden(err) || apierrors.IsNotFound(err) {
		return nil // the right to deploy does not include the right to list nodes, and a virtual cluster has none
	}
	if err != nil {
		return fmt.Errorf("kubeContext %q: the cluster at %s did not list its nodes: %w", c.KubeContext, server, err)
	}
	var list nodeList
	if err := json.Unmarshal(text, &list); err != nil {
		return fmt.Errorf("kubeContext %q: the cluster at %s did not list its nodes: %w", c.KubeContext, server, err)
	}
	parts := strings.SplitN(c.Images.Platform, "/", 3) // os/arch[/variant]; a node does not report its variant
	wanted := strings.Join(parts[:min(2, len(parts))], "/")
	others := map[string][]string{} // nodes by platform
	for _, n := range list.Items {
		info := n.Status.NodeInfo
		platform := info.OperatingSystem + "/" + info.Architecture
		if platform == wanted || info.Architecture == "" || n.Spec.Unschedulable { // empty until its kubelet has reported
			continue
		}
		if slices.ContainsFunc(n.Spec.Taints, func(t struct{ Effect string }) bool { return t.Effect != "PreferNoSchedule" }) {
			continue
		}
		others[platform] = append(others[platform], n.Metadata.Name)
	}
	if len(others) == 0 {
		return nil
	}
	var found []string
	for _, platform := range slices.Sorted(maps.Keys(others)) {
		found = append(found, fmt.Sprintf("%s (%s)", platform, shortList(others[platform])))
	}
	return fmt.Errorf("images.platform %q: the cluster at %s has nodes of another platform, on which the images do not start: %s; build for the platform of all nodes, or taint these nodes: `kubectl taint node NODE platform=other:NoSchedule`",
		c.Images.Platform, server, strings.Join(found, ", "))
}

// shortList returns three names and the number of the others.
func shortList(names []string) string {
	const shown = 3
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}
