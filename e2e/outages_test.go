package e2e

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// TestOutages takes away, one after the other, what the site stands on, and puts it back: what happens meanwhile is what
// docs/operations.md says. The stack is onprem with two replicas of each tier that may have them, and a Redis that
// remembers.
func TestOutages(t *testing.T) {
	l := runningLab(t)
	s := stageOnprem(t, l)
	s.setSecrets(t)
	s.set(t, "backend.replicas", "2")
	s.set(t, "frontend.replicas", "2")
	s.set(t, "redis.persistence.enabled", "true")
	var printed strings.Builder // by every up
	out := io.MultiWriter(&printed, os.Stdout)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log("what the cluster says:\n" + l.kubectl(t, "get", "pods,services,jobs,nodes", "-A", "-o", "wide"))
		}
		s.destroy(t)
	})
	step := stepsOf(t)
	var former map[string]string // secrets that were replaced
	var logged string            // by the pods that had them

	step("an up on an empty cluster that is killed again and again is finished by the last", func(t *testing.T) { checkKilledBirths(t, l, s, out) })
	step("Redis keeps its sessions over its pod's death", func(t *testing.T) { checkSessionsStay(t, l) })
	step("the signing key and the passwords are replaced, and nobody is logged out", func(t *testing.T) {
		former, logged = checkRotation(t, l, s, out)
	})
	step("a new password of the registry replaces no pod", func(t *testing.T) { checkRegistryPassword(t, l, s, out) })
	step("a chart's repository may be away once the chart is fetched", func(t *testing.T) { checkChartRepository(t, l, s, out) })
	step("the registry's garbage collection keeps what runs and what ran before", func(t *testing.T) { checkImagesStay(t, l, s, out) })
	step("environment, umask and registry user change no image", func(t *testing.T) { checkShellChangesNoImage(t, l, s, out) })
	step("an image that the registry has lost is built again", func(t *testing.T) { checkLostImageComesBack(t, l, s, out) })
	step("a changed image is announced by a preview, and by an up that leaves it out", func(t *testing.T) { checkChangedImageIsAnnounced(t, s, out) })
	step("with externalTrafficPolicy Local the API knows who is asking", func(t *testing.T) { checkClientAddress(t, l, s, out) })
	step("both addresses are swapped in one up", func(t *testing.T) { checkSwappedAddresses(t, l, s, out) })
	step("an address that another Service has or wants is refused", func(t *testing.T) { checkContestedAddress(t, l, s) })
	step("a site that the LAN does not reach fails the up, which says why", func(t *testing.T) { checkDarkSites(t, l, s, out) })
	step("PostgreSQL is gone for a minute", func(t *testing.T) { checkWithoutPostgres(t, l) })
	step("PostgreSQL hangs for a minute, though its machine answers", func(t *testing.T) { takePostgres(t, l, "freeze", "thaw") })
	step("Redis is gone for a minute", func(t *testing.T) { checkWithoutRedis(t, l) })
	step("the name service is gone", func(t *testing.T) { checkWithoutDNS(t, l) })
	step("the API server is gone in the middle of an up", func(t *testing.T) { checkWithoutAPIServer(t, l, s, out) })
	step("the registry is gone in the middle of an up", func(t *testing.T) { checkWithoutRegistry(t, l, s, out) })
	step("pods that do not come up are told with the reason", func(t *testing.T) { checkFailedRollouts(t, l, s, out) })
	step("the API scales by its load, and Pulumi lets it", func(t *testing.T) { checkAutoscaling(t, l, s, out) })
	step("a full node stops no release, and pods are spread again where there is room", func(t *testing.T) { checkSpread(t, l, s, out) })
	step("power cut of the node that announces the addresses", func(t *testing.T) { checkPowerCut(t, l) })
	step("Prometheus reads all tiers, and its rules and the dashboard find what they ask for", func(t *testing.T) {
		checkMonitoring(t, l, s, out)
	})
	step("no secret is seen in plain text, nor one that was replaced", func(t *testing.T) {
		checkNoSecretIsSeen(t, l, s, printed.String(), logged, former)
	})
}

// stepsOf runs steps that build on each other: the first that fails is the last.
func stepsOf(t *testing.T) func(name string, f func(t *testing.T)) {
	t.Helper()
	return func(name string, f func(t *testing.T)) {
		t.Helper()
		if !t.Run(name, f) {
			t.FailNow()
		}
	}
}

func checkSessionsStay(t *testing.T, l lab) {
	c := signUp(t, l)
	if code := c.refresh(t); code != "200" {
		t.Fatalf("a fresh login is renewed with %s", code)
	}
	r := startReads(t, l)
	l.kubectl(t, "delete", "pod", "-n", "hankki", "-l", "app.kubernetes.io/name=redis", "--wait=true")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/redis", "--timeout=90s")
	r.stop(t)
	eventually(t, 15*time.Second, func() string { return unless(c.refresh(t), "200") })
}

// checkWithoutPostgres pulls the server's cable, which is worse than a server that refuses: nobody says that it is gone.
func checkWithoutPostgres(t *testing.T, l lab) {
	cut, all := takePostgres(t, l, "cut", "heal")
	refused, waited := 0, 0
	for _, one := range all {
		if one.Code != http.StatusServiceUnavailable || one.Timestamp.Before(cut.Add(8*time.Second)) {
			continue
		}
		refused++
		if one.Latency > time.Second {
			waited++ // as one in each worker has to, to see whether PostgreSQL is back (app/circuit_breaker.py)
		}
		if one.Latency > 3*time.Second {
			t.Errorf("%v after the cut %s was answered with 503, but after %v", one.Timestamp.Sub(cut), one.URL, one.Latency)
		}
	}
	if waited > refused/10 {
		t.Errorf("%d of %d that were answered with 503 had to wait for it", waited, refused)
	}
	if codes := codesOf(all, apiURL); codes[200] == 0 || codes[503] == 0 {
		t.Errorf("answers of the API are %v, want some out of the cache and some 503", codes)
	}
}

