package site

import (
	"encoding/json"
	"errors"
	"fmt"
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

// load reads the configuration of the stack and what stands beside it: the configuration of the docker plugin, the
// environment of the commands, and the charts, which are fetched once.
func load(ctx *pulumi.Context) (*config.Config, error) {
	cfg, err := config.Load(ctx.Stack(), stackConfig{ctx})
	cfg.Engine = config.LoadEngine(stackConfig{ctx})
	command := cfg.LoadCommand(ctx.DryRun())
	files := cfg.LoadFiles(time.Now())
	return cfg, errors.Join(err, command, files, charts.Fetch(ctx.Context(), cfg), warn(ctx, cfg.Warnings))
}

// stackConfig is what the engine hands over of the stack's configuration.
type stackConfig struct{ *pulumi.Context }

// Keys reads what the SDK reads, for it lists none; without an engine, as in unit tests, there are none.
func (stackConfig) Keys() []string {
	var values map[string]json.RawMessage
	if err := json.Unmarshal([]byte(os.Getenv(pulumi.EnvConfig)), &values); err != nil {
		return nil
	}
	return slices.Collect(maps.Keys(values))
}

// newCluster makes the provider that all Kubernetes objects use.
func newCluster(ctx *pulumi.Context, cfg *config.Config) (pulumi.ProviderResource, error) {
	return components.NewCluster(ctx, "cluster", components.ClusterArgs{Context: cfg.KubeContext, RenderTo: cfg.Render.Directory})
}

// installedMetalLB is the namespace of the MetalLB that the stack installs, or empty.
func installedMetalLB(m config.MetalLB) string {
	if m.Manage != config.ManageInstall {
		return ""
	}
	return m.Namespace
}

// images are the three images, each in its folder below images/, with the base images that its Dockerfile asks for.
type images struct {
	cfg     *config.Config
	builder components.Builder
	pushed  pushedImages
}

func newImages(ctx *pulumi.Context, cfg *config.Config, login components.RegistryLogin, pushed pushedImages) (images, error) {
	i := images{cfg: cfg, pushed: pushed}
	switch {
	case cfg.Render.Directory != "":
		i.builder = components.ContextDigester{}
	case cfg.Images.Builder == config.BuilderDocker:
		i.builder = components.DockerBuilder{Platform: cfg.Images.Platform, Registry: login}
	default:
		ca, err := readOptional(cfg.Images.CAFile)
		if err != nil {
			return images{}, fmt.Errorf("images.caFile: %w", err)
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
	return components.ImageArgs{
		// Relative to the project's folder, for the state must not depend on where the checkout lies.
		Context:    filepath.Join("images", name),
		Repository: i.cfg.Repository(name),
		BuildArgs:  bases,
		Builder:    i.builder,
		Registry:   i.pushed.registry,
		Former:     i.pushed.former[name],
	}
}

func readOptional(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	content, err := os.ReadFile(file)
	return string(content), err
}

// proxyOf names who stands between browsers and the API, if anybody does.
func proxyOf(cfg *config.Config) string {
	if cfg.Frontend.APIMode == config.APIModeProxy {
		return frontendName
	}
	return ""
}

// volume is that of Redis; nil: there is none.
func volume(p config.Persistence) *components.Volume {
	if !p.Enabled {
		return nil
	}
	v := components.Volume(p.Volume)
	return &v
}

// metrics has Prometheus read a tier's metrics, through the exporter if it is not empty; nil without monitoring.
func metrics(cfg *config.Config, exporter string) *components.Metrics {
	if !cfg.Monitoring.Enabled {
		return nil
	}
	return &components.Metrics{Scraper: cfg.Monitoring.Namespace, Exporter: exporter}
}

// autoscaling is that of the API; nil: there is none.
func autoscaling(a config.Autoscaling) *components.Autoscaling {
	if !a.Enabled {
		return nil
	}
	return &components.Autoscaling{MinReplicas: a.MinReplicas, MaxReplicas: a.MaxReplicas, TargetCPU: a.TargetCPU}
}
