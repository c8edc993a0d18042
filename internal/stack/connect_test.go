package stack

import (
	"testing"

	"hankki/internal/cluster"
	"hankki/internal/stacktest"
)

// If the state has a cluster UID, it must be that of the connected cluster.
func TestSameCluster(t *testing.T) {
	client := &cluster.Client{Context: "lab", Host: "https://10.0.0.1:6443"}
	for deployed, words := range map[string][]string{
		"": nil, "a": nil, "b": {"UID a", "UID b", "lab", "https://10.0.0.1:6443", "KUBECONFIG", "pulumi stack rm --force onprem"},
	} {
		t.Run("deployed to "+deployed, func(t *testing.T) {
			stacktest.CheckError(t, sameCluster("onprem", deployed, "a", client), words...)
		})
	}
}
