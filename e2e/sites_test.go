package e2e

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"k8s.io/client-go/tools/clientcmd"
)

// platformFile is the stack file of the platform, with two sites.
const platformFile = `config:
  hankki:role: platform
  hankki:metallb:
    addresses:
      - 10.0.0.3-10.0.0.254
  hankki:metricsServer:
    install: true
  hankki:sites:
    - name: shop
    - name: bakery
      namespace: sweets
`

// siteFile is the stack file of a site: namespace, and the addresses of the API and of the page.
const siteFile = `config:
  hankki:role: site
  hankki:namespace: %s
  hankki:generateSecrets: true
  hankki:database:
    embedded: true
  hankki:backup:
    enabled: true
    volume:
      size: 1Gi
  hankki:backend:
    autoscaling:
      enabled: true
    loadBalancerIP: %s
    sampleData: true
  hankki:frontend:
    loadBalancerIP: %s
`

// TestSites deploys two sites beside each other, each by its own deployer, and the platform by the cluster's administrator.
func TestSites(t *testing.T) {
	l := runningLab(t)
	before := l.objects(t)
	files := t.TempDir()
	var printed strings.Builder // by every up
	out := io.MultiWriter(&printed, os.Stdout)
	step := stepsOf(t)

	platform := stageFile(t, l, "platform", stackFile{writeFile(t, files, "platform.yaml", platformFile), "platform", filepath.Join(l.folder, "kubeconfig")})
	var platformDestroyed, shopDestroyed, bakeryDestroyed bool
	platform.destroyAtEnd(t, l, &platformDestroyed)
	kubeconfigs := map[string]string{} // files by site
	step("the platform has a kubeconfig for each site, as a secret", func(t *testing.T) {
		platform.up(t, out)
		for name, text := range platform.kubeconfigs(t) {
			kubeconfigs[name] = writeFile(t, files, name+".kubeconfig", text)
			checkTokenIsHidden(t, platform, text, &printed)
		}
		if kubeconfigs["shop"] == "" || kubeconfigs["bakery"] == "" {
			t.Fatalf("there are kubeconfigs of %v only", kubeconfigs)
		}
	})
	stageSite := func(name, namespace, api, page string) stack {
		file := writeFile(t, files, name+".yaml", fmt.Sprintf(siteFile, namespace, api, page))
		return stageFile(t, l, name, stackFile{file, "site", kubeconfigs[name]})
	}
	shop := stageSite("shop", "shop", "10.0.0.3", "10.0.0.4")
	shop.destroyAtEnd(t, l, &shopDestroyed)
	step("a deployer deploys its site", func(t *testing.T) {
		shop.up(t, out)
		expectPage(t, l, siteURL)
		if strings.Contains(printed.String(), "the user of the kubeconfig") {
			t.Errorf("the output has warnings of missing rights:\n%s", printed.String())
		}
	})
	bakery := stageSite("bakery", "sweets", "10.0.0.13", "10.0.0.14")
	bakery.destroyAtEnd(t, l, &bakeryDestroyed)
	step("no read of a site fails while another one is deployed, changed and destroyed", func(t *testing.T) {
		r := startReads(t, l)
		bakery.up(t, out)
		expectPage(t, l, "http://10.0.0.14")
		bakery.set(t, "redis.maxMemory", "64mb")
		bakery.set(t, "frontend.replicas", "2")
		bakery.up(t, out)
		checkRights(t, l, kubeconfigs["shop"])
		bakery.destroy(t)
		bakeryDestroyed = true
		r.stop(t)
	})
	step("a second up changes nothing", func(t *testing.T) {
		for _, s := range []stack{platform, shop} {
			if got := s.up(t, out, optup.ExpectNoChanges()); len(got) != 0 {
				t.Errorf("stack %s changed: %v", s.Name(), got)
			}
		}
	})
	step("a deployer backs its site up", func(t *testing.T) {
		d := shop.backUp(t)
		expectOutput(t, shop.run(t, "backups"), d.Name)
	})
	step("changes that would harm a site are refused", func(t *testing.T) { checkSitesRefusals(t, l, platform, shop, out) })
	step("deployers destroy their sites, and then the platform leaves no object", func(t *testing.T) {
		shop.destroy(t)
		shopDestroyed = true
		platform.run(t, "destroy", "--data", "delete") // not refused any more
		platformDestroyed = true
		checkNothingIsLeft(t, l, before)
	})
}

