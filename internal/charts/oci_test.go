package charts_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"hankki/internal/config"
	"hankki/internal/stacktest"
)

const helmLayer = types.MediaType("application/vnd.cncf.helm.chart.content.v1.tar+gzip")

// newOCIRegistry serves a chart under a tag.
func newOCIRegistry(t *testing.T, content string, kind types.MediaType, tag string) *httptest.Server {
	t.Helper()
	t.Setenv("HANKKI_CACHE", t.TempDir())
	server := httptest.NewServer(stacktest.Registry(""))
	t.Cleanup(server.Close)
	image, err := mutate.AppendLayers(empty.Image, static.NewLayer([]byte(content), kind))
	if err != nil {
		t.Fatal(err)
	}
	reference, err := name.ParseReference(server.Listener.Addr().String() + "/charts/metallb:" + tag)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(reference, image); err != nil {
		t.Fatal(err)
	}
	return server
}

func ociStack(server *httptest.Server, version string) *config.Config {
	return &config.Config{MetalLB: config.MetalLB{Manage: config.ManageInstall, Chart: config.Chart{
		Repository: "oci://" + server.Listener.Addr().String() + "/charts", Version: version,
	}}}
}

func TestOCIChartIsDownloadedOnce(t *testing.T) {
	for version, tag := range map[string]string{"0.15.2": "0.15.2", "0.15.2+build.1": "0.15.2_build.1"} {
		t.Run(version, func(t *testing.T) {
			server := newOCIRegistry(t, archive("good"), helmLayer, tag)
			first := fetched(t, ociStack(server, version), archive("good"))
			server.Close()
			if second := fetched(t, ociStack(server, version), archive("good")); second != first {
				t.Errorf("the path changes from %s to %s", first, second)
			}
		})
	}
}

func TestOCIRegistryErrors(t *testing.T) {
	server := newOCIRegistry(t, archive("good"), helmLayer, "0.15.1")
	rejected(t, t.Context(), ociStack(server, "0.15.2"), "no such version", "0.15.1", server.Listener.Addr().String())

	image := newOCIRegistry(t, archive("good"), types.DockerLayer, "0.15.2")
	rejected(t, t.Context(), ociStack(image, "0.15.2"), "not a Helm chart")

	image.Close()
	rejected(t, t.Context(), ociStack(image, "0.15.2"), "refused")
}

// An index may refer to an OCI registry, as Bitnami's does.
func TestIndexRefersToAnOCIRegistry(t *testing.T) {
	server := newOCIRegistry(t, archive("good"), helmLayer, "0.15.2")
	r := newRepository(t)
	r.offer(archive("good"), "oci://"+strings.TrimPrefix(server.URL, "http://")+"/charts/metallb:0.15.2")
	fetched(t, r.stack(), archive("good"))
}
