package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// policyRules lists the rules of the network policies: "backend -> redis:6379/TCP" for egress, and "backend => redis:6379/TCP"
// for ingress.
func policyRules(t *testing.T, e *engine) (found []string) {
	t.Helper()
	for _, r := range e.all(policyType) {
		found = append(found, rulesOf(t, r)...)
	}
	slices.Sort(found)
	return found
}

// rulesOf lists the rules of one policy.
func rulesOf(t *testing.T, r registration) (found []string) {
	t.Helper()
	match(t, r, map[string]any{"spec.policyTypes": []any{"Ingress", "Egress"}})
	pods := apps(at(r.inputs, "spec.podSelector.matchLabels"))
	for _, rule := range list(r, "spec.ingress") {
		for _, peer := range peers(t, rule, "from") {
			for _, port := range ports(rule) {
				found = append(found, peer+" => "+pods+":"+port)
			}
		}
	}
	for _, rule := range list(r, "spec.egress") {
		for _, peer := range peers(t, rule, "to") {
			for _, port := range ports(rule) {
				found = append(found, pods+" -> "+peer+":"+port)
			}
		}
	}
	return found
}

// apps returns the name labels of the pods that labels select.
func apps(labels any) string {
	l, _ := labels.(map[string]any)
	name, named := l["app.kubernetes.io/name"]
	switch {
	case named && l["app.kubernetes.io/part-of"] == "hankki" && len(l) == 2:
		return fmt.Sprint(name)
	case l["app.kubernetes.io/part-of"] == "hankki" && len(l) == 1:
		return "all of ours"
	case len(l) == 0:
		return "all"
	default:
		return fmt.Sprint(l)
	}
}

func peers(t *testing.T, rule any, direction string) (names []string) {
	t.Helper()
	all, found := at(rule, direction).([]any)
	if !found || len(all) == 0 {
		return []string{"anywhere"}
	}
	for _, peer := range all {
		switch cidr, namespace := at(peer, "ipBlock.cidr"), at(peer, "namespaceSelector.matchLabels"); {
		case cidr != nil:
			names = append(names, fmt.Sprint(cidr))
		case namespace != nil:
			names = append(names, fmt.Sprint(namespace, at(peer, "podSelector.matchLabels")))
		default:
			names = append(names, apps(at(peer, "podSelector.matchLabels")))
		}
	}
	return names
}

func ports(rule any) (all []string) {
	given, _ := at(rule, "ports").([]any)
	if len(given) == 0 {
		return []string{"any port"}
	}
	for _, p := range given {
		all = append(all, fmt.Sprintf("%v/%v", at(p, "port"), at(p, "protocol")))
	}
	return all
}

const dns = "map[kubernetes.io/metadata.name:kube-system] map[k8s-app:kube-dns]"

// scraper selects all pods of the namespace, in the notation of peers.
const scraper = "map[kubernetes.io/metadata.name:observability] <nil>"

