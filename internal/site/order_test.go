package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// waitsFor returns all resources that precede a resource: its dependencies, its parents, and theirs.
func waitsFor(e *engine, urn string) map[string]bool {
	seen := map[string]bool{}
	var visit func(urn string)
	visit = func(urn string) {
		for _, r := range e.all("") {
			if r.urn != urn {
				continue
			}
			for _, other := range append(slices.Clone(r.dependencies), r.parent) {
				if !seen[other] {
					seen[other] = true
					visit(other)
				}
			}
		}
	}
	visit(urn)
	return seen
}

// Pods of the new version must not start before its migrations are complete.
func TestMigrationPrecedesPods(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			e := s.deployed(t)
			migration, api := e.one(t, jobType, "backend-release"), e.one(t, deploymentType, "backend")
			if !slices.Contains(api.dependencies, migration.urn) {
				t.Errorf("the API's Deployment depends on %v, not on the migration", api.dependencies)
			}
			match(t, migration, map[string]any{
				"metadata.name":        nil, // Pulumi generates it: a Job is immutable, so a new Job briefly exists next to the old one
				"metadata.annotations": map[string]any{"pulumi.com/replaceUnready": "true"}, "spec.template.spec.restartPolicy": "Never",
				"spec.backoffLimit": 2, "spec.activeDeadlineSeconds": 630, // 30 s longer than Pulumi waits for it
			})
		})
	}
}

// Otherwise the first migration would fail while the image of the database is being pulled.
func TestTheEmbeddedDatabaseRunsBeforeTheMigration(t *testing.T) {
	e := shipped(t, "dev").deployed(t)
	if database := e.one(t, deploymentType, "postgres"); !waitsFor(e, e.one(t, jobType, "backend-release").urn)[database.urn] {
		t.Errorf("the migration does not wait for %s", database.urn)
	}
}

// The data outlive the pod. If the database starts empty, the migration runs again.
func TestTheEmbeddedDatabaseKeepsItsDataOrIsMigratedAgain(t *testing.T) {
	s := shipped(t, "dev").set("database", map[string]any{"embedded": true, "volume": map[string]any{"size": "5Gi", "storageClass": "fast"}})
	e := s.deployed(t)
	match(t, e.one(t, claimType, "postgres"), map[string]any{"spec.resources.requests.storage": "5Gi", "spec.storageClassName": "fast"})
	match(t, e.one(t, deploymentType, "postgres"), map[string]any{
		"spec.strategy": map[string]any{"type": "Recreate"},
		"spec.template.spec.containers.0.volumeMounts.0":         map[string]any{"name": "data", "mountPath": "/var/lib/postgresql/data"},
		"spec.template.spec.volumes.0":                           map[string]any{"name": "data", "persistentVolumeClaim": map[string]any{"claimName": "postgres"}},
		"spec.template.spec.securityContext.fsGroupChangePolicy": "OnRootMismatch",
	})
	start := fmt.Sprint(at(e.one(t, deploymentType, "postgres").inputs, "spec.template.spec.containers.0.args.2"))
	for _, words := range []string{
		"exec 9>/var/lib/postgresql/data/lock && flock 9", // a deleted pod may still terminate when the next one starts
		"ALTER ROLE", // retained data have the previous password
		"exec docker-entrypoint.sh postgres",
	} {
		if !strings.Contains(start, words) {
			t.Errorf("%q is not in %s", words, start)
		}
	}
	match(t, e.one(t, jobType, "backend-release"), map[string]any{"spec.template.metadata.annotations": map[string]any{"hankki/database": claimUID("postgres")}})
	match(t, shipped(t, "onprem").deployed(t).one(t, jobType, "backend-release"), map[string]any{"spec.template.metadata.annotations": nil})
}

func TestServicesDependOnAddresses(t *testing.T) {
	e := shipped(t, "onprem").deployed(t)
	chart, pool, advertisement := e.one(t, chartType, "metallb"), e.one(t, poolType, "address-pool"), e.one(t, advertisementType, "recipe-lb")
	if !slices.Contains(pool.dependencies, chart.urn) || !slices.Contains(advertisement.dependencies, pool.urn) {
		t.Errorf("the pool depends on %v, the advertisement on %v", pool.dependencies, advertisement.dependencies)
	}
	for _, app := range []string{"backend", "frontend"} {
		for _, first := range []registration{chart, pool, advertisement} {
			if service := e.one(t, serviceType, app); !waitsFor(e, service.urn)[first.urn] {
				t.Errorf("%s does not wait for %s", service.urn, first.urn)
			}
		}
	}
}

// The objects of a tier depend on its namespace, because they take its name from an output.
func TestTheNamespaceComesFirst(t *testing.T) {
	e := shipped(t, "onprem").deployed(t)
	namespace := e.one(t, namespaceType, "hankki")
	for _, r := range e.all("") {
		if fmt.Sprint(at(r.inputs, "metadata.namespace")) == "hankki" && !slices.Contains(r.dependencies, namespace.urn) {
			t.Errorf("%s does not depend on its namespace", r.urn)
		}
	}
}

// The rules alert if a tier is absent, so the tiers come first. Each Deployment is named: a dependency on a component may miss it.
func TestAlertsAreCreatedAfterTheTiers(t *testing.T) {
	e := shipped(t, "onprem").allOn().deployed(t)
	rules := e.one(t, ruleType, "monitoring")
	for _, tier := range []string{"redis", "backend", "frontend"} {
		if deployment := e.one(t, deploymentType, tier); !slices.Contains(rules.dependencies, deployment.urn) {
			t.Errorf("the rules depend on %v, not on %s", rules.dependencies, deployment.urn)
		}
	}
}
