package site

import (
	"fmt"
	"sync"
	"testing"
	"time"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/client-go/rest"

	"hankki/components"
	"hankki/internal/config"
	"hankki/internal/stacktest"
)

// settings is a stack's configuration; keys have no namespace.
type settings struct {
	stack    string
	values   stacktest.Values
	secrets  []string                 // encrypted keys
	external map[string]config.Secret // values of externally managed Secrets, as read by preflight
	// confirm returns whether a rollout is complete; nil: always complete.
	confirm func(*appsv1.Deployment) pulumi.BoolOutput
	// reach returns whether the LAN reaches a Service; nil: always reachable.
	reach func(*corev1.Service, string, pulumi.BoolOutput) pulumi.BoolOutput
	// registry is the registry of the images; nil: no check.
	registry components.ImageRegistry
	former   map[string]components.FormerImage
}

// The secrets of the stack onprem. Each value is unique, so a search for it finds only that secret.
var secretValues = map[string]string{
	"registryPassword": "tHe-registry-pass",
	"databasePassword": "tHe-database-pass",
	"redisPassword":    "tHe-redis-pass",
	"signingKey":       "tHe-signing-key-of-32-bytes-at-least",
}

// bucketSecret is the secret access key of inS3.
const bucketSecret = "tHe-secret-access-key"

// fallbackValues are set only during a rotation.
var fallbackValues = map[string]string{
	"databasePasswordFallback": "tHe-former-database-pass",
	"redisPasswordFallback":    "tHe-former-redis-pass",
	"signingKeyFallbacks":      "tHe-former-key-of-32-bytes-at-least tHe-coming-key-of-32-bytes-at-least",
}

// rotating is the stack during a rotation of all secrets.
func (s settings) rotating() settings {
	for name, value := range fallbackValues {
		s = s.set(name, value)
		s.secrets = append(s.secrets, "hankki:"+name)
	}
	return s
}

// allOn is the stack with all optional features enabled.
func (s settings) allOn() settings {
	return s.set("backend.autoscaling", map[string]any{"enabled": true, "minReplicas": 3, "maxReplicas": 8, "targetCPU": 70}).
		set("redis.persistence", map[string]any{"enabled": true, "size": "2Gi", "storageClass": "fast"}).
		set("monitoring", map[string]any{"enabled": true, "namespace": "observability", "release": "kube-prometheus-stack"}).
		set("backup", map[string]any{"enabled": true, "volume": map[string]any{"size": "10Gi", "storageClass": "nfs"}}).
		set("metricsServer", map[string]any{"install": true, "kubeletInsecureTLS": true})
}

// inS3 is the stack with backups in a bucket at that endpoint.
func (s settings) inS3(endpoint string) settings {
	s = s.set("backup", map[string]any{"enabled": true, "s3": map[string]any{
		"endpoint": endpoint, "bucket": "backups", "prefix": "sites/hankki", "region": "eu-central-1", "accessKeyId": "AKIDEXAMPLE",
	}}).set("backupSecretAccessKey", bucketSecret)
	s.secrets = append(s.secrets, "hankki:backupSecretAccessKey")
	return s
}

// https is the stack with a certificate of that source. The origin of the page is derived.
func (s settings) https(source string, value any) settings {
	return s.set(source, value).set("backend.allowedOrigin", "")
}

// shipped is a stack from the repository with the secrets that its operator would set.
func shipped(t *testing.T, stack string) settings {
	t.Helper()
	s := settings{stack: stack, values: stacktest.Shipped(t, ".", stack)}
	if stack == "onprem" {
		for name, value := range secretValues {
			s.values[name] = value
			s.secrets = append(s.secrets, "hankki:"+name)
		}
	}
	return s
}

// set sets the value at a path like backend.replicas and returns the settings, so that calls chain.
func (s settings) set(path string, value any) settings {
	s.values.Set(path, value)
	return s
}

// asPulumiDoes passes the configuration as the engine would.
func (s settings) asPulumiDoes(info *pulumi.RunInfo) {
	info.Config, info.ConfigSecretKeys = map[string]string{}, s.secrets
	for key := range s.values {
		info.Config["hankki:"+key], _ = s.values.Text(key) // the range has found it
	}
}

