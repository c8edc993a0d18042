package e2e

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// TestOutages stops each dependency of the site in turn and starts it again. The impact must be the one in docs/operations.md.
// The stack is onprem with two replicas of API and front end, and Redis with persistence.
func TestOutages(t *testing.T) {
	l := runningLab(t)
	s := stageOnprem(t, l)
	s.setSecrets(t)
	s.set(t, "backend.replicas", "2")
	s.set(t, "frontend.replicas", "2")
	s.set(t, "redis.persistence.enabled", "true")
	var printed strings.Builder // by every up
	out := io.MultiWriter(&printed, os.Stdout)
	s.destroyAtEnd(t, l, new(bool))
	step := stepsOf(t)
	var former map[string]string // replaced secrets
	var logged string            // logs of the pods that used them

	step("the last up completes a first deployment that was killed several times", func(t *testing.T) { checkKilledDeployments(t, l, s, out) })
	step("Redis keeps its sessions when its pod is deleted", func(t *testing.T) { checkSessionsSurvive(t, l) })
	step("the signing key and the passwords are rotated, and logins stay valid", func(t *testing.T) {
		former, logged = checkRotation(t, l, s, out)
	})
	step("a new password of the registry replaces no pod", func(t *testing.T) { checkRegistryPassword(t, l, s, out) })
	step("up needs no chart repository once the chart is cached", func(t *testing.T) { checkChartRepository(t, l, s, out) })
	step("the registry's garbage collection keeps the current and the previous images", func(t *testing.T) { checkImagesStay(t, l, s, out) })
	step("environment, umask and registry user change no image", func(t *testing.T) { checkEnvironmentChangesNoImage(t, l, s, out) })
	step("an image missing from the registry is built again", func(t *testing.T) { checkLostImageComesBack(t, l, s, out) })
	step("a changed image is reported by a preview, and by an up that excludes it", func(t *testing.T) { checkChangedImageIsReported(t, s, out) })
	step("with externalTrafficPolicy Local the API logs the client's address", func(t *testing.T) { checkClientAddress(t, l, s, out) })
	step("both addresses are swapped in one up", func(t *testing.T) { checkSwappedAddresses(t, l, s, out) })
	step("an address that another Service has or requests is refused", func(t *testing.T) { checkContestedAddress(t, l, s) })
	step("up fails with the reason if the LAN does not reach the site", func(t *testing.T) { checkUnreachableSites(t, l, s, out) })
	step("PostgreSQL is disconnected for a minute", func(t *testing.T) { checkWithoutPostgres(t, l) })
	step("PostgreSQL hangs for a minute while its machine responds", func(t *testing.T) { disruptPostgres(t, l, "pause", "unpause") })
	step("Redis is scaled to zero for a minute", func(t *testing.T) { checkWithoutRedis(t, l) })
	step("cluster DNS is scaled to zero", func(t *testing.T) { checkWithoutDNS(t, l) })
	step("the API server stops during an up", func(t *testing.T) { checkWithoutAPIServer(t, l, s, out) })
	step("the registry stops during an up", func(t *testing.T) { checkWithoutRegistry(t, l, s, out) })
	step("up prints why pods do not become ready", func(t *testing.T) { checkFailedRollouts(t, l, s, out) })
	step("the autoscaler scales the API, and up keeps its number of replicas", func(t *testing.T) { checkAutoscaling(t, l, s, out) })
	step("the API rolls out beside a full node, and pods are spread again when nodes have room", func(t *testing.T) { checkSpread(t, l, s, out) })
	step("the node that announces the addresses is powered off", func(t *testing.T) { checkPowerCut(t, l) })
	step("Prometheus scrapes all tiers, and the queries of rules and dashboard have results", func(t *testing.T) {
		checkMonitoring(t, l, s, out)
	})
	step("no current or replaced secret is in plain text in output, state or logs", func(t *testing.T) {
		checkNoSecretInPlainText(t, l, s, printed.String(), logged, former)
	})
}

// stepsOf returns a function that runs a step as a subtest. The first failed step ends the test.
func stepsOf(t *testing.T) func(name string, f func(t *testing.T)) {
	t.Helper()
	return func(name string, f func(t *testing.T)) {
		t.Helper()
		if !t.Run(name, f) {
			t.FailNow()
		}
	}
}

func checkSessionsSurvive(t *testing.T, l lab) {
	c := signUp(t, l)
	if code := c.refresh(t); code != "200" {
		t.Fatalf("the renewal of a new login returns %s", code)
	}
	r := startReads(t, l)
	l.kubectl(t, "delete", "pod", "-n", "hankki", "-l", "app.kubernetes.io/name=redis", "--wait=true")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/redis", "--timeout=90s")
	r.stop(t)
	eventually(t, 15*time.Second, func() string { return unless(c.refresh(t), "200") })
}

