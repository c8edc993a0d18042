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

// checkImagesStay runs the registry's garbage collection. The current and the previous image keep their immutable tags.
func checkImagesStay(t *testing.T, l lab, s stack, output io.Writer) {
	before := s.images(t)
	s.change(t, "to move the tag latest")
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
			t.Errorf("the registry returns %d for %s after its garbage collection", code, ref)
		}
	}
}

// checkEnvironmentChangesNoImage deploys with other environment variables, another umask and another registry user.
func checkEnvironmentChangesNoImage(t *testing.T, l lab, s stack, output io.Writer) {
	unchanged := func(what string) {
		t.Helper()
		if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
			t.Errorf("%s: %v", what, got)
		}
	}
	for _, shell := range []map[string]string{
		{"DOCKER_HOST": "unix:///nowhere/docker.sock"},
		{"DOCKER_CONTEXT": "nowhere", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/nowhere"},
		{}, // the original environment
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
		s.upChanges(t, output, "kubernetes:core/v1:Secret hankki-registry") // the nodes' pull secret
	}
	if err := os.WriteFile(htpasswd, hankki, 0o600); err != nil {
		t.Fatal(err)
	}
}

// checkLostImageComesBack deletes an image from the registry. The next up builds it again from the cache and replaces no pod.
func checkLostImageComesBack(t *testing.T, l lab, s stack, output io.Writer) {
	before := s.images(t)
	if err := os.RemoveAll(filepath.Join(l.folder, "registry/store/docker/registry/v2/repositories/hankki/redis")); err != nil {
		t.Fatal(err)
	}
	if code := l.manifest(t, s, before["redis"]); code != http.StatusNotFound {
		t.Fatalf("the registry returns %d for a deleted image", code)
	}
	s.upChanges(t, output, "docker-build:index:Image redis")
	if after := s.images(t); !maps.Equal(after, before) {
		t.Errorf("the images are %v, and were %v", after, before)
	}
	if code := l.manifest(t, s, before["redis"]); code != http.StatusOK {
		t.Errorf("the registry returns %d for the rebuilt image", code)
	}
	if got := s.up(t, output, optup.ExpectNoChanges()); len(got) != 0 {
		t.Errorf("the next up changes %v", got)
	}
}

// checkChangedImageIsReported changes a source file. A preview prints that the digest is known only after the build; an up whose
// --target excludes the image prints that the image is not built.
func checkChangedImageIsReported(t *testing.T, s stack, output io.Writer) {
	s.change(t, "for a preview")
	var printed strings.Builder
	if _, err := s.Preview(t.Context(), optpreview.Diff(), optpreview.ProgressStreams(&printed), optpreview.ErrorProgressStreams(&printed)); err != nil {
		t.Fatal(err)
	}
	expectOutput(t, printed.String(), `image "backend" will be built; its digest is known after the build`)
	if strings.Contains(printed.String(), "/backend@\"") {
		t.Errorf("the preview shows an image without a digest:\n%s", printed.String())
	}
	before := s.images(t)
	printed.Reset()
	target := "urn:pulumi:onprem::hankki::hankki:components:Backend$kubernetes:apps/v1:Deployment::backend"
	ctx, cancel := context.WithTimeout(t.Context(), upLimit)
	defer cancel()
	if _, err := s.Up(ctx, optup.Target([]string{target}), optup.ProgressStreams(&printed)); err != nil {
		t.Fatal(err)
	}
	expectOutput(t, printed.String(), `image "backend" is not built, though its source has changed`, "--target 'urn:pulumi:onprem::hankki::hankki:components:Backend$hankki:components:Image$docker-build:index:Image::backend'")
	if after := s.images(t); !maps.Equal(after, before) {
		t.Errorf("the images are %v, and were %v", after, before)
	}
	s.upChanges(t, output, newAPI...)
}

// images returns the image references of the pods, by tier.
func (s stack) images(t *testing.T) map[string]string {
	t.Helper()
	outputs, err := s.Outputs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	images := map[string]string{}
	values, _ := outputs["images"].Value.(map[string]any)
	for name, value := range values {
		images[name], _ = value.(string) // another type gives an empty text, which equals no image
	}
	if len(images) != 3 {
		t.Fatalf("the stack's output images is %v", outputs["images"].Value)
	}
	return images
}

// manifest returns the registry's status code for the manifest of server/repository@digest.
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