func TestNetworkPolicyRules(t *testing.T) {
	common := []string{
		"anywhere => backend:5000/TCP", "anywhere => frontend:8080/TCP", "backend => redis:6379/TCP", "backend -> redis:6379/TCP",
	}
	for name, c := range map[string]struct {
		s    settings
		more []string
	}{
		"database by address": {shipped(t, "onprem"), []string{"backend -> 10.0.0.2/32:5432/TCP", "backend-release -> 10.0.0.2/32:5432/TCP"}},
		"database by name": {shipped(t, "onprem").set("database.host", "postgres.example.com"), []string{
			"backend -> anywhere:5432/TCP", "backend-release -> anywhere:5432/TCP",
			// A DNS cache on the node is not a pod, and its address differs between clusters.
			"backend -> anywhere:53/UDP", "backend -> anywhere:53/TCP", "backend-release -> anywhere:53/UDP", "backend-release -> anywhere:53/TCP",
		}},
		"database on another port": {shipped(t, "onprem").set("database.host", "fd00::3").set("database.port", 6432),
			[]string{"backend -> fd00::3/128:6432/TCP", "backend-release -> fd00::3/128:6432/TCP"}},
		"database in the cluster, API behind Nginx": {shipped(t, "dev"), []string{
			"backend -> postgres:5432/TCP", "backend-release -> postgres:5432/TCP", "backend => postgres:5432/TCP", "backend-release => postgres:5432/TCP",
			"frontend -> backend:5001/TCP", "frontend => backend:5001/TCP",
		}},
		"API on another port": {shipped(t, "dev").set("backend.port", 80), []string{
			"backend -> postgres:5432/TCP", "backend-release -> postgres:5432/TCP", "backend => postgres:5432/TCP", "backend-release => postgres:5432/TCP",
			"frontend -> backend:5001/TCP", "frontend => backend:5001/TCP",
		}},
		"metrics, for the scraper's namespace only": {shipped(t, "onprem").allOn(), []string{
			"backend -> 10.0.0.2/32:5432/TCP", "backend-release -> 10.0.0.2/32:5432/TCP",
			scraper + " => backend:9464/TCP", scraper + " => redis:9121/TCP", scraper + " => frontend:9113/TCP",
			"backup -> 10.0.0.2/32:5432/TCP", "backup -> " + dns + ":53/UDP", "backup -> " + dns + ":53/TCP",
		}},
		"backups of a database in the cluster": {shipped(t, "dev").set("backup", map[string]any{"enabled": true, "claimName": "nfs"}), []string{
			"backend -> postgres:5432/TCP", "backend-release -> postgres:5432/TCP", "backend => postgres:5432/TCP", "backend-release => postgres:5432/TCP",
			"frontend -> backend:5001/TCP", "frontend => backend:5001/TCP",
			"backup -> postgres:5432/TCP", "backup => postgres:5432/TCP", "backup -> " + dns + ":53/UDP", "backup -> " + dns + ":53/TCP",
		}},
		"backups in S3, by address": {shipped(t, "onprem").inS3("http://10.0.0.9:9000"), []string{
			"backend -> 10.0.0.2/32:5432/TCP", "backend-release -> 10.0.0.2/32:5432/TCP",
			"backup -> 10.0.0.2/32:5432/TCP", "backup -> 10.0.0.9/32:9000/TCP", "backup -> " + dns + ":53/UDP", "backup -> " + dns + ":53/TCP",
		}},
		"backups in S3, by name": {shipped(t, "onprem").inS3("https://s3.example.com"), []string{
			"backend -> 10.0.0.2/32:5432/TCP", "backend-release -> 10.0.0.2/32:5432/TCP",
			"backup -> 10.0.0.2/32:5432/TCP", "backup -> anywhere:443/TCP", "backup -> anywhere:53/UDP", "backup -> anywhere:53/TCP",
			"backup -> " + dns + ":53/UDP", "backup -> " + dns + ":53/TCP",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			want := append(slices.Clone(common), c.more...)
			want = append(want, "backend -> "+dns+":53/UDP", "backend -> "+dns+":53/TCP", "backend-release -> "+dns+":53/UDP", "backend-release -> "+dns+":53/TCP")
			slices.Sort(want)
			if got := policyRules(t, c.s.deployed(t)); !slices.Equal(got, want) {
				t.Errorf("open are\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// Without this policy a pod that no other policy selects could connect to all pods.
func TestOtherTrafficIsDenied(t *testing.T) {
	for name, s := range variants(t) {
		t.Run(name, func(t *testing.T) {
			e := s.deployed(t)
			closed := map[string]bool{}
			for _, r := range e.all(policyType) {
				if len(list(r, "spec.ingress")) == 0 && len(list(r, "spec.egress")) == 0 {
					closed[apps(at(r.inputs, "spec.podSelector.matchLabels"))] = true
				}
			}
			if own := s.values["namespace"] != "default"; closed["all"] != own || closed["all of ours"] == own {
				t.Errorf("both directions are closed for %v", closed)
			}
			for _, pod := range pods(e) {
				if podLabels(pod)["app.kubernetes.io/part-of"] != "hankki" {
					t.Errorf("the pods of %s are not among them", pod.urn)
				}
			}
		})
	}
}
