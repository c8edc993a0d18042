package components

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/stacktest"
)

const (
	repository = "example.com/hankki/backend"
	builtOnce  = "sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
)

// builderPlugin replaces the plugins of both builders.
type builderPlugin struct {
	stacktest.Engine

	digest   string // returned by the plugin; empty: as in a preview
	ref      string // RepoDigest of the plugin docker
	mu       sync.Mutex
	retained []bool
}

func (p *builderPlugin) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	out := args.Inputs.Copy()
	if args.TypeToken == BuildKitImageType || args.TypeToken == DockerImageType {
		p.mu.Lock()
		p.retained = append(p.retained, args.RegisterRPC.GetRetainOnDelete())
		p.mu.Unlock()
		out["digest"], out["repoDigest"] = resource.NewProperty(p.digest), resource.NewProperty(p.ref)
	}
	return args.Name, out, nil
}

// shelf is a registry that contains some digests.
type shelf struct {
	has  string
	err  error
	mu   sync.Mutex
	kept []string
}

func (s *shelf) Keep(_ context.Context, repository, digest string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, repository+"@"+digest)
	return digest == s.has, s.err
}

// build creates the image and returns its reference; empty if unknown.
func build(t *testing.T, p *builderPlugin, registry *shelf, docker bool, options ...pulumi.RunOption) (ref string, err error) {
	t.Helper()
	dir := newContext(t)
	login := RegistryLogin{Server: "example.com", Username: "cook", Password: pulumi.String("pass").ToStringOutput()}
	err = pulumi.RunErr(func(ctx *pulumi.Context) error {
		var b Builder = DockerBuilder{Platform: "linux/amd64", Registry: login}
		if !docker {
			kit, err := NewBuildKitBuilder(ctx, "builder", BuildKitBuilderArgs{Instance: "hankki", Platform: "linux/amd64", Registry: login})
			if err != nil {
				return err
			}
			b = kit
		}
		image, err := NewImage(ctx, "backend", ImageArgs{Context: dir, Repository: repository, BuildArgs: bases, Builder: b, Registry: registry})
		if err != nil {
			return err
		}
		image.Ref.ApplyT(func(known string) string { ref = known; return known })
		return nil
	}, append(options, pulumi.WithMocks("hankki", "test", p))...)
	return ref, err
}

func TestPushedImageGetsImmutableTag(t *testing.T) {
	for name, docker := range map[string]bool{"docker": true, "buildkit": false} {
		t.Run(name, func(t *testing.T) {
			p, s := &builderPlugin{digest: builtOnce, ref: repository + "@" + builtOnce}, &shelf{has: builtOnce}
			ref, err := build(t, p, s, docker)
			if want := repository + "@" + builtOnce; err != nil || ref != want || len(s.kept) != 1 || s.kept[0] != want {
				t.Errorf("the image is %s, error %v, kept %v; want %s", ref, err, s.kept, want)
			}
			if len(p.retained) != 1 || !p.retained[0] {
				t.Error("the image is deleted with its resource")
			}
		})
	}
}

// The engine lists a digest for each registry that the image was pushed to.
func TestDockerDigestIsUsedInConfiguredRepository(t *testing.T) {
	ref, err := build(t, &builderPlugin{ref: "former.example.com/backend@" + builtOnce}, &shelf{has: builtOnce}, true)
	if err != nil || ref != repository+"@"+builtOnce {
		t.Errorf("the image is %s, error %v", ref, err)
	}
}

func TestImageMissingInRegistryIsAnError(t *testing.T) {
	for name, docker := range map[string]bool{"docker": true, "buildkit": false} {
		t.Run(name, func(t *testing.T) {
			p := &builderPlugin{digest: builtOnce, ref: repository + "@" + builtOnce}
			_, err := build(t, p, &shelf{}, docker)
			stacktest.CheckError(t, err, `image "backend"`, repository+"@"+builtOnce, "pulumi up --replace 'urn:pulumi:test::hankki::hankki:components:Image$docker", "::backend'", "Podman", "images.builder buildkit")
		})
	}
}

// A registry that denies tags, or is temporarily unreachable, does not stop an update.
func TestFailedTagIsNoError(t *testing.T) {
	ref, err := build(t, &builderPlugin{digest: builtOnce}, &shelf{err: errors.New("denied")}, false)
	if err != nil || ref != repository+"@"+builtOnce {
		t.Errorf("the image is %s, error %v", ref, err)
	}
}

func TestPreviewOfChangedImageHasNoDigest(t *testing.T) {
	s := &shelf{}
	ref, err := build(t, &builderPlugin{}, s, false, stacktest.Preview)
	if err != nil || ref != "" {
		t.Errorf("the image is %q, error %v; it is not known yet", ref, err)
	}
	if ref, err = build(t, &builderPlugin{digest: builtOnce}, s, false, stacktest.Preview); err != nil || ref != repository+"@"+builtOnce {
		t.Errorf("an unchanged image is %q, error %v", ref, err)
	}
	if len(s.kept) > 0 {
		t.Errorf("a preview has tagged %v", s.kept)
	}
}

func TestBuilderWithoutDigestIsAnError(t *testing.T) {
	_, err := build(t, &builderPlugin{}, &shelf{}, false)
	stacktest.CheckError(t, err, `image "backend"`)
}
