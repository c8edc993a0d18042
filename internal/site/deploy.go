package site

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/config"
	"hankki/internal/release"
)

// Names of the tiers, used for their objects, labels and images.
const (
	redisName    = "redis"
	backendName  = "backend"
	frontendName = "frontend"
)

// deploy creates the components of the stack's role: those of the platform, then those of the site. Without kubeconfigOf the deployers
// get none.
func deploy(ctx *pulumi.Context, cfg *config.Config, kubeconfigOf components.DeployerKubeconfig, cluster pulumi.ProviderResource, wait components.Wait, pushed pushedImages) error {
	var announcers []pulumi.Resource
	if cfg.HasPlatform() {
		var err error
		if announcers, err = deployPlatform(ctx, cfg, kubeconfigOf, pulumi.Provider(cluster)); err != nil {
			return err
		}
	}
	if !cfg.HasSite() {
		return nil
	}
	return deploySite(ctx, cfg, cluster, wait, pushed, announcers)
}

// deploySite creates the components of the site and connects them. LoadBalancer Services depend on the announcers.
func deploySite(ctx *pulumi.Context, cfg *config.Config, cluster pulumi.ProviderResource, wait components.Wait, pushed pushedImages, announcers []pulumi.Resource) error {
	secrets, err := resolveSecrets(ctx, cfg)
	if err != nil {
		return err
	}
	onCluster := pulumi.Provider(cluster)
	login := components.RegistryLogin{
		Server: cfg.Registry.Server, Username: cfg.Registry.Username, Password: secrets.registryPassword, PullSecret: secrets.pullSecret,
	}
	images, err := newImages(ctx, cfg, login, pushed)
	if err != nil {
		return err
	}

	namespace, err := components.NewNamespace(ctx, cfg.Namespace, components.NamespaceArgs{
		Name: cfg.Namespace, Existing: cfg.Role == config.RoleSite, Registry: login,
	}, onCluster)
	if err != nil {
		return err
	}
	scope := components.Scope{Namespace: namespace.Name, PullSecrets: namespace.PullSecrets, Wait: wait}
	redis, err := components.NewRedis(ctx, redisName, components.RedisArgs{
		Scope: scope, Image: images.redis(), Clients: []string{backendName},
		Password: secrets.redisPassword, Fallback: secrets.redisPasswordFallback,
		MaxMemory: cfg.Redis.MaxMemoryBytes(), Volume: volume(cfg.Redis.Persistence), Metrics: metrics(cfg, cfg.BaseImages.RedisExporter),
	}, onCluster)
	if err != nil {
		return err
	}
	database, err := newDatabase(ctx, cfg, scope, secrets, onCluster)
	if err != nil {
		return err
	}
	// First, because the API may use its image for the HTTPS sidecar.
	frontend, err := components.NewFrontend(ctx, frontendName, images.frontend(), onCluster)
	if err != nil {
		return err
	}
	tls, err := newTLS(ctx, cfg, scope, secrets, onCluster)
	if err != nil {
		return err
	}
	backend, err := components.NewBackend(ctx, backendName, components.BackendArgs{
		Scope: scope, Image: images.backend(), Replicas: cfg.Backend.Replicas, Autoscaling: autoscaling(cfg.Backend.Autoscaling),
		LoadBalancerIP: cfg.Backend.LoadBalancerIP, Port: cfg.Backend.Port, TrafficPolicy: string(cfg.Backend.Traffic),
		Announcers: announcers, AllowedOrigin: cfg.Backend.AllowedOrigin, TLSProxy: tls.tlsProxy(frontend.Image),
		Proxy: proxyOf(cfg), SampleData: cfg.Backend.SampleData,
		Redis: redis.Endpoint, RedisPassword: secrets.redisPassword, Database: database, SigningKey: secrets.signingKey, SigningKeyFallbacks: secrets.signingKeyFallbacks,
		Metrics: metrics(cfg, ""), // the API serves metrics itself, without an exporter
	}, onCluster)
	if err != nil {
		return err
	}
	if err := frontend.Serve(ctx, components.FrontendArgs{
		Scope: scope, Replicas: cfg.Frontend.Replicas,
		LoadBalancerIP: cfg.Frontend.LoadBalancerIP, Port: plainPort(cfg), TLS: tls.site, TrafficPolicy: string(cfg.Frontend.Traffic), Announcers: announcers,
		Metrics: metrics(cfg, cfg.BaseImages.NginxExporter),
		API: components.API{
			Proxy: cfg.Frontend.APIMode == config.APIModeProxy,
			URL:   backend.URL, Host: backend.ProxiedHost, Port: backend.ProxiedPort, App: backendName,
		},
	}); err != nil {
		return err
	}

	if err := newBackup(ctx, cfg, scope, database, secrets, onCluster); err != nil {
		return err
	}
	if err := newMonitoring(ctx, cfg, scope, tls, []pulumi.Resource{redis.Pods, backend.Pods, frontend.Pods}, onCluster); err != nil {
		return err
	}

	ctx.Export("frontendUrl", frontend.URL)
	ctx.Export("backendUrl", backend.URL)
	tls.export(ctx)
	ctx.Export("redisHost", redis.Endpoint.Host)
	ctx.Export("links", links(cfg, frontend.URL, backend.URL))
	running := pulumi.StringMap{redisName: redis.Image, backendName: backend.Image, frontendName: frontend.Image}
	ctx.Export("images", running)
	ctx.Export(release.OutputName, releases(pushed.releases, running, backend))
	return nil
}
