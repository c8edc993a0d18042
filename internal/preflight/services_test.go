package preflight_test

import (
	"net/http"
	"slices"
	"testing"
)

const (
	allServices = "/api/v1/services"
	// One Service of each kind. The database of the first listens on another port than its Service.
	serviceList = `{"kind":"ServiceList","apiVersion":"v1","items":[` + pooled + `,` + dual + `,` + headless + `]}`
	pooled      = `{"kind":"Service","apiVersion":"v1","metadata":{"name":"pooler","namespace":"data"},"spec":{"type":"LoadBalancer","clusterIP":"10.96.0.40","clusterIPs":["10.96.0.40"],
		"ports":[{"port":5433,"targetPort":5433},{"port":5432,"targetPort":6432}]},"status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.9"},{"hostname":"pg.example.com"}]}}}`
	dual = `{"kind":"Service","apiVersion":"v1","metadata":{"name":"pg","namespace":"data"},"spec":{"type":"ClusterIP","clusterIP":"10.96.0.50","clusterIPs":["10.96.0.50","fd00::50"],"externalIPs":["10.0.0.60"],
		"ports":[{"port":5432,"targetPort":"postgres"}]}}`
	headless = `{"kind":"Service","apiVersion":"v1","metadata":{"name":"pods","namespace":"data"},"spec":{"type":"ClusterIP","clusterIP":"None","clusterIPs":["None"],"ports":[{"port":5432,"targetPort":6432}]}}`
	external = `{"kind":"Service","apiVersion":"v1","metadata":{"name":"cloud","namespace":"data"},"spec":{"type":"ExternalName","externalName":"pg.example.com"}}`
)

// The endpoint of the bucket is checked like the database.
func TestBucketInTheClusterMustBeNamedByPod(t *testing.T) {
	for endpoint, messages := range map[string][]string{
		"https://s3.example.com":        nil,
		"http://10.96.0.40:5433":        {"backup.s3.endpoint 10.96.0.40", "data/pooler", "the host in hankki:backup.s3.endpoint", `"pooler.data.svc"`},
		"http://pooler.data.svc:5433":   nil,
		"http://pooler.data.svc:5432":   {"backup.s3.endpoint, port 5432", "data/pooler", "the port in hankki:backup.s3.endpoint to 6432"},
		"https://pooler.data.svc":       {"backup.s3.endpoint, port 443", "no such port", "it has 5433, 5432"},
		"https://missing.data.svc:9000": {"backup.s3.endpoint", "no Service data/missing"},
	} {
		t.Run(endpoint, func(t *testing.T) {
			cluster := newCluster(t, http.StatusOK)
			cluster.objects[allServices] = serviceList
			cluster.objects["/api/v1/namespaces/data/services/pooler"] = pooled
			c := stack(newRegistry(t, "http", loopback).address())
			c.Backup = inS3(endpoint).Backup
			if messages == nil {
				accepted(t, c)
				return
			}
			refused(t, c, 1, messages...)
		})
	}
}

func TestDatabaseInTheClusterMustBeNamedByPod(t *testing.T) {
	const translated, name = "network policy", `"pg.data.svc"`
	for host, messages := range map[string][]string{
		"10.0.0.2":                      nil, // outside the cluster
		"10.96.0.50":                    {"database.host 10.96.0.50", "data/pg", translated, name},
		"fd00:0:0::50":                  {"data/pg", translated, name}, // in another notation
		"10.0.0.60":                     {"data/pg", translated, name},
		"10.96.0.40":                    {"data/pooler", `"pooler.data.svc"`, "database.port 5432", "6432"},
		"10.0.0.9":                      {"data/pooler", `"pooler.data.svc"`},
		"pg":                            nil, // no Service in the stack's namespace
		"pg.data":                       nil,
		"pg.data.svc":                   nil,
		"pg.data.svc.cluster.local":     nil,
		"pg.data.svc.cluster.local.":    nil,
		"pods.data.svc":                 nil,
		"cloud.data.svc":                nil,
		"pooler.data.svc":               {"database.port 5432", "data/pooler", "port 6432", "hankki:database.port to 6432"},
		"pooler.data":                   {"database.port 5432", "data/pooler", "port 6432"},
		"pooler.data.svc.kitchen.local": {"database.port 5432", "data/pooler", "port 6432"},
		"shop-db":                       {"database.port 5432", "shop/shop-db", "no such port", "it has 5434"},
		"missing.data.svc":              {`database.host "missing.data.svc"`, "no Service data/missing"},
		"postgres.example.com":          nil,
		"postgres.example":              nil,
		"hidden.data.svc":               nil, // the user may not read it
		"broken.data.svc":               {`database.host "broken.data.svc"`, "data/broken"},
	} {
		t.Run(host, func(t *testing.T) {
			cluster := newCluster(t, http.StatusOK)
			cluster.objects[allServices] = serviceList
			for path, object := range map[string]string{
				"data/services/pooler": pooled, "data/services/pg": dual, "data/services/pods": headless, "data/services/cloud": external,
				"data/services/hidden": "", "data/services/broken": "{",
				"shop/services/shop-db": `{"kind":"Service","apiVersion":"v1","metadata":{"name":"shop-db","namespace":"shop"},"spec":{"clusterIP":"10.96.0.70","ports":[{"port":5434}]}}`,
			} {
				cluster.objects["/api/v1/namespaces/"+path] = object
			}
			c := stack(newRegistry(t, "http", loopback).address())
			c.Namespace, c.Database.Host, c.Database.Port = "shop", host, 5432
			if messages == nil {
				accepted(t, c)
				return
			}
			lines := 1
			if slices.Contains(messages, `"pooler.data.svc"`) {
				lines = 2 // one more for the wrong port
			}
			refused(t, c, lines, messages...)
		})
	}
}

func TestDatabaseIsNotCheckedIfServicesCannotBeListed(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	cluster.objects[allServices] = ""
	c := stack(newRegistry(t, "http", loopback).address())
	c.Database.Host, c.Database.Port = "10.96.0.50", 5432
	accepted(t, c)
}

func TestEmbeddedDatabaseIsNotChecked(t *testing.T) {
	cluster := newCluster(t, http.StatusOK)
	c := stack(newRegistry(t, "http", loopback).address())
	c.Database.Host, c.Database.Embedded = "10.96.0.50", true
	cluster.objects[storageClasses] = classList
	c.Database.Volume.Size = "1Gi"
	accepted(t, c)
	if slices.Contains(cluster.requests(), "GET "+allServices) {
		t.Error("Services are listed for an embedded database")
	}
}