// checkWithoutPostgres disconnects PostgreSQL's machine from the network. Connections then time out instead of being refused.
func checkWithoutPostgres(t *testing.T, l lab) {
	cut, all := disruptPostgres(t, l, "disconnect", "connect")
	refused, waited := 0, 0
	for _, one := range all {
		if one.Code != http.StatusServiceUnavailable || one.Timestamp.Before(cut.Add(8*time.Second)) {
			continue
		}
		refused++
		if one.Latency > time.Second {
			waited++ // each worker lets one request test whether PostgreSQL is back (app/circuit_breaker.py)
		}
		if one.Latency > 3*time.Second {
			t.Errorf("%v after the cut %s returned 503 after %v, want at most 3 s", one.Timestamp.Sub(cut), one.URL, one.Latency)
		}
	}
	if waited > refused/10 {
		t.Errorf("%d of %d responses with 503 took more than 1 s, want at most a tenth", waited, refused)
	}
	if codes := codesOf(all, apiURL); codes[200] == 0 || codes[503] == 0 {
		t.Errorf("the API's responses are %v, want some 200 from the cache and some 503", codes)
	}
}

// disruptPostgres causes a fault of PostgreSQL by a lab verb and repairs it by another one a minute later. The page stays available.
// The API returns 200 or 503, and recovers within 30 s without a restart. It returns the time of the fault, and all reads.
func disruptPostgres(t *testing.T, l lab, fault, repair string) (faultAt time.Time, all []read) {
	before := restarts(t, l)
	r := startReads(t, l)
	faultAt = time.Now()
	l.lab(t, fault, "postgres")
	time.Sleep(20 * time.Second)
	checkUnready(t, l)
	time.Sleep(time.Until(faultAt.Add(time.Minute)))
	l.lab(t, repair, "postgres")
	back := time.Now()
	eventually(t, 30*time.Second, func() string { return apiAnswers(t, l) })
	time.Sleep(5 * time.Second)
	all = r.end(t)
	for _, one := range all {
		switch after := one.Timestamp.Sub(faultAt); {
		case one.URL == siteURL+"/" && one.failed():
			t.Errorf("%v after the %s the page returned %d %s", after, fault, one.Code, one.Error)
		case one.Code != 0 && one.Code != http.StatusOK && one.Code != http.StatusServiceUnavailable:
			t.Errorf("%v after the %s %s returned %d", after, fault, one.URL, one.Code)
		}
	}
	late := lastFailure(all).Sub(back)
	t.Logf("the API's responses: %v; the last failure came %.1f s after PostgreSQL was back", codesOf(all, apiURL), late.Seconds())
	if late > 30*time.Second {
		t.Errorf("the API failed until %v after PostgreSQL was back, want at most 30 s", late)
	}
	if after := restarts(t, l); after != before {
		t.Errorf("containers restarted: %s before, %s after", before, after)
	}
	return faultAt, all
}

// checkUnready fails the test unless all pods of the API are unready and new connections to the API fail.
func checkUnready(t *testing.T, l lab) {
	t.Helper()
	var pods podList
	l.get(t, &pods, "pods", "-n", "hankki", "-l", "app.kubernetes.io/name=backend")
	for _, pod := range pods.Items {
		if pod.ready() {
			t.Errorf("%s is ready without PostgreSQL", pod.Metadata.Name)
		}
	}
	if problem := apiAnswers(t, l); problem != unless("000", "200") {
		t.Errorf("a new connection to the API gets a response: %s", problem)
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
			t.Errorf("a login without Redis returns %s, want 503", code)
		}
		time.Sleep(5 * time.Second)
	}
	l.kubectl(t, "scale", "-n", "hankki", "deployment/redis", "--replicas=1")
	l.kubectl(t, "rollout", "status", "-n", "hankki", "deployment/redis", "--timeout=90s")
	eventually(t, 15*time.Second, func() string { return unless(c.refresh(t), "200") }) // the login from before the outage
	r.stop(t)
}

// checkWithoutDNS scales cluster DNS to zero. The site reaches all its dependencies by address, so reads, logins and a restart
// of the API's pods succeed.
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

// lab runs a lab verb.
func (l lab) lab(t *testing.T, args ...string) {
	t.Helper()
	l.run(t, "lab/lab", args...)
}

// apiAnswers returns an empty text if the API returns 200, otherwise its status code.
func apiAnswers(t *testing.T, l lab) string {
	t.Helper()
	out, _ := l.command(time.Minute, "lab/lab", "exec", "client", "curl", "-sS", "--max-time", "5", "-o", "/dev/null", "-w", "%{http_code}",
		apiURL+"/api/v1/recipes").Output() // curl fails without a response; its status is then 000
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

// restarts returns the names of the site's pods with the restarts of their containers.
func restarts(t *testing.T, l lab) string {
	t.Helper()
	return l.kubectl(t, "get", "pods", "-n", "hankki", "-l", "app.kubernetes.io/part-of=hankki", "-o",
		`jsonpath={range .items[*]}{.metadata.name}:{.status.containerStatuses[*].restartCount} {end}`)
}
