package preflight_test

import (
	"net/http"
	"slices"
	"testing"

	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

func TestAllPreflightErrorsAreListed(t *testing.T) {
	cluster, registry := stacktest.ClosedAddress(t), stacktest.ClosedAddress(t)
	testfile.UseKubeconfig(t, map[string]string{"kitchen": "http://" + cluster}, "kitchen")
	refused(t, stack(registry), 2, slices.Concat(clusterKeys, registryKeys, []string{cluster, registry})...)
}

// config.Load reports the missing registry. A second report would hide the other errors.
func TestMissingRegistryIsReportedOnce(t *testing.T) {
	newCluster(t, http.StatusOK)
	accepted(t, stack(""))
}
