package postmortem

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

type engine struct{}

func (engine) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return nil, errors.New("a hook asks nothing by invoke")
}

func (engine) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	return args.Name, args.Inputs, nil
}

// Without a way to the cluster a failure is told without its reason, and nothing else fails of it.
func TestNoKubeconfigIsNoSecondFailure(t *testing.T) {
	t.Setenv("KUBECONFIG", filepath.Join(t.TempDir(), "missing"))
	t.Setenv("HOME", t.TempDir())
	t.Setenv("KUBERNETES_SERVICE_HOST", "") // or a test in a pod would find its own cluster
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		hook, err := Register(ctx, "kitchen")
		if err != nil {
			return err
		}
		retry, err := hook.Callback(deployment("backend"))
		if retry {
			t.Error("the operation is tried again")
		}
		return err
	}, pulumi.WithMocks("hankki", "test", engine{}))
	if err != nil {
		t.Fatal(err)
	}
}
