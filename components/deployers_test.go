package components

import (
	"encoding/base64"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/stacktest"
)

// issuer is a cluster that issues a token for each Secret of a ServiceAccount.
type issuer struct{ stacktest.Engine }

func (issuer) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	out := args.Inputs.Copy()
	if args.TypeToken == "kubernetes:core/v1:Secret" {
		token := base64.StdEncoding.EncodeToString([]byte("token of " + args.Name))
		out["data"] = resource.NewProperty(resource.PropertyMap{"token": resource.NewProperty(token)})
	}
	return args.Name, out, nil
}

// The kubeconfig of each site has the token of its own deployer, and is a secret.
func TestKubeconfigsAreSecrets(t *testing.T) {
	got := map[string]string{}
	var mu sync.Mutex
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		d, err := NewDeployers(ctx, "deployers", DeployersArgs{
			Sites:      []SiteAccess{{Name: "shop", Namespace: "shop"}, {Name: "bakery", Namespace: "sweets"}},
			Kubeconfig: func(site SiteAccess, token string) (string, error) { return site.Namespace + ": " + token, nil },
		})
		if err != nil {
			return err
		}
		for name, kubeconfig := range d.Kubeconfigs {
			output := kubeconfig.ToStringOutput()
			if !pulumi.IsSecret(output) {
				t.Errorf("the kubeconfig of %s is no secret", name)
			}
			output.ApplyT(func(text string) string {
				mu.Lock()
				defer mu.Unlock()
				got[name] = text
				return text
			})
		}
		return nil
	}, pulumi.WithMocks("hankki", "platform", issuer{}))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got["shop"] != "shop: token of shop-deployer-token" || got["bakery"] != "sweets: token of sweets-deployer-token" {
		t.Errorf("the kubeconfigs are %q", got)
	}
}
