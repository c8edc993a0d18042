package guardrails

import (
	"fmt"
	"slices"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"hankki/internal/manifest"
)

// arrow is one way that a network policy opens. app is the tier that the policy is of.
type arrow struct {
	app  string
	into bool   // to the app, or from it
	peer string // who is at the other end, as peerOf says it
	port string // protocol and number
}

// The peers that are no tier.
const (
	anywhere  = "anywhere"
	namespace = "one namespace"
	dns       = "the cluster's DNS"
)

// drawn are the arrows of the picture in README.md, with those to the name service and from Prometheus. The way to the database
// depends on the configuration: databaseArrows adds it.
var drawn = []arrow{
	{"frontend", true, anywhere, "TCP 8080"}, {"frontend", true, anywhere, "TCP 8443"}, {"frontend", true, namespace, "TCP 9113"},
	{"frontend", false, "backend", "TCP 5001"},
	{"backend", true, anywhere, "TCP 5000"}, {"backend", true, anywhere, "TCP 8443"}, {"backend", true, "frontend", "TCP 5001"}, {"backend", true, namespace, "TCP 9464"},
	{"backend", false, "redis", "TCP 6379"}, {"backend", false, dns, "UDP 53"}, {"backend", false, dns, "TCP 53"},
	{"backend-release", false, dns, "UDP 53"}, {"backend-release", false, dns, "TCP 53"},
	{"redis", true, "backend", "TCP 6379"}, {"redis", true, namespace, "TCP 9121"},
	{"postgres", true, "backend", "TCP 5432"}, {"postgres", true, "backend-release", "TCP 5432"},
}

// openPolicies finds arrows that are not drawn, and pods that no policy closes.
func openPolicies(c Change) ([]Violation, error) {
	database, err := databaseArrows(c.After)
	if err != nil {
		return nil, err
	}
	allowed := slices.Concat(drawn, database)
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
		for _, a := range arrowsOf(policy) {
			if !slices.Contains(allowed, a) {
				found = append(found, violation(r, "it opens an arrow that is not drawn: %s", a))
			}
		}
	}
	open, err := notClosed(c.After, policies)
	return append(found, open...), err
}

// String is, for example, "from anywhere to backend, TCP 5000".
func (a arrow) String() string {
	if a.into {
		return fmt.Sprintf("from %s to %s, %s", a.peer, a.app, a.port)
	}
	return fmt.Sprintf("from %s to %s, %s", a.app, a.peer, a.port)
}

// databaseArrows are the ways of the API and of its release to the database that their variables name. A name may lead to any
// address, and its resolution to any DNS server, as docs/architecture.md says.
func databaseArrows(resources []manifest.Resource) (all []arrow, err error) {
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
			all = append(all, waysTo(w.Template.Labels[appLabel], variables["DATABASE_HOST"], variables["DATABASE_PORT"])...)
		}
	}
	return all, nil
}

func waysTo(app, host, port string) []arrow {
	tcp := "TCP " + port
	switch {
	case port == "" || app != "backend" && app != "backend-release":
		return nil
	case strings.HasPrefix(host, "postgres."): // the Service of the database inside
		return []arrow{{app, false, "postgres", tcp}}
	case isAddress(host):
		return []arrow{{app, false, host, tcp}}
	default:
		return []arrow{{app, false, anywhere, tcp}, {app, false, anywhere, "UDP 53"}, {app, false, anywhere, "TCP 53"}}
	}
}
