package site

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/config"
	"hankki/internal/registry"
	"hankki/internal/release"
	"hankki/internal/state"
)

// pushedImages are the stack's images in the registry. The zero value is for runs that build nothing.
type pushedImages struct {
	registry components.ImageRegistry
	former   map[string]components.FormerImage // images of the last up, by name
	releases []release.Record                  // before this run
}

// registryLimit bounds the requests for all images, which run in parallel.
const registryLimit = 10 * time.Second

// newPushedImages looks up the images of the last up in the registry. An up also gives them their immutable tags, before a
// build moves the tag latest.
func newPushedImages(ctx *pulumi.Context, cfg *config.Config, has state.State) (pushedImages, error) {
	if cfg.Render.Directory != "" || !cfg.HasSite() {
		return pushedImages{}, nil
	}
	client, err := registry.Of(cfg)
	if err != nil {
		return pushedImages{}, err
	}
	p := pushedImages{registry: client, former: map[string]components.FormerImage{}}
	if p.releases, err = release.ParseRecords(has.Outputs[release.OutputName]); err != nil {
		_ = ctx.Log.Warn(fmt.Sprintf("%v: a new list begins", err), nil) // if logging fails, the engine has exited
	}
	if cfg.Images.Use.Given() { // the up that built an image has tagged it
		return p, nil
	}
	readFacts := client.Keep
	if ctx.DryRun() {
		readFacts = client.Has
	}
	deadline, cancel := context.WithTimeout(ctx.Context(), registryLimit)
	defer cancel()
	var mu sync.Mutex
	var wg sync.WaitGroup
	for key, r := range has.Resources {
		digest, former := builtImage(r, cfg.Repository(key.Name))
		if digest == "" {
			continue
		}
		wg.Go(func() {
			found, err := readFacts(deadline, cfg.Repository(key.Name), digest)
			report(ctx, key.Name, r, cfg.Repository(key.Name)+"@"+digest, found, err)
			mu.Lock()
			defer mu.Unlock()
			former.Missing = err == nil && !found
			p.former[key.Name] = former
		})
	}
	wg.Wait()
	return p, nil
}

// builtImage returns the digest of an image that was pushed to the repository, and the builder's data in the state. Both
// are empty for other resources.
func builtImage(r state.Resource, repository string) (digest string, former components.FormerImage) {
	switch r.Type {
	case components.BuildKitImageType:
		tags, _ := r.Outputs["tags"].([]any)
		digest, _ = r.Outputs["digest"].(string)
		if digest == "" || len(tags) == 0 || !isTagOf(repository, tags[0]) {
			return "", former
		}
		buildArgs, _ := r.Outputs["buildArgs"].(map[string]any)
		former.Source, _ = buildArgs[components.SourceArg].(string)
		former.ContextHash, _ = r.Outputs["contextHash"].(string)
		if logins, _ := r.Outputs["registries"].([]any); len(logins) == 1 {
			login, _ := logins[0].(map[string]any)
			former.Username, _ = login["username"].(string)
		}
	case components.DockerImageType:
		if !isTagOf(repository, r.Outputs["imageName"]) {
			return "", former
		}
		ref, _ := r.Outputs["repoDigest"].(string)
		_, digest, _ = strings.Cut(ref, "@")
	}
	return digest, former
}

func isTagOf(repository string, tag any) bool {
	return strings.HasPrefix(fmt.Sprint(tag), repository+":")
}

// report logs a warning for an image that the registry has lost or refuses to tag. The up continues: it rebuilds the image
// or detects that it was not built.
func report(ctx *pulumi.Context, name string, r state.Resource, ref string, found bool, err error) {
	var line string
	switch {
	case err != nil:
		line = fmt.Sprintf("image %q: the registry does not report whether it has %s, or refuses an immutable tag for it: %v", name, ref, err)
	case found:
		return
	case r.Type == components.DockerImageType: // the plugin docker rebuilds only changed images
		line = fmt.Sprintf("image %q: the registry does not have %s any more; build it again with `pulumi up --replace '%s'`", name, ref, r.URN)
	default:
		line = fmt.Sprintf("image %q: the registry does not have %s any more; it is built again", name, ref)
	}
	_ = ctx.Log.Warn(line, nil) // if logging fails, the engine has exited
}
