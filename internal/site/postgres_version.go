package site

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/go-viper/mapstructure/v2"

	"hankki/components"
	"hankki/internal/config"
	"hankki/internal/ownership"
	"hankki/internal/state"
)

// majorVersion finds the major version in the tag of an image of PostgreSQL.
var majorVersion = regexp.MustCompile(`:([0-9]+)[^/]*$`)

// checkPostgresVersion refuses an image of another major version than the one that wrote the volume: its server does not read
// the data and ends, while the former one is gone already. Where the stack runs none now, the volume's claim tells, which outlives it.
// A tag without a version is not compared.
func checkPostgresVersion(cfg *config.Config, has state.State, found []ownership.Live) error {
	if !cfg.Database.Embedded {
		return nil
	}
	before := postgresImage(has)
	for _, live := range found {
		if before == "" && live.GroupKind.Kind == "PersistentVolumeClaim" && live.Name == "postgres" {
			before = live.Annotations[components.WrittenByAnnotation]
		}
	}
	was, will := majorOf(before), majorOf(cfg.BaseImages.Postgres)
	if was == "" || will == "" || was == will {
		return nil
	}
	return fmt.Errorf("baseImages.postgres %q does not read the data that PostgreSQL %s wrote (%s): set it back; or save the data with pg_dump, "+
		"`kubectl -n %[4]s scale deployment postgres --replicas=0`, `kubectl -n %[4]s delete pvc postgres`, `pulumi up --refresh`, and load the data again",
		cfg.BaseImages.Postgres, was, before, cfg.Namespace)
}

// majorOf is empty where the image has no such tag.
func majorOf(image string) string {
	reference, _, _ := strings.Cut(image, "@") // the digest
	if found := majorVersion.FindStringSubmatch(reference); found != nil {
		return found[1]
	}
	return ""
}

// postgresImage is the image that the embedded PostgreSQL runs by; empty if there is none.
func postgresImage(has state.State) string {
	var deployment struct {
		Spec struct {
			Template struct {
				Spec struct {
					Containers []struct{ Name, Image string }
				}
			}
		}
	}
	r := has.Resources[state.Key{Type: "hankki:components:Postgres$kubernetes:apps/v1:Deployment", Name: "postgres"}]
	if mapstructure.Decode(r.Outputs, &deployment) != nil {
		return "" // as the state has no such Deployment
	}
	for _, container := range deployment.Spec.Template.Spec.Containers {
		if container.Name == "postgres" {
			return container.Image
		}
	}
	return ""
}
