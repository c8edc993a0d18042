package preflight

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"hankki/internal/config"
	"hankki/internal/kubeconfig"
	"hankki/internal/metallb"
)

// Stack identifies the stack's objects in the cluster.
type Stack interface {
	Owns(kind string, o metav1.ObjectMeta) bool // it has the stack's owner ID, or is in the state without an owner ID
	Has(kind string, o metav1.ObjectMeta) bool  // it is in the state
}

// lan is the cluster's configuration on the LAN.
type lan struct {
	config *config.Config
	stack  Stack

	services    []corev1.Service
	nodes       []corev1.Node
	pools       []metallb.Pool
	speakers    []appsv1.DaemonSet
	controllers []appsv1.Deployment
	namespace   *corev1.Namespace // of the tiers; nil: does not exist yet
	kubeProxy   corev1.ConfigMap
	serviceLB   []appsv1.DaemonSet // of k3s

	unknown  map[string]error // resources that are missing or can't be listed, by plural name
	warnings []string
}

// LAN checks that the Services of the stack can get their addresses: that they are free, that MetalLB will accept the
// pool, and that MetalLB exists if the stack does not install it. It reads all objects concurrently. Missing
// permission to list objects is a warning: a user with access to one namespace need not see the others, and package
// reach verifies the addresses at the end of the update. Values that package config rejects are not checked.
func LAN(ctx context.Context, c *config.Config, client *rest.Config, stack Stack) (warnings []string, err error) {
	if !slices.Contains([]config.Manage{config.ManageInstall, config.ManagePools, config.ManageNone}, c.MetalLB.Manage) {
		return nil, nil
	}
	api, err := kubeconfig.NewClient(client, timeout)
	if err != nil {
		return nil, fmt.Errorf("kubeContext %q: %w", c.KubeContext, err)
	}
	l := &lan{config: c, stack: stack, unknown: map[string]error{}}
	if err := l.ask(ctx, api); err != nil {
		return l.warnings, fmt.Errorf("kubeContext %q: the cluster at %s: %w", c.KubeContext, client.Host, err)
	}
	if c.Command.Adopt { // others may still have the addresses
		err = l.installation()
		return l.warnings, err
	}
	err = errors.Join(l.installation(), l.ranges(), l.taken(), l.addresses(), l.proxies())
	return l.warnings, err
}

func (l *lan) ask(ctx context.Context, api kubeconfig.Client) error {
	var byManifest struct {
		speakers    []appsv1.DaemonSet
		controllers []appsv1.Deployment
	}
	const byChart, plain = "app.kubernetes.io/name=metallb", "app=metallb" // MetalLB's chart, and its manifests
	g := kubeconfig.NewGathering(api)
	kubeconfig.GatherList(ctx, g, &l.services, "services", "/api/v1/services")
	kubeconfig.GatherList(ctx, g, &l.nodes, "nodes", "/api/v1/nodes")
	kubeconfig.GatherList(ctx, g, &l.pools, "ipaddresspools", metallb.API+"/ipaddresspools")
	kubeconfig.GatherList(ctx, g, &l.speakers, "daemonsets", "/apis/apps/v1/daemonsets", "labelSelector", byChart)
	kubeconfig.GatherList(ctx, g, &byManifest.speakers, "daemonsets", "/apis/apps/v1/daemonsets", "labelSelector", plain)
	kubeconfig.GatherList(ctx, g, &l.controllers, "deployments", "/apis/apps/v1/deployments", "labelSelector", byChart)
	kubeconfig.GatherList(ctx, g, &byManifest.controllers, "deployments", "/apis/apps/v1/deployments", "labelSelector", plain)
	kubeconfig.GatherList(ctx, g, &l.serviceLB, "daemonsets", "/apis/apps/v1/daemonsets", "labelSelector", serviceLBLabel)
	g.Get(ctx, &l.namespace, "the namespace", "/api/v1/namespaces/"+l.config.Namespace)
	g.Get(ctx, &l.kubeProxy, "kube-proxy", "/api/v1/namespaces/kube-system/configmaps/kube-proxy")
	var err error
	l.unknown, err = g.Wait()
	l.speakers = append(l.speakers, byManifest.speakers...)
	l.controllers = append(l.controllers, byManifest.controllers...)
	l.warn()
	return err
}

// notOfSite are the objects that a site's deployer has no right to list. MetalLB and package reach report the conflicts.
var notOfSite = map[string]bool{"services": true, "nodes": true}

// needless are objects that are read only to find a known obstacle. Missing permission to read them is not reported.
var needless = map[string]bool{"the namespace": true, "kube-proxy": true, "daemonsets": true, "deployments": true}

// warn adds a warning for each resource that the user may not list.
func (l *lan) warn() {
	for _, what := range slices.Sorted(maps.Keys(l.unknown)) {
		reported := !needless[what] && (l.config.Role != config.RoleSite || !notOfSite[what])
		if apierrors.IsForbidden(l.unknown[what]) && reported {
			l.warnings = append(l.warnings, fmt.Sprintf("the user of the kubeconfig may not list %s, so conflicts with the addresses of the stack were not checked: grant `list`", what))
		}
	}
}
