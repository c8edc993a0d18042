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
	"hankki/internal/state"
)

// pushedImages are the stack's images in the registry. The zero value is good for a run that builds nothing.
type pushedImages struct {
	registry components.ImageRegistry
	former   map[string]components.FormerImage // by name; what the last up built
}

// registryLimit bounds the questions about all images together. They are asked side by side.
const registryLimit = 10 * time.Second

// newPushedImages looks for the images of the last up in the registry, and in an up gives them their immutable tags before
// a build takes the tag latest away from them.
func newPushedImages(ctx *pulumi.Context, cfg *config.Config, has state.State) (pushedImages, error) {
	if cfg.Render.Directory != "" {
		return pushedImages{}, nil
	}
	client, err := registry.New(cfg.Registry, cfg.Secrets.RegistryPassword)
	if err != nil {
		return pushedImages{}, err
	}
	p := pushedImages{registry: client, former: map[string]components.FormerImage{}}
	look := client.Keep
	if ctx.DryRun() {
		look = client.Has
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
			found, err := look(deadline, cfg.Repository(key.Name), digest)
			report(ctx, key.Name, r, cfg.Repository(key.Name)+"@"+digest, found, err)
			mu.Lock()
			defer mu.Unlock()
			former.Gone = err == nil && !found
			p.former[key.Name] = former
		})
	}
	wg.Wait()
	return p, nil
}

// builtImage is the digest of an image that a builder has pushed to the repository, and what the builder keeps of it in the
// state; both are empty for every other resource.
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

// report tells of an image that the registry has lost, or refuses to tag. Neither stops the up here: it builds the image
// again, or finds out that it was not built.
func report(ctx *pulumi.Context, name string, r state.Resource, ref string, found bool, err error) {
	var line string
	switch {
	case err != nil:
		line = fmt.Sprintf("image %q: the registry does not tell whether it has %s, or refuses an immutable tag for it: %v", name, ref, err)
	case found:
		return
	case r.Type == components.DockerImageType: // the plugin docker builds again only what has changed
		line = fmt.Sprintf("image %q: the registry does not have %s any more; build it again with `pulumi up --replace '%s'`", name, ref, r.URN)
	default:
		line = fmt.Sprintf("image %q: the registry does not have %s any more; it is built again", name, ref)
	}
	_ = ctx.Log.Warn(line, nil) // an engine that can't take it has ended
}
