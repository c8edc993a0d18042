package site

import (
	"maps"
	"testing"
)

// A server of another major version exits immediately on the existing volume.
func TestOtherMajorVersionOfPostgreSQLIsRejected(t *testing.T) {
	running := func(image string) map[string]any {
		deployment := object("apps/v1", "Deployment", "hankki", "postgres")
		deployment["spec"] = map[string]any{"template": map[string]any{"spec": map[string]any{
			"containers": []any{map[string]any{"name": "postgres", "image": image, "ports": []any{map[string]any{"containerPort": 5432.0}}}},
		}}}
		return has("hankki:components:Postgres$kubernetes:apps/v1:Deployment", "postgres", deployment)
	}
	for name, row := range map[string]struct {
		state map[string]any
		image string
		want  []string
	}{
		"a new stack":           {nil, "postgres:16", nil},
		"the same":              {running("docker.io/library/postgres:15.12-bookworm"), "docker.io/library/postgres:15.12-bookworm", nil},
		"another minor version": {running("docker.io/library/postgres:15.12-bookworm"), "registry:5000/postgres:15-alpine", nil},
		"only a digest":         {running("postgres:15"), "registry:5000/postgres@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", nil},
		"another major version": {running("docker.io/library/postgres:15.12-bookworm"), "registry:5000/postgres:16.1", []string{`baseImages.postgres "registry:5000/postgres:16.1"`, "PostgreSQL 15", "pg_dump", "kubectl -n hankki delete pvc postgres"}},
		"tag and digest":        {running("postgres:15@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"), "postgres:14@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", []string{"baseImages.postgres", "PostgreSQL 15"}},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, e := newKitchen(t), &engine{state: row.state}
			s := cluster.stack(t).set("database.embedded", true).set("database.host", "").set("baseImages.postgres", row.image)
			expectRefusal(t, e, s.whole(e), row.want)
		})
	}
}

// The annotation of a claim that was retained by destroy, or by a change to an external database, names the image that wrote
// it.
func TestRetainedVolumeHasVersion(t *testing.T) {
	const path = "/api/v1/namespaces/hankki/persistentvolumeclaims/postgres"
	for image, want := range map[string][]string{
		"docker.io/library/postgres:15.13": nil,
		"docker.io/library/postgres:16.1":  {"baseImages.postgres", "PostgreSQL 15 wrote (docker.io/library/postgres:15.12-bookworm)", "pg_dump"},
	} {
		t.Run(image, func(t *testing.T) {
			cluster, e := newKitchen(t), &engine{}
			kept := owned("1", "hankki/onprem")
			maps.Copy(kept["annotations"].(map[string]any), map[string]any{"hankki/written-by": "docker.io/library/postgres:15.12-bookworm"})
			cluster.objects[path] = kept
			cluster.bodies = map[string]string{path: `{"spec":{"resources":{"requests":{"storage":"1Gi"}}},"status":{"phase":"Bound"}}`}
			s := cluster.stack(t).set("database.embedded", true).set("database.host", "").set("baseImages.postgres", image)
			expectRefusal(t, e, s.whole(e), want)
			if len(want) == 0 {
				claim := e.one(t, claimType, "postgres").inputs["metadata"].(map[string]any)["annotations"].(map[string]any)
				if claim["hankki/written-by"] != image {
					t.Errorf("the claim is %v", claim)
				}
			}
		})
	}
}
