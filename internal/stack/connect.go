package stack

import (
	"context"
	"fmt"

	"k8s.io/client-go/rest"

	"hankki/internal/cluster"
)

// Deployed reads the stack's state and connects to the cluster that the stack is deployed to.
func (s *Stack) Deployed(ctx context.Context) (*State, *cluster.Client, error) {
	state, err := s.State(ctx)
	if err != nil {
		return nil, nil, err
	}
	client, err := s.Connect(ctx, state, nil)
	return state, client, err
}

// Connect connects to the cluster of the state's provider, or else of the configuration. It verifies that the stack
// was deployed to this cluster. warn receives the API server's warnings; nil discards them.
func (s *Stack) Connect(ctx context.Context, state *State, warn rest.WarningHandler) (*cluster.Client, error) {
	kubeContext, found := state.KubeContext()
	if !found {
		var err error
		if kubeContext, err = s.setting(ctx, "hankki:kubeContext"); err != nil {
			return nil, err
		}
	}
	client, err := cluster.Connect(kubeContext, warn)
	if err != nil && found {
		return nil, fmt.Errorf("%w; that is the context of the last up: after a change of hankki:kubeContext run `pulumi up` first", err)
	}
	if err != nil {
		return nil, err
	}
	uid, err := client.UID(ctx)
	if err != nil {
		return nil, err
	}
	return client, sameCluster(s.Name(), state.ClusterUID(), uid, client)
}

// sameCluster compares the UID of the cluster with the one in the state. A state of an earlier version has no UID and
// matches any cluster.
func sameCluster(name, deployed, answers string, client *cluster.Client) error {
	if deployed == "" || deployed == answers {
		return nil
	}
	return fmt.Errorf(`stack %s is deployed to another cluster:
  the state's cluster has the UID %s (of its namespace kube-system)
  kubeContext %q leads to %s, which has the UID %s
Choose the right one by KUBECONFIG. If the state's cluster is gone for good: pulumi stack rm --force %s`,
		name, deployed, client.Context, client.Host, answers, name)
}