// takePostgres takes PostgreSQL away for a minute by a verb of the lab, and gives it back by another: the page stays, the API
// answers or says that it can't, and is well soon after, without a restart. It gives when that began, and all reads.
func takePostgres(t *testing.T, l lab, take, giveBack string) (taken time.Time, all []read) {
	before := restarts(t, l)
	r := startReads(t, l)
	taken = time.Now()
	l.lab(t, take, "postgres")
	time.Sleep(20 * time.Second)
	checkTakenOut(t, l)
	time.Sleep(time.Until(taken.Add(time.Minute)))
	l.lab(t, giveBack, "postgres")
	back := time.Now()
	eventually(t, 30*time.Second, func() string { return apiAnswers(t, l) })
	time.Sleep(5 * time.Second)
	all = r.end(t)
	for _, one := range all {
		switch after := one.Timestamp.Sub(taken); {
		case one.URL == siteURL+"/" && one.failed():
			t.Errorf("%v after the %s the page was answered with %d %s", after, take, one.Code, one.Error)
		case one.Code != 0 && one.Code != http.StatusOK && one.Code != http.StatusServiceUnavailable:
			t.Errorf("%v after the %s %s was answered with %d", after, take, one.URL, one.Code)
		}
	}
	late := lastFailure(all).Sub(back)
	t.Logf("answers of the API in that time: %v; the last failed %.1f s after PostgreSQL was back", codesOf(all, apiURL), late.Seconds())
	if late > 30*time.Second {
		t.Errorf("the API failed until %v after PostgreSQL was back, 30 s are due", late)
	}
	if after := restarts(t, l); after != before {
		t.Errorf("containers restarted: %s before, %s after", before, after)
	}
	return taken, all
}

// checkTakenOut demands that no pod of the API is ready, and that who has no connection to it gets none.
func checkTakenOut(t *testing.T, l lab) {
	t.Helper()
	var pods podList
	l.get(t, &pods, "pods", "-n", "hankki", "-l", "app.kubernetes.io/name=backend")
	for _, pod := range pods.Items {
		if pod.ready() {
			t.Errorf("%s is ready without PostgreSQL", pod.Metadata.Name)
		}
	}
	if complaint := apiAnswers(t, l); complaint != unless("000", "200") {
		t.Errorf("a new connection to the API is answered: %s", complaint)
	}
}

func checkWithoutRedis(t *testing.T, l lab) {
	c := signUp(t, l)
	r := startReads(t, l)
	l.kubectl(t, "scale", "-n", "hankki", "deployment/redis", "--replicas=0")
	l.kubectl(t, "wait", "-n", "hankki", "pod", "-l", "app.kubernetes.io/name=redis", "--for=delete", "--timeout=60s")
	until := time.Now().Add(time.Minute)
	for time.Now().Before(until) {
		if code := c.logIn(t); code != "503" {
			t.Errorf("a login without Redis is answered with %s", code)
		}
		time.Sleep(5 * time.Second)
	}
	l.kubectl(t, "scale", "-n", "hankki", "deployment/redis", "--replicas=1")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/redis", "--timeout=90s")
	eventually(t, 15*time.Second, func() string { return unless(c.refresh(t), "200") }) // the login from before
	r.stop(t)
}

// checkWithoutDNS: what the site needs it knows by address.
func checkWithoutDNS(t *testing.T, l lab) {
	r := startReads(t, l)
	l.kubectl(t, "scale", "-n", "kube-system", "deployment/coredns", "--replicas=0")
	l.kubectl(t, "wait", "-n", "kube-system", "pod", "-l", "k8s-app=kube-dns", "--for=delete", "--timeout=60s")
	signUp(t, l)
	l.kubectl(t, "rollout", "restart", "-n", "hankki", "deployment/backend")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/backend", "--timeout=120s")
	signUp(t, l)
	l.kubectl(t, "scale", "-n", "kube-system", "deployment/coredns", "--replicas=2")
	l.kubectl(t, "rollout", "status", "-n", "kube-system", "deployment/coredns", "--timeout=90s")
	r.stop(t)
}

// lab runs one of the lab's verbs.
func (l lab) lab(t *testing.T, args ...string) {
	t.Helper()
	l.run(t, "lab/lab", args...)
}

// apiAnswers is empty once the API does.
func apiAnswers(t *testing.T, l lab) string {
	t.Helper()
	out, _ := l.command(time.Minute, "lab/lab", "exec", "client", "curl", "-sS", "--max-time", "5", "-o", "/dev/null", "-w", "%{http_code}",
		apiURL+"/api/v1/recipes").Output() // no answer is an answer here: its code is 000
	return unless(string(out), "200")
}

func codesOf(all []read, target string) map[int]int {
	codes := map[int]int{}
	for _, one := range all {
		if strings.HasPrefix(one.URL, target) {
			codes[one.Code]++
		}
	}
	return codes
}

func lastFailure(all []read) (last time.Time) {
	for _, one := range all {
		if one.failed() {
			last = one.Timestamp.Add(one.Latency)
		}
	}
	return last
}

// restarts counts those of the containers of each pod of ours.
func restarts(t *testing.T, l lab) string {
	t.Helper()
	return l.kubectl(t, "get", "pods", "-n", "hankki", "-l", "app.kubernetes.io/part-of=hankki", "-o",
		`jsonpath={range .items[*]}{.metadata.name}:{.status.containerStatuses[*].restartCount} {end}`)
}
