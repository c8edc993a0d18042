package e2e

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// checkImagesStay collects the registry's garbage: what runs, and what ran before, keeps its immutable tag.
func checkImagesStay(t *testing.T, l lab, s stack, output io.Writer) {
	before := s.images(t)
	s.change(t, "that another image has the tag latest")
	s.upChanges(t, output, newAPI...)
	after := s.images(t)
	if after["backend"] == before["backend"] {
		t.Fatal("the changed API is the same image")
	}
	collect := l.command(upLimit, "docker-registry", "garbage-collect", "--delete-untagged", "lab/conf/registry.yml")
	collect.Env = append(os.Environ(), "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY="+filepath.Join(l.folder, "registry/store"))
	if out, err := collect.CombinedOutput(); err != nil {
		t.Fatalf("garbage-collect: %v\n%s", err, out)
	}
	for _, ref := range append(slices.Collect(maps.Values(after)), before["backend"]) {
		if code := l.manifest(t, s, ref); code != http.StatusOK {
			t.Errorf("%s is answered with %d after the registry's garbage collection", ref, code)
		}
	}
}

// checkShellChangesNoImage previews and deploys with another environment, umask and registry user.
func checkShellChangesNoImage(t *testing.T, l lab, s stack, output io.Writer) {
	unchanged := func(what string) {
		t.Helper()
		if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
			t.Errorf("%s: %v", what, got)
		}
	}
	for _, shell := range []map[string]string{
		{"DOCKER_HOST": "unix:///nowhere/docker.sock"},
		{"DOCKER_CONTEXT": "nowhere", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/nowhere"},
		{}, // as before
	} {
		for name, value := range shell {
			s.Workspace().SetEnvVar(name, value)
		}
		unchanged(fmt.Sprint(shell))
		for name := range shell {
			s.Workspace().UnsetEnvVar(name)
		}
	}
	for _, umask := range []fs.FileMode{0o077, 0o002} {
		err := filepath.WalkDir(filepath.Join(s.folder, "images"), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			mode := fs.FileMode(0o666)
			if info, err := entry.Info(); err != nil || info.Mode()&0o100 != 0 {
				mode = 0o777
			}
			return os.Chmod(path, mode&^umask)
		})
		if err != nil {
			t.Fatal(err)
		}
		unchanged(fmt.Sprintf("umask %#o", umask))
	}

	password := s.secrets["hankki:registryPassword"]
	htpasswd := filepath.Join(l.folder, "registry/htpasswd")
	hankki, err := os.ReadFile(htpasswd)
	if err != nil {
		t.Fatal(err)
	}
	hash := l.command(upLimit, "htpasswd", "-iBn", "chef")
	hash.Stdin = strings.NewReader(password)
	chef, err := hash.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(htpasswd, append(slices.Clone(hankki), chef...), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{"chef", "hankki"} {
		s.set(t, "registry.username", user)
		s.upChanges(t, output, "kubernetes:core/v1:Secret hankki-registry") // what nodes pull with
	}
	if err := os.WriteFile(htpasswd, hankki, 0o600); err != nil {
		t.Fatal(err)
	}
}

// checkLostImageComesBack wipes an image from the registry, as a new registry would have none: the next up builds it again from
// the cache, and its pods stay.
func checkLostImageComesBack(t *testing.T, l lab, s stack, output io.Writer) {
	before := s.images(t)
	if err := os.RemoveAll(filepath.Join(l.folder, "registry/store/docker/registry/v2/repositories/hankki/redis")); err != nil {
		t.Fatal(err)
	}
	if code := l.manifest(t, s, before["redis"]); code != http.StatusNotFound {
		t.Fatalf("the registry answers with %d for an image that was removed", code)
	}
	s.upChanges(t, output, "docker-build:index:Image redis")
	if after := s.images(t); !maps.Equal(after, before) {
		t.Errorf("the images are %v, and were %v", after, before)
	}
	if code := l.manifest(t, s, before["redis"]); code != http.StatusOK {
		t.Errorf("the image is not in the registry: %d", code)
	}
	if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
		t.Errorf("the next up builds again: %v", got)
	}
}

// checkChangedImageIsAnnounced changes a source: a preview tells that the digest is not known yet, and an up that leaves the
// image out says so.
func checkChangedImageIsAnnounced(t *testing.T, s stack, output io.Writer) {
	s.change(t, "that a preview shows it")
	var said strings.Builder
	if _, err := s.Preview(t.Context(), optpreview.Diff(), optpreview.ProgressStreams(&said), optpreview.ErrorProgressStreams(&said)); err != nil {
		t.Fatal(err)
	}
	expectOutput(t, said.String(), `image "backend" will be built; its digest is known after the build`)
	if strings.Contains(said.String(), "/backend@\"") {
		t.Errorf("the preview shows an image without a digest:\n%s", said.String())
	}
	before := s.images(t)
	said.Reset()
	target := "urn:pulumi:onprem::hankki::hankki:components:Backend$kubernetes:apps/v1:Deployment::backend"
	ctx, cancel := context.WithTimeout(t.Context(), upLimit)
	defer cancel()
	if _, err := s.Up(ctx, optup.Target([]string{target}), optup.ProgressStreams(&said)); err != nil {
		t.Fatal(err)
	}
	expectOutput(t, said.String(), `image "backend" is not built, though its source has changed`, "--target 'urn:pulumi:onprem::hankki::hankki:components:Backend$hankki:components:Image$docker-build:index:Image::backend'")
	if after := s.images(t); !maps.Equal(after, before) {
		t.Errorf("the images are %v, and were %v", after, before)
	}
	s.upChanges(t, output, newAPI...)
}

// images are the references that pods run, by tier.
func (s stack) images(t *testing.T) map[string]string {
	t.Helper()
	outputs, err := s.Outputs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	images := map[string]string{}
	values, _ := outputs["images"].Value.(map[string]any)
	for name, value := range values {
		images[name], _ = value.(string) // anything else is left empty, and differs from every image
	}
	if len(images) != 3 {
		t.Fatalf("the stack's output images is %v", outputs["images"].Value)
	}
	return images
}

// manifest is the status code with which the registry answers for server/repository@digest.
func (l lab) manifest(t *testing.T, s stack, ref string) int {
	t.Helper()
	name, digest, _ := strings.Cut(ref, "@")
	server, repository, _ := strings.Cut(name, "/")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodHead, "http://"+server+"/v2/"+repository+"/manifests/"+digest, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json")
	request.SetBasicAuth("hankki", s.secrets["hankki:registryPassword"])
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}
