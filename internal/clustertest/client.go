// Package clustertest provides a fake cluster for unit tests: client-go's fake client with the kinds that hankki
// uses.
package clustertest

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/restmapper"
	"sigs.k8s.io/yaml"

	"hankki/internal/cluster"
)

type kind struct {
	group, version, resource, kind string
	clusterWide                    bool
}

var kinds = []kind{
	{"", "v1", "namespaces", "Namespace", true},
	{"", "v1", "nodes", "Node", true},
	{"", "v1", "pods", "Pod", false},
	{"", "v1", "services", "Service", false},
	{"", "v1", "secrets", "Secret", false},
	{"", "v1", "configmaps", "ConfigMap", false},
	{"", "v1", "serviceaccounts", "ServiceAccount", false},
	{"", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", false},
	{"", "v1", "persistentvolumes", "PersistentVolume", true},
	{"", "v1", "events", "Event", false},
	{"apps", "v1", "deployments", "Deployment", false},
	{"apps", "v1", "replicasets", "ReplicaSet", false},
	{"batch", "v1", "cronjobs", "CronJob", false},
	{"batch", "v1", "jobs", "Job", false},
	{"autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", false},
	{"apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", true},
	{"apiregistration.k8s.io", "v1", "apiservices", "APIService", true},
	{"metallb.io", "v1beta1", "ipaddresspools", "IPAddressPool", false},
	{"metallb.io", "v1beta1", "l2advertisements", "L2Advertisement", false},
	{"metallb.io", "v1beta1", "servicel2statuses", "ServiceL2Status", false},
}

// New returns a cluster with these objects: YAML documents, separated by "---".
func New(t *testing.T, manifests string) (*cluster.Client, *fake.FakeDynamicClient) {
	t.Helper()
	lists := map[schema.GroupVersionResource]string{}
	byGroup := map[string]*restmapper.APIGroupResources{}
	var groups []*restmapper.APIGroupResources
	for _, k := range kinds {
		lists[schema.GroupVersionResource{Group: k.group, Version: k.version, Resource: k.resource}] = k.kind + "List"
		group := byGroup[k.group]
		if group == nil {
			version := metav1.GroupVersionForDiscovery{GroupVersion: schema.GroupVersion{Group: k.group, Version: k.version}.String(), Version: k.version}
			group = &restmapper.APIGroupResources{
				Group:              metav1.APIGroup{Name: k.group, Versions: []metav1.GroupVersionForDiscovery{version}, PreferredVersion: version},
				VersionedResources: map[string][]metav1.APIResource{},
			}
			byGroup[k.group] = group
			groups = append(groups, group)
		}
		group.VersionedResources[k.version] = append(group.VersionedResources[k.version], metav1.APIResource{
			Name: k.resource, Kind: k.kind, Namespaced: !k.clusterWide, Verbs: metav1.Verbs{"get", "list", "delete", "patch"},
		})
	}
	var objects []runtime.Object
	for _, o := range Objects(t, manifests) {
		objects = append(objects, o)
	}
	client := fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), lists, objects...)
	return &cluster.Client{Host: "https://cluster.test", Dynamic: client, Groups: groups, Mapper: restmapper.NewDiscoveryRESTMapper(groups)}, client
}

// Objects parses YAML manifests.
func Objects(t *testing.T, manifests string) []*unstructured.Unstructured {
	t.Helper()
	var objects []*unstructured.Unstructured
	for text := range strings.SplitSeq(manifests, "\n---\n") {
		var content map[string]any
		if err := yaml.Unmarshal([]byte(text), &content); err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if len(content) > 0 {
			objects = append(objects, &unstructured.Unstructured{Object: content})
		}
	}
	return objects
}

// Name returns the identity of the manifest's only object.
func Name(t *testing.T, manifest string) cluster.Object {
	t.Helper()
	objects := Objects(t, manifest)
	if len(objects) != 1 {
		t.Fatalf("%d objects in\n%s", len(objects), manifest)
	}
	return cluster.Name(objects[0])
}