// checkSitesRefusals makes changes, each of which is refused, and reverts them. No read of the site fails.
func checkSitesRefusals(t *testing.T, l lab, platform, shop stack, out io.Writer) {
	r := startReads(t, l)
	platform.set(t, "sites[0].name", "stall")
	platform.set(t, "metallb.addresses[0]", "10.0.0.9-10.0.0.254")
	expectOutput(t, platform.upError(t, out), "sites no longer names the namespace shop", "removes 10.0.0.3", "removes 10.0.0.4")
	platform.set(t, "sites[0].name", "shop")
	platform.set(t, "metallb.addresses[0]", "10.0.0.3-10.0.0.254")

	platform.set(t, "sites[1].namespace", "shop")
	expectOutput(t, platform.upError(t, out), `sites[1].namespace "shop" is also the namespace of sites[0]`)
	platform.set(t, "sites[1].namespace", "sweets")

	expectOutput(t, platform.fails(t, "destroy"), "namespace shop of a site has objects of others", "Service shop/frontend has an address of the pool address-pool")

	shop.set(t, "role", "platform")
	expectOutput(t, shop.upError(t, out), `role "platform" does not use`, `role "platform": this stack has deployed PostgreSQL, Redis, backups, the API, the front end`)
	shop.set(t, "role", "site")

	shop.set(t, "metallb.pool", "other")
	expectOutput(t, shop.upError(t, out), `role "site" does not use metallb`)
	shop.unset(t, "metallb")

	shop.set(t, "backend.loadBalancerIP", "10.0.1.3")
	expectOutput(t, shop.upError(t, out), "backend.loadBalancerIP 10.0.1.3: no IPAddressPool of the cluster contains this address (IPAddressPool metallb-system/address-pool (10.0.0.3-10.0.0.254))")
	shop.set(t, "backend.loadBalancerIP", "10.0.0.3")

	shop.set(t, "namespace", "sweets")
	expectOutput(t, shop.upError(t, out), `namespace "sweets": the user of the kubeconfig has no rights in it`)
	shop.set(t, "namespace", "shop")
	r.stop(t)
}

// checkRights sends requests as the deployer of the site shop, while the site bakery runs.
func checkRights(t *testing.T, l lab, kubeconfig string) {
	t.Helper()
	send := func(request string) (printed string, err error) {
		printedBytes, err := l.command(upLimit, "lab/lab", append([]string{"kubectl", "--kubeconfig", kubeconfig}, strings.Fields(request)...)...).CombinedOutput()
		return string(printedBytes), err
	}
	for _, request := range []string{
		"get secrets -n sweets", "delete deployment/backend -n sweets", "patch service/backend -n sweets -p {}", "exec -n sweets deployment/redis -- true",
		"get secrets -n kube-system", "get nodes", "get services --all-namespaces", "create namespace kitchen", "delete namespace shop",
		"create token deployer -n shop", "create rolebinding cook -n shop --clusterrole=admin --serviceaccount=shop:deployer", "create serviceaccount cook -n shop",
		"patch ipaddresspools/address-pool -n metallb-system --type=merge -p {}",
	} {
		if printed, err := send(request); err == nil || !strings.Contains(strings.ToLower(printed), "forbidden") {
			t.Errorf("kubectl %s: %v\n%s", request, err, printed)
		}
	}
	if printed, err := send("get deployments,secrets,services -n shop"); err != nil {
		t.Errorf("the deployer may not read its own site: %v\n%s", err, printed)
	}
}

// kubeconfigs returns the output of the platform's stack, which must be a secret.
func (s stack) kubeconfigs(t *testing.T) map[string]string {
	t.Helper()
	outputs, err := s.Outputs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	output := outputs["kubeconfigs"]
	values, ok := output.Value.(map[string]any)
	if !ok || !output.Secret {
		t.Fatalf("the output kubeconfigs is a %T, a secret: %t", output.Value, output.Secret)
	}
	texts := map[string]string{}
	for name, value := range values {
		texts[name], _ = value.(string) // an empty one is rejected by its user
	}
	return texts
}

// checkTokenIsHidden fails the test if the token of a kubeconfig is in plain text in the state or in the output.
func checkTokenIsHidden(t *testing.T, s stack, kubeconfig string, printed fmt.Stringer) {
	t.Helper()
	config, err := clientcmd.Load([]byte(kubeconfig))
	if err != nil {
		t.Fatal(err)
	}
	for name, user := range config.AuthInfos {
		for place, text := range map[string]string{"state": contents(t, s.state), "output": printed.String()} {
			if user.Token == "" || strings.Contains(text, user.Token) || strings.Contains(text, encoded(user.Token)) {
				t.Errorf("the token of %s is empty, or in plain text in the %s", name, place)
			}
		}
	}
}

// expectPage fails the test unless the client host gets the page.
func expectPage(t *testing.T, l lab, url string) {
	t.Helper()
	if page := l.onClient(t, "curl", "-sSf", "--max-time", "10", url+"/"); !strings.Contains(page, `id="root"`) {
		t.Errorf("%s is not the page:\n%s", url, page)
	}
}

func writeFile(t *testing.T, folder, name, text string) (path string) {
	t.Helper()
	path = filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
