package site

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/charts"
	"hankki/internal/config"
)

// load reads the configuration of the stack and further inputs: the configuration of the docker plugin, the environment of
// the commands, and the charts, which are downloaded once.
func load(ctx *pulumi.Context) (*config.Config, error) {
	cfg, err := config.Load(ctx.Stack(), stackConfig{ctx})
	cfg.Engine = config.LoadEngine(stackConfig{ctx})
	command := cfg.LoadCommand(ctx.DryRun())
	files := cfg.LoadFiles(time.Now())
	return cfg, errors.Join(err, command, files, charts.Fetch(ctx.Context(), cfg), warn(ctx, cfg.Warnings))
}

// stackConfig is the stack's configuration as the engine passes it.
type stackConfig struct{ *pulumi.Context }

// Keys reads the variable PULUMI_CONFIG, from which the SDK reads the configuration too (getEnvInfo in go/pulumi/run.go of SDK
// 3.259): *pulumi.Context has GetConfig and IsConfigSecret, but no list of the keys. Replace it once the SDK has such a list.
// Without an engine, as in unit tests, Keys is empty.
func (stackConfig) Keys() []string {
	var values map[string]json.RawMessage
	if err := json.Unmarshal([]byte(os.Getenv(pulumi.EnvConfig)), &values); err != nil {
		return nil
	}
	return slices.Collect(maps.Keys(values))
}

// newCluster creates the provider of all Kubernetes objects.
func newCluster(ctx *pulumi.Context, cfg *config.Config) (pulumi.ProviderResource, error) {
	return components.NewCluster(ctx, "cluster", components.ClusterArgs{Context: cfg.KubeContext, RenderTo: cfg.Render.Directory})
}

// installedMetalLB returns the namespace of the MetalLB that the stack installs; otherwise it is empty.
func installedMetalLB(m config.MetalLB) string {
	if m.Manage != config.ManageInstall {
		return ""
	}
	return m.Namespace
}

// images builds the three images, each from its folder in images/, with the base images of its Dockerfile. With
// images.use it builds nothing.
type images struct {
	cfg     *config.Config
	builder components.Builder
	pushed  pushedImages
}

func newImages(ctx *pulumi.Context, cfg *config.Config, login components.RegistryLogin, pushed pushedImages) (images, error) {
	i := images{cfg: cfg, pushed: pushed}
	switch {
	case cfg.Images.Use.Given():
		// No builder: each image is an ExistingImage.
	case cfg.Render.Directory != "":
		i.builder = components.ContextDigester{}
	case cfg.Images.Builder == config.BuilderDocker:
		i.builder = components.DockerBuilder{Platform: cfg.Images.Platform, Registry: login}
	default:
		ca, err := readOptional("images.caFile", cfg.Images.CAFile)
		if err != nil {
			return images{}, err
		}
		if i.builder, err = components.NewBuildKitBuilder(ctx, "builder", components.BuildKitBuilderArgs{
			Instance: cfg.Images.Instance, Platform: cfg.Images.Platform, Registry: login, CA: ca,
		}); err != nil {
			return images{}, err
		}
	}
	return i, nil
}

func (i images) redis() components.ImageArgs {
	return i.image(redisName, map[string]string{"REDIS_IMAGE": i.cfg.BaseImages.Redis})
}

func (i images) backend() components.ImageArgs {
	return i.image(backendName, map[string]string{"PYTHON_IMAGE": i.cfg.BaseImages.Python})
}

func (i images) frontend() components.ImageArgs {
	return i.image(frontendName, map[string]string{"NODE_IMAGE": i.cfg.BaseImages.Node, "NGINX_IMAGE": i.cfg.BaseImages.Nginx})
}

func (i images) image(name string, bases map[string]string) components.ImageArgs {
	if ref := i.cfg.Images.Use.Of(name); ref != "" {
		return components.ImageArgs{Builder: components.ExistingImage{Ref: ref}, Registry: i.pushed.registry}
	}
	return components.ImageArgs{
		// Relative to the project folder, because the state must not depend on the path of the checkout.
		Context:    filepath.Join("images", name),
		Repository: i.cfg.Repository(name),
		BuildArgs:  bases,
		Builder:    i.builder,
		Registry:   i.pushed.registry,
		Former:     i.pushed.former[name],
	}
}

func readOptional(key, file string) (string, error) {
	if file == "" {
		return "", nil
	}
	return config.ReadFile(key, file)
}

// proxyOf returns the name label of the reverse proxy in front of the API; empty: none.
func proxyOf(cfg *config.Config) string {
	if cfg.Frontend.APIMode == config.APIModeProxy {
		return frontendName
	}
	return ""
}

// volume returns the volume of Redis; nil: none.
func volume(p config.Persistence) *components.Volume {
	if !p.Enabled {
		return nil
	}
	v := components.Volume(p.Volume)
	return &v
}

// metrics configures metrics of a tier, served by the exporter if it is not empty; nil without monitoring.
func metrics(cfg *config.Config, exporter string) *components.Metrics {
	if !cfg.Monitoring.Enabled {
		return nil
	}
	return &components.Metrics{Scraper: cfg.Monitoring.Namespace, Exporter: exporter}
}

// autoscaling returns the API's autoscaling; nil: disabled.
func autoscaling(a config.Autoscaling) *components.Autoscaling {
	if !a.Enabled {
		return nil
	}
	return &components.Autoscaling{MinReplicas: a.MinReplicas, MaxReplicas: a.MaxReplicas, TargetCPU: a.TargetCPU}
}
