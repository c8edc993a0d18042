package preflight_test

import (
	"net/http"
	"slices"
	"testing"
)

func TestAllThatIsWrongIsListedAtOnce(t *testing.T) {
	cluster, registry := closed(t), closed(t)
	useKubeconfig(t, map[string]string{"kitchen": "http://" + cluster}, "kitchen")
	refused(t, stack(registry), 2, slices.Concat(clusterKeys, registryKeys, []string{cluster, registry})...)
}

// config.Load has said that the registry is missing; saying it twice would hide the rest.
func TestMissingRegistryIsNotSaidAgain(t *testing.T) {
	newCluster(t, http.StatusOK)
	accepted(t, stack(""))
}
