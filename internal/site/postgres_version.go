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

// majorVersion matches the major version in the tag of a PostgreSQL image.
var majorVersion = regexp.MustCompile(`:([0-9]+)[^/]*$`)

// checkPostgresVersion rejects an image of a different major version than the one that wrote the volume. That server could
// not read the data and would exit, after the old server had already been deleted. If the stack currently runs no
// PostgreSQL, the annotation of the claim has the version, because the claim outlives the stack. Tags without a version are
// not compared.
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

// majorOf returns the major version of the image's tag; empty if there is none.
func majorOf(image string) string {
	reference, _, _ := strings.Cut(image, "@") // drop the digest
	if found := majorVersion.FindStringSubmatch(reference); found != nil {
		return found[1]
	}
	return ""
}

// postgresImage returns the image of the embedded PostgreSQL; empty if the state has none.
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
	r := has.Resources[state.Key{Type: components.PostgresType + "$kubernetes:apps/v1:Deployment", Name: "postgres"}]
	if mapstructure.Decode(r.Outputs, &deployment) != nil {
		return "" // the state has no such Deployment
	}
	for _, container := range deployment.Spec.Template.Spec.Containers {
		if container.Name == "postgres" {
			return container.Image
		}
	}
	return ""
}
