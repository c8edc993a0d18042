package guardrails

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"hankki/internal/config"
	"hankki/internal/manifest"
)

// connection is a connection that a network policy allows.
type connection struct {
	app  string // tier that the policy selects
	into bool   // ingress; otherwise egress
	peer string // the other end, in the form that peerOf returns
	port string // protocol and number
}

// Peers other than tiers.
const (
	anywhere  = "anywhere"
	namespace = "one namespace"
	dns       = "the cluster's DNS"
)

// documented are the connections that docs/architecture.md lists (What all pods have in common). The connections to the database and to the bucket of the backups depend on the configuration: configuredConnections adds
// them.
var documented = []connection{
	{"frontend", true, anywhere, "TCP 8080"}, {"frontend", true, anywhere, "TCP 8443"}, {"frontend", true, namespace, "TCP 9113"},
	{"frontend", false, "backend", "TCP 5001"},
	{"backend", true, anywhere, "TCP 5000"}, {"backend", true, anywhere, "TCP 8443"}, {"backend", true, "frontend", "TCP 5001"}, {"backend", true, namespace, "TCP 9464"},
	{"backend", false, "redis", "TCP 6379"}, {"backend", false, dns, "UDP 53"}, {"backend", false, dns, "TCP 53"},
	{"backend-release", false, dns, "UDP 53"}, {"backend-release", false, dns, "TCP 53"},
	{"redis", true, "backend", "TCP 6379"}, {"redis", true, namespace, "TCP 9121"},
	{"postgres", true, "backend", "TCP 5432"}, {"postgres", true, "backend-release", "TCP 5432"}, {"postgres", true, "backup", "TCP 5432"},
	{"blackbox-exporter", true, namespace, "TCP 9115"}, {"blackbox-exporter", false, "frontend", "TCP 8443"}, {"blackbox-exporter", false, "backend", "TCP 8443"},
	{"backup", false, dns, "UDP 53"}, {"backup", false, dns, "TCP 53"},
}

// openPolicies finds allowed connections that are not documented, and pods without a default-deny policy.
func openPolicies(c Change) ([]Violation, error) {
	configured, err := configuredConnections(c.After)
	if err != nil {
		return nil, err
	}
	allowed := slices.Concat(documented, configured)
	var found []Violation
	var policies []networkingv1.NetworkPolicy
	for _, r := range c.After {
		if name, ok := r.Name(); !ok || !name.Is("networking.k8s.io", "NetworkPolicy") {
			continue
		}
		policy, err := manifest.Decode[networkingv1.NetworkPolicy](r.Object)
		if err != nil {
			return nil, err
		}
		policies = append(policies, policy)
		for _, a := range connectionsOf(policy) {
			if !slices.Contains(allowed, a) {
				found = append(found, violation(r, "it allows a connection that is not documented: %s", a))
			}
		}
	}
	open, err := notIsolated(c.After, policies)
	return append(found, open...), err
}

// String returns, for example, "from anywhere to backend, TCP 5000".
func (a connection) String() string {
	if a.into {
		return fmt.Sprintf("from %s to %s, %s", a.peer, a.app, a.port)
	}
	return fmt.Sprintf("from %s to %s, %s", a.app, a.peer, a.port)
}

// configuredConnections lists the connections of the API, its migration Job and the backups to the database, and of the backups to
// their bucket, from their variables.
// With a host name, any address and any DNS server are allowed, as docs/architecture.md explains.
func configuredConnections(resources []manifest.Resource) (all []connection, err error) {
	for _, r := range resources {
		w, ok, err := manifest.WorkloadOf(r)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		for _, container := range w.Template.Spec.Containers {
			variables := map[string]string{}
			for _, v := range container.Env {
				variables[v.Name] = v.Value
			}
			host, port := cmp.Or(variables["DATABASE_HOST"], variables["PGHOST"]), cmp.Or(variables["DATABASE_PORT"], variables["PGPORT"])
			app := w.Template.Labels[appLabel]
			all = append(all, connectionsTo(app, host, port)...)
			if endpoint := variables["RCLONE_S3_ENDPOINT"]; endpoint != "" && app == "backup" {
				host, port := config.S3{Endpoint: endpoint}.Address()
				all = append(all, connectionsTo(app, host, strconv.Itoa(port))...)
			}
		}
	}
	return all, nil
}

func connectionsTo(app, host, port string) []connection {
	tcp := "TCP " + port
	switch {
	case port == "" || app != "backend" && app != "backend-release" && app != "backup":
		return nil
	case strings.HasPrefix(host, "postgres."): // the Service of the stack's own database
		return []connection{{app, false, "postgres", tcp}}
	case isAddress(host):
		return []connection{{app, false, host, tcp}}
	default:
		return []connection{{app, false, anywhere, tcp}, {app, false, anywhere, "UDP 53"}, {app, false, anywhere, "TCP 53"}}
	}
}
