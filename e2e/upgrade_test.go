package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"

	"hankki/internal/testfile"
)

// kubernetes is a version that the lab runs: a line of lab/versions.
type kubernetes struct{ minor, version, etcd, coreDNS string }

// kubernetesVersions returns the versions that the lab runs, the newest first.
func kubernetesVersions(t *testing.T, l lab) (all []kubernetes) {
	t.Helper()
	for line := range strings.Lines(testfile.Read(t, filepath.Join(l.root, "lab/versions"))) {
		if fields := strings.Fields(line); len(fields) == 5 && fields[0] != "#" {
			all = append(all, kubernetes{minor: fields[0], version: fields[1], etcd: fields[2], coreDNS: fields[3]})
		}
	}
	if len(all) < 2 {
		t.Fatalf("lab/versions has only the versions %v", all)
	}
	return all
}

// TestUpgrade upgrades the cluster by one minor version, node by node, with the commands of kubeadm's documentation, under reads of
// returning and new visitors. The lab has been started with the older version.
func TestUpgrade(t *testing.T) {
	l := runningLab(t)
	versions := kubernetesVersions(t, l)
	from, to := versions[len(versions)-1], versions[0]
	s := stageOnprem(t, l)
	s.setSecrets(t)
	s.set(t, "frontend.replicas", "2") // a drain evicts a single replica before its replacement is ready
	s.destroyAtEnd(t, l, new(bool))
	step := stepsOf(t)

	step("the cluster has the older version", func(t *testing.T) { checkVersion(t, l, from) })
	step("the site is deployed", func(t *testing.T) {
		s.up(t, os.Stdout)
		checkPods(t, l, 2)
	})
	visitor := signUp(t, l)
	stay, come := load{rate: 15}.start(t, l), load{rate: 10, newVisitors: true}.start(t, l)
	phases := []phase{{name: "in all", from: time.Now()}}
	for _, node := range []string{"cp", "w1", "w2"} {
		from := time.Now()
		step("upgrade of "+node, func(t *testing.T) { l.upgradeNode(t, node, to) })
		phases = append(phases, phase{"upgrade of " + node, from, time.Now()})
	}
	step("all parts of the cluster have the new version", func(t *testing.T) { checkVersion(t, l, to) })
	step("the site is unchanged", func(t *testing.T) {
		checkServices(t, l)
		// Pods do not return to an uncordoned worker by themselves.
		l.kubectl(t, "rollout", "restart", "-n", "hankki", "deployment/backend", "deployment/frontend")
		l.rolledOut(t, "hankki")
		checkPods(t, l, 2)
		if code := visitor.logIn(t); code != "200" {
			t.Errorf("a login with an account from before the upgrade returns %s", code)
		}
		checkNetworkPolicies(t, l)
	})
	phases[0].until = time.Now()
	step("no read failed", func(t *testing.T) {
		for visitors, reads := range map[string][]read{"returning visitors": stay.end(t), "new visitors": come.end(t)} {
			for _, p := range phases {
				part := p.of(reads)
				failed, gap := failedReads(part)
				t.Logf("%s, %s (%.0f s): %d reads, %d failed, the longest gap was %v", p.name, visitors, p.until.Sub(p.from).Seconds(), len(part), failed, gap)
			}
			if failed, _ := failedReads(reads); failed > 0 {
				t.Errorf("%d reads of %s failed", failed, visitors)
			}
		}
	})
	step("up changes no object of the cluster", func(t *testing.T) {
		s.upChanges(t, os.Stdout, "pulumi:index:Stash rendered-charts") // which has the version of Kubernetes
		if got := s.up(t, os.Stdout, optup.ExpectNoChanges()); len(got) != 0 {
			t.Errorf("a second up changed: %v", got)
		}
	})
}

// phase is a part of the upgrade.
type phase struct {
	name        string
	from, until time.Time
}

