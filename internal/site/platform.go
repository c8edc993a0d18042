package site

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/client-go/rest"

	"hankki/components"
	"hankki/internal/config"
	"hankki/internal/kubeconfig"
)

// kubeconfigsOutput is the output with the kubeconfigs of the sites' deployers, by site name; a secret.
const kubeconfigsOutput = "kubeconfigs"

// deployPlatform creates what the sites of a cluster share. It returns the objects that announce LAN addresses.
func deployPlatform(ctx *pulumi.Context, cfg *config.Config, kubeconfigOf components.DeployerKubeconfig, onCluster pulumi.ResourceOption) (announcers []pulumi.Resource, err error) {
	metallb, err := components.NewMetalLB(ctx, "metallb", components.MetalLBArgs{
		Install: cfg.MetalLB.Manage == config.ManageInstall, Foreign: cfg.MetalLB.Manage == config.ManageNone, Namespace: cfg.MetalLB.Namespace, Chart: components.Chart(cfg.MetalLB.Chart),
		Pool: cfg.MetalLB.Pool, Addresses: cfg.MetalLB.Addresses, Advertisement: cfg.MetalLB.Advertisement,
	}, onCluster)
	if err != nil {
		return nil, err
	}
	if cfg.MetricsServer.Install {
		if _, err := components.NewMetricsServer(ctx, "metrics-server", components.MetricsServerArgs{
			Chart: components.Chart(cfg.MetricsServer.Chart), Tag: cfg.MetricsServer.Tag,
			KubeletInsecureTLS: cfg.MetricsServer.KubeletInsecureTLS,
		}, onCluster); err != nil {
			return nil, err
		}
	}
	if cfg.Role == config.RolePlatform {
		err = deploySites(ctx, cfg, kubeconfigOf, onCluster)
	}
	return metallb.Announcers, err
}

// deploySites creates the namespace and the deployer of each site, and exports the deployers' kubeconfigs.
func deploySites(ctx *pulumi.Context, cfg *config.Config, kubeconfigOf components.DeployerKubeconfig, onCluster pulumi.ResourceOption) error {
	args := components.DeployersArgs{Kubeconfig: kubeconfigOf}
	for _, s := range cfg.Sites {
		args.Sites = append(args.Sites, components.SiteAccess(s))
	}
	deployers, err := components.NewDeployers(ctx, "deployers", args, onCluster)
	if err != nil {
		return err
	}
	ctx.Export(kubeconfigsOutput, pulumi.ToSecret(deployers.Kubeconfigs)) // as a whole, so that the CLI hides it
	return nil
}

// deployerKubeconfig returns kubeconfigs with the address of client; nil without a client.
func deployerKubeconfig(client *rest.Config) components.DeployerKubeconfig {
	if client == nil {
		return nil
	}
	return func(site components.SiteAccess, token string) (string, error) {
		return kubeconfig.WithToken(client, site.Name, site.Namespace, token)
	}
}