// run deploys the stack without preflight, on an engine that records every resource. The first error is the run's, the
// second deploy's.
func (s settings) run(e *engine) (err, own error) {
	e.stack = s.stack
	err = pulumi.RunErr(func(ctx *pulumi.Context) error {
		cfg, err := config.Load(ctx.Stack(), stackConfig{ctx})
		if err != nil {
			own = err
			return err
		}
		if err := cfg.LoadFiles(time.Now()); err != nil {
			own = err
			return err
		}
		cfg.External = s.external
		client := &rest.Config{Host: "https://10.0.0.1:6443"}
		if cfg.Render.Directory != "" {
			client = nil
		}
		wait, err := newWait(ctx, cfg, client, false)
		if err != nil {
			return err
		}
		if wait.Awaiter != nil {
			wait.Awaiter = answers{Awaiter: wait.Awaiter, rolledOut: s.confirm, reachable: s.reach}
		}
		cluster, err := newCluster(ctx, cfg)
		if err != nil {
			return err
		}
		own = deploy(ctx, cfg, deployerKubeconfig(client), cluster, wait, pushedImages{registry: s.registry, former: s.former})
		return own
	}, pulumi.WithMocks("hankki", s.stack, e), s.asPulumiDoes)
	return err, own
}

// deployed is the stack after a run without an error.
func (s settings) deployed(t *testing.T) *engine {
	t.Helper()
	return s.deployedAfter(t, nil)
}

// deployedAfter is the stack after a run in which the Stashes have the values of previous runs.
func (s settings) deployedAfter(t *testing.T, stashes *sync.Map) *engine {
	t.Helper()
	render, _ := s.values["render"].(map[string]any)
	e := &engine{bare: render != nil, stashes: stashes}
	if err, _ := s.run(e); err != nil {
		t.Fatalf("the stack %s can't be deployed: %v", s.stack, err)
	}
	return e
}

// variants are the shipped stacks and their other build modes.
func variants(t *testing.T) map[string]settings {
	return map[string]settings{
		"dev": shipped(t, "dev"), "onprem": shipped(t, "onprem"),
		"dev, buildkit":    shipped(t, "dev").set("images.builder", "buildkit"),
		"onprem, buildkit": shipped(t, "onprem").set("images.builder", "buildkit"),
		"onprem, rendered": shipped(t, "onprem").set("render.directory", "manifests"),
		"onprem, default":  shipped(t, "onprem").set("namespace", "default"),
		"onprem, rotating": shipped(t, "onprem").rotating(),
		"onprem, all on":   shipped(t, "onprem").allOn(),
		"onprem, S3":       shipped(t, "onprem").inS3("https://s3.example.com"),
		"onprem, https":    shipped(t, "onprem").allOn().https("tls.generate", true),
		"onprem, kept":     shipped(t, "onprem").allExternal(),
		"dev, kept":        shipped(t, "dev").allExternal(),
		"onprem, in use":   shipped(t, "onprem").set("images.use", imagesInUse()),
		"dev, https":       shipped(t, "dev").https("tls.issuer", map[string]any{"kind": "ClusterIssuer", "name": "corp"}),
	}
}

// environment returns the variables of the pod's first container; for a variable from a Secret, its key.
func environment(t *testing.T, r registration) map[string]string {
	t.Helper()
	return containerEnvironment(t, r, 0)
}

func containerEnvironment(t *testing.T, r registration, container int) map[string]string {
	t.Helper()
	vars := map[string]string{}
	list, _ := at(r.inputs, fmt.Sprintf("spec.template.spec.containers.%d.env", container)).([]any)
	for _, v := range list {
		name := at(v, "name").(string)
		if key := at(v, "valueFrom.secretKeyRef.key"); key != nil {
			vars[name] = fmt.Sprintf("secret %s/%s", at(v, "valueFrom.secretKeyRef.name"), key)
		} else {
			vars[name] = fmt.Sprint(at(v, "value"))
		}
	}
	return vars
}