// of returns the reads that started in the phase.
func (p phase) of(all []read) (part []read) {
	for _, one := range all {
		if !one.Timestamp.Before(p.from) && one.Timestamp.Before(p.until) {
			part = append(part, one)
		}
	}
	return part
}

// upgradeNode upgrades a node as an operator does: the new commands, the control plane or the node's configuration, and the kubelet
// of the drained node.
func (l lab) upgradeNode(t *testing.T, node string, to kubernetes) {
	t.Helper()
	l.labWith(t, to, "install", node)
	upgrade := []string{"exec", node, "kubeadm", "upgrade", "node"}
	if node == "cp" {
		upgrade = []string{"exec", node, "kubeadm", "upgrade", "apply", to.version, "--yes"}
	}
	// The same exceptions as in lab/conf/kubeadm.yaml.
	l.labWith(t, to, append(upgrade, "--ignore-preflight-errors=SystemVerification,NumCPU,Mem")...)
	l.drain(t, node)
	l.lab(t, "exec", node, "sv", "restart", "/etc/node-services/kubelet")
	eventually(t, 2*time.Minute, func() string {
		return unless(l.kubectl(t, "get", "node", node, "-o",
			`jsonpath={.status.nodeInfo.kubeletVersion} {.status.conditions[?(@.type=="Ready")].status}`), to.version+" True")
	})
	l.uncordon(t, node)
	t.Logf("%s has Kubernetes %s", node, to.version)
}

// labWith runs a verb of the lab, which may take minutes, with a version of Kubernetes, and prints its output.
func (l lab) labWith(t *testing.T, k kubernetes, args ...string) {
	t.Helper()
	c := l.command(15*time.Minute, "lab/lab", args...)
	c.Env = append(os.Environ(), "KUBERNETES="+k.minor)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if err := c.Run(); err != nil {
		t.Fatalf("lab/lab %s: %v", strings.Join(args, " "), err)
	}
}

// checkChosenVersion fails the test unless the cluster has the version that KUBERNETES names, or the default.
func checkChosenVersion(t *testing.T, l lab) {
	t.Helper()
	versions := kubernetesVersions(t, l)
	chosen := os.Getenv("KUBERNETES")
	for _, one := range versions {
		if chosen == one.minor || chosen == "" {
			checkVersion(t, l, one)
			return
		}
	}
	t.Errorf("KUBERNETES is %s, want one of %v", chosen, versions)
}

// checkVersion fails the test unless the API server, the kubelets and kubeadm's pods have the version. A rolled out pod may run beside
// its replaced one for a while.
func checkVersion(t *testing.T, l lab, want kubernetes) {
	t.Helper()
	wantedImages := map[string]int{
		"kube-apiserver:" + want.version: 1, "kube-controller-manager:" + want.version: 1, "kube-scheduler:" + want.version: 1,
		"etcd:" + want.etcd: 1, "kube-proxy:" + want.version: 3, "coredns/coredns:" + want.coreDNS: 2,
	}
	wanted := fmt.Sprint("API server ", want.version, ", kubelets ", strings.TrimSpace(strings.Repeat(want.version+" ", 3)), ", images ", wantedImages)
	eventually(t, time.Minute, func() string {
		var server struct{ ServerVersion struct{ GitVersion string } }
		if err := json.Unmarshal([]byte(l.kubectl(t, "version", "-o", "json")), &server); err != nil {
			t.Fatalf("kubectl version: %v", err)
		}
		kubelets := l.kubectl(t, "get", "nodes", "-o", "jsonpath={.items[*].status.nodeInfo.kubeletVersion}")
		images := map[string]int{}
		for image := range strings.FieldsSeq(l.kubectl(t, "get", "pods", "-n", "kube-system", "-o", "jsonpath={.items[*].spec.containers[*].image}")) {
			if name, isKubeadms := strings.CutPrefix(image, "registry.k8s.io/"); isKubeadms {
				images[name]++
			}
		}
		return unless(fmt.Sprint("API server ", server.ServerVersion.GitVersion, ", kubelets ", kubelets, ", images ", images), wanted)
	})
}
