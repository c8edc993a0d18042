package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"golang.org/x/mod/sumdb/dirhash"
	"k8s.io/apimachinery/pkg/version"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"

	"hankki/components"
	"hankki/internal/ownership"
	"hankki/internal/state"
)

// renderedStash is the Pulumi name of the Stash with the list of the charts' objects. The Kubernetes plugin needs 0.4 s to
// render MetalLB's chart, and preflight needs only the object names.
const renderedStash = "rendered-charts"

// renderedCharts are rendered charts by their Pulumi names.
type renderedCharts map[string]renderedChart

// renderedChart is one chart and the identities of its objects.
type renderedChart struct {
	Digest  string           `json:"digest"`  // of all inputs of the rendering; empty if they cannot be read
	Objects []map[string]any `json:"objects"` // manifests with apiVersion, kind, name and namespace only
}

// renderCharts lists the objects of the charts among the registered resources. The Kubernetes plugin renders a chart again
// only if the chart or its Kubernetes version changed since the last `up`.
func renderCharts(deadline context.Context, ctx *pulumi.Context, client *rest.Config, wanted []ownership.Wanted, has state.State, onCluster pulumi.InvokeOption) (renderedCharts, error) {
	var known renderedCharts
	if kept, _ := has.Stashed(renderedStash); kept != "" {
		_ = json.Unmarshal([]byte(kept), &known) // unreadable content is rendered again
	}
	rendered := renderedCharts{}
	for _, chart := range wanted {
		if !strings.HasSuffix(chart.Type, components.ChartType) {
			continue
		}
		options, err := json.Marshal(map[string]any{
			"path": chart.Inputs["chart"], "release_name": chart.Inputs["name"],
			"namespace": chart.Inputs["namespace"], "values": chart.Inputs["values"],
		})
		if err != nil {
			return nil, fmt.Errorf("chart %s: %w", chart.Name, err)
		}
		path, _ := chart.Inputs["chart"].(string)
		digest, err := renderingDigest(deadline, client, path, options)
		if was := known[chart.Name]; err == nil && was.Digest == digest {
			rendered[chart.Name] = was
			continue
		}
		objects, err := render(ctx, options, onCluster)
		if err != nil {
			return nil, fmt.Errorf("chart %s: %w", chart.Name, err)
		}
		rendered[chart.Name] = renderedChart{digest, objects}
	}
	return rendered, nil
}

// wanted returns the objects of all charts.
func (r renderedCharts) wanted() []ownership.Wanted {
	var wanted []ownership.Wanted
	for _, chart := range r {
		for _, object := range chart.Objects {
			wanted = append(wanted, ownership.Wanted{Inputs: object})
		}
	}
	return wanted
}

// keep stores the list in the state for the next preview or `up`.
func (r renderedCharts) keep(ctx *pulumi.Context) error {
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("objects of the charts: %w", err)
	}
	return components.Keep(ctx, renderedStash, string(text))
}

// render requests the manifests of a chart from the Kubernetes plugin.
func render(ctx *pulumi.Context, options []byte, onCluster pulumi.InvokeOption) ([]map[string]any, error) {
	args := &struct {
		JSONOpts string `pulumi:"jsonOpts"`
	}{string(options)}
	var answer struct {
		Result []map[string]any `pulumi:"result"`
	}
	if err := ctx.Invoke("kubernetes:helm:template", args, &answer, onCluster); err != nil {
		return nil, fmt.Errorf("rendering: %w", err)
	}
	objects := make([]map[string]any, len(answer.Result))
	for i, manifest := range answer.Result {
		objects[i] = ownership.Identity(manifest)
	}
	return objects, nil
}

// renderingDigest covers the chart at the path, its options, and the minor version of Kubernetes, which templates may
// read. It excludes the API groups of the cluster, because MetalLB adds its own in the first `up`. A custom chart may
// render more objects if an API group exists (.Capabilities.APIVersions). Those objects are not listed until the chart,
// its values or Kubernetes change. They are installed nevertheless, but preflight does not check the owner of one that
// already exists.
func renderingDigest(ctx context.Context, client *rest.Config, path string, options []byte) (string, error) {
	chart, err := contentHash(path)
	if err != nil {
		return "", fmt.Errorf("hash of %s: %w", path, err)
	}
	api, err := discovery.NewDiscoveryClientForConfig(client)
	if err != nil {
		return "", fmt.Errorf("client of the cluster: %w", err)
	}
	answer, err := api.RESTClient().Get().AbsPath("/version").Do(ctx).Raw()
	var kubernetes version.Info
	if err := errors.Join(err, json.Unmarshal(answer, &kubernetes)); err != nil {
		return "", fmt.Errorf("version of the cluster: %w", err)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s.%s", chart, options, kubernetes.Major, kubernetes.Minor))
	return hex.EncodeToString(sum[:]), nil
}

// contentHash returns the hash of a file, or of all files in a folder.
func contentHash(path string) (hash string, err error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", err
	case info.IsDir():
		return dirhash.HashDir(path, "", dirhash.Hash1) //nolint:wrapcheck // the error names the path
	default:
		return dirhash.Hash1([]string{""}, func(string) (io.ReadCloser, error) { return os.Open(path) }) //nolint:wrapcheck // the error names the path
	}
}
