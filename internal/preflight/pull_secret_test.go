package preflight_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/config"
	"hankki/internal/kubeconfig"
	"hankki/internal/preflight"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

// loginOf returns a Docker config.json with one login.
func loginOf(server, user, password string) string {
	return fmt.Sprintf(`{"auths": {%q: {"auth": %q}}}`, server, base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
}

// referring is a stack whose nodes pull as cook, with the Secret vault.
func referring(server string) *config.Config {
	c := stack(server)
	c.Namespace, c.Secrets.RegistryPassword = "hankki", ""
	c.References.RegistryPassword = &config.Reference{Name: "vault", Key: ".dockerconfigjson"}
	return c
}

// logIn writes what `docker login` of the user cook writes.
func logIn(t *testing.T, server, password string) {
	t.Helper()
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	testfile.Write(t, filepath.Join(os.Getenv("DOCKER_CONFIG"), "config.json"), loginOf(server, "cook", password))
}

func TestPullSecretIsChecked(t *testing.T) {
	registry := newRegistry(t, "http", loopback)
	server := registry.address()
	const pull = "kubernetes.io/dockerconfigjson"
	login := func(server, user, password string) map[string]string {
		return map[string]string{".dockerconfigjson": loginOf(server, user, password)}
	}
	for name, row := range map[string]struct {
		typ      string
		data     map[string]string
		messages [][]string // one for each line of the error
	}{
		"good":              {pull, login(server, "cook", goodPassword), nil},
		"good, with https":  {pull, login("https://"+server+"/v1/", "cook", goodPassword), nil},
		"another type":      {"Opaque", login(server, "cook", goodPassword), [][]string{{"the type is Opaque", pull}}},
		"another server":    {pull, login("other.example.com", "chef", goodPassword), [][]string{{`no login of the user "cook" at registry.server`, server, `it has the user "chef" at "other.example.com"`, "registry.username"}}},
		"another user":      {pull, login(server, "chef", goodPassword), [][]string{{`no login of the user "cook"`, fmt.Sprintf(`it has the user "chef" at %q`, server)}}},
		"no login":          {pull, map[string]string{".dockerconfigjson": "{}"}, [][]string{{"it has no login"}}},
		"no JSON":           {pull, map[string]string{".dockerconfigjson": goodPassword}, [][]string{{"key .dockerconfigjson", "not a config.json of Docker"}}},
		"no password":       {pull, login(server, "cook", ""), [][]string{{`the user "cook"`, "has no password"}}},
		"a wrong password":  {pull, login(server, "cook", badPassword), [][]string{{"refuses the login of the user", `"cook"`, server, "401"}}},
		"a value":           {"Opaque", map[string]string{"password": goodPassword}, [][]string{{"the type is Opaque"}, {"lacks the key that secrets.registryPassword.key names", "it has the keys password"}}},
		"all wrong at once": {"Opaque", login(server, "chef", goodPassword), [][]string{{"the type is Opaque"}, {`no login of the user "cook"`}}},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := newCluster(t, http.StatusOK)
			cluster.objects[vault] = secretOf(t, row.typ, row.data)
			access, err := kubeconfig.Load("")
			if err != nil {
				t.Fatal(err)
			}
			c := referring(server)
			err = preflight.References(context.Background(), c, access)
			checkLines(t, err, row.messages, "secrets.registryPassword", "Secret hankki/vault")
			for _, password := range []string{goodPassword, badPassword} {
				if err != nil && strings.Contains(err.Error(), password) {
					t.Error("the error prints a password")
				}
			}
			if len(c.External) > 0 {
				t.Errorf("%d values of the pull Secret are kept", len(c.External))
			}
		})
	}
}

// Config rejects the reference, or the check of the registry reports it: the Secret is not blamed for either.
func TestPullSecretIsNotBlamedForOthers(t *testing.T) {
	for name, change := range map[string]func(c *config.Config){
		"no server":                         func(c *config.Config) { c.Registry.Server = "" },
		"no user":                           func(c *config.Config) { c.Registry.Username = "" },
		"another key":                       func(c *config.Config) { c.References.RegistryPassword.Key = "password" },
		"a registry that does not respond":  func(*config.Config) {},
		"an authority that can't be loaded": func(c *config.Config) { c.Registry.CAFile = "missing.pem" },
	} {
		t.Run(name, func(t *testing.T) {
			server := stacktest.ClosedAddress(t)
			cluster := newCluster(t, http.StatusOK)
			cluster.objects[vault] = secretOf(t, "kubernetes.io/dockerconfigjson", map[string]string{".dockerconfigjson": loginOf(server, "cook", goodPassword), "password": goodPassword})
			access, err := kubeconfig.Load("")
			if err != nil {
				t.Fatal(err)
			}
			c := referring(server)
			c.Registry.Insecure = true
			change(c)
			if err := preflight.References(context.Background(), c, access); err != nil {
				t.Error(err)
			}
		})
	}
}

// Builders push with the credentials of `docker login`, whose user may differ from that of the nodes.
func TestPushIsCheckedWithDockerLogin(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := newRegistry(t, "http", loopback)
	c := referring(registry.address())
	c.Registry.Username = "robot"
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	refused(t, c, 1, "registry.server", registry.address(), "docker login "+registry.address(), "secrets.registryPassword", os.Getenv("DOCKER_CONFIG"))
	if requested := registry.requests(); len(requested) > 0 {
		t.Errorf("requests were sent without a login: %q", requested)
	}

	logIn(t, registry.address(), badPassword)
	text := refused(t, c, 1, "registry.server", registry.address(), `"cook"`, "401", "docker login "+registry.address())
	if strings.Contains(text, "hankki:registryPassword") {
		t.Errorf("the error names the password of the configuration:\n%s", text)
	}

	logIn(t, registry.address(), goodPassword)
	accepted(t, c)
}

// Images in use are looked up with it, too.
func TestImagesInUseAreCheckedWithDockerLogin(t *testing.T) {
	newCluster(t, http.StatusOK)
	registry := newRegistry(t, "http", loopback)
	c := using(t, registry)
	c.Secrets.RegistryPassword, c.References = "", referring("").References
	logIn(t, registry.address(), badPassword)
	refused(t, c, 3, "images.use.backend", `"cook"`, "401", "docker login "+registry.address())
	logIn(t, registry.address(), goodPassword)
	accepted(t, c)
}
