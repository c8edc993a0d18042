package preflight_test

import (
	"net/http"
	"slices"
	"testing"
)

func TestAllThatIsWrongIsListedAtOnce(t *testing.T) {
	cluster, registry := closed(t), closed(t)
	kubeconfig(t, map[string]string{"kitchen": "http://" + cluster}, "kitchen")
	refused(t, stack(registry), 2, slices.Concat(clusterKeys, registryKeys, []string{cluster, registry})...)
}

// config.Load has said that the registry is missing; saying it twice would hide the rest.
func TestMissingRegistryIsNotSaidAgain(t *testing.T) {
	newCluster(t, http.StatusOK)
	accepted(t, stack(""))
}

func TestRenderingAsksNobody(t *testing.T) {
	cluster, registry := newCluster(t, http.StatusOK), newRegistry(t, "http", loopback)
	c := stack(registry.address())
	c.Render.Directory = "manifests"
	accepted(t, c)

	noKubeconfig(t)
	c.Registry.Server = closed(t)
	accepted(t, c)
	if asked := slices.Concat(cluster.requests(), registry.requests()); len(asked) > 0 {
		t.Errorf("rendering asked %q", asked)
	}
}
