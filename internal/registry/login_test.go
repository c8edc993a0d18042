package registry_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/config"
	"hankki/internal/registry"
	"hankki/internal/testfile"
)

// authOf returns a Docker config.json with a login of the user cook for each server.
func authOf(password string, servers ...string) string {
	var auths []string
	for _, server := range servers {
		auths = append(auths, fmt.Sprintf("%q: {\"auth\": %q}", server, base64.StdEncoding.EncodeToString([]byte("cook:"+password))))
	}
	return `{"auths": {` + strings.Join(auths, ", ") + `}}`
}

// referring is a stack whose password of the registry is a reference to the Secret of its pods.
func referring(server string) *config.Config {
	return &config.Config{
		Registry:   config.Registry{Server: server, Username: "robot", Insecure: true},
		References: config.References{RegistryPassword: &config.Reference{Name: "vault", Key: ".dockerconfigjson"}},
	}
}

// With a reference, this machine uses the credentials of `docker login`.
func TestReferenceUsesDockerLogin(t *testing.T) {
	s := newServer(t)
	digest := s.push(t, newImage(t))
	for _, text := range []string{
		authOf("right", s.address()), authOf("right", "http://"+s.address()+"/v2/"), authOf("right", "other.example.com", s.address()),
	} {
		t.Setenv("DOCKER_CONFIG", t.TempDir())
		testfile.Write(t, filepath.Join(os.Getenv("DOCKER_CONFIG"), "config.json"), text)
		c, err := registry.Of(referring(s.address()))
		if err != nil {
			t.Fatal(err)
		}
		if found, err := c.Has(t.Context(), s.address()+"/hankki/backend", digest); err != nil || !found || c.Username() != "cook" {
			t.Errorf("found %v, error %v, user %q", found, err, c.Username())
		}
	}
}

// A credential helper of the machine is used; one that a Secret names is not run.
func TestCredentialHelper(t *testing.T) {
	s := newServer(t)
	commands := t.TempDir()
	helper := filepath.Join(commands, "docker-credential-kitchen")
	testfile.Write(t, helper, "#!/bin/sh\necho x >>"+commands+"/calls\nif [ $1 = list ]; then echo '{\"http://"+s.address()+"\": \"cook\"}'; else echo '{\"Username\": \"cook\", \"Secret\": \"right\"}'; fi\n")
	if err := os.Chmod(helper, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", commands+":"+os.Getenv("PATH"))
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	for _, text := range []string{`{"credHelpers": {"` + s.address() + `": "kitchen"}}`, `{"credsStore": "kitchen"}`} {
		logins, err := registry.ParseLogins([]byte(text))
		if _, found := logins.At(s.address()); found || err != nil {
			t.Errorf("a Secret's credential helper gives a login, error %v", err)
		}
		if _, err := os.Stat(commands + "/calls"); err == nil {
			t.Fatal("a Secret's credential helper is run")
		}
	}
	for _, text := range []string{`{"credHelpers": {"` + s.address() + `": "kitchen"}}`, `{"credsStore": "kitchen"}`} {
		testfile.Write(t, filepath.Join(os.Getenv("DOCKER_CONFIG"), "config.json"), text)
		c, err := registry.Of(referring(s.address()))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.CheckLogin(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// Without a login no request is sent. The builders do not use a token without a user name.
func TestReferenceWithoutDockerLogin(t *testing.T) {
	s := newServer(t)
	for name, text := range map[string]string{
		"no file": "", "another server": authOf("right", "other.example.com"), "a part of the registry": authOf("right", s.address()+"/hankki"),
		"a token": `{"auths": {"` + s.address() + `": {"identitytoken": "abc"}}}`, "no password": authOf("", s.address()),
	} {
		t.Setenv("DOCKER_CONFIG", t.TempDir())
		file := filepath.Join(os.Getenv("DOCKER_CONFIG"), "config.json")
		if text != "" {
			testfile.Write(t, file, text)
		}
		_, err := registry.Of(referring(s.address()))
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, word := range []string{"registry.server", s.address(), file, "secrets.registryPassword", "docker login " + s.address()} {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: the error does not name %q: %v", name, word, err)
			}
		}
	}
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	testfile.Write(t, filepath.Join(os.Getenv("DOCKER_CONFIG"), "config.json"), "{")
	if _, err := registry.Of(referring(s.address())); err == nil || !strings.Contains(err.Error(), "config.json") {
		t.Errorf("a broken file: error %v", err)
	}
}

func TestLoginsOfAServer(t *testing.T) {
	for _, row := range []struct {
		key, server string
		found       bool
	}{
		{"registry.example.com", "registry.example.com", true},
		{"https://registry.example.com", "registry.example.com", true},
		{"https://registry.example.com/v1/", "registry.example.com", true},
		{"https://registry.example.com/", "registry.example.com", true},
		{"registry.example.com/v1", "registry.example.com", false}, // a path, for the kubelet
		{"registry.example.com:5000", "registry.example.com", false},
		{"registry.example.com/team", "registry.example.com", false},
		{"*.example.com", "registry.example.com", false},
		{"https://index.docker.io/v1/", "docker.io", true},
		{"[2001:db8::1]:5000", "[2001:db8::1]:5000", true},
		{"", "registry.example.com", false},
	} {
		t.Run(fmt.Sprintf("login %q for %s", row.key, row.server), func(t *testing.T) {
			logins, err := registry.ParseLogins([]byte(authOf("right", row.key)))
			if err != nil {
				t.Fatal(err)
			}
			if login, found := logins.At(row.server); found != row.found || found && (login.Username != "cook" || login.Password.Reveal() != "right") {
				t.Errorf("%q for %s: found %v, user %q", row.key, row.server, found, login.Username)
			}
		})
	}
}

func TestInvalidLoginsAreNotPrinted(t *testing.T) {
	for _, text := range []string{"hunter2", `{"auths": {"r": {"password": 4711}}}`, `{"auths": {"r": {"auth": "aHVudGVyMg"}}}`, `{"auths": "hunter2"}`} {
		if _, err := registry.ParseLogins([]byte(text)); err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "4711") {
			t.Errorf("%s: error %v", text, err)
		}
	}
	logins, err := registry.ParseLogins([]byte(authOf("hunter2", "b", "a")))
	if want := `the user "cook" at "a", the user "cook" at "b"`; err != nil || logins.String() != want {
		t.Errorf("the logins are %s, error %v", logins, err)
	}
	if none := (registry.Logins{}).String(); none != "no login" {
		t.Errorf("without a login: %s", none)
	}
}

func TestCheckLogin(t *testing.T) {
	s := newServer(t)
	for password, refused := range map[string]bool{"right": false, "wrong": true} {
		if err := s.client(t, password).CheckLogin(t.Context()); (err != nil) != refused || registry.IsRefused(err) != refused {
			t.Errorf("password %s: error %v", password, err)
		}
	}
	c := s.client(t, "wrong")
	s.Close()
	if err := c.CheckLogin(t.Context()); err == nil || registry.IsRefused(err) {
		t.Errorf("a registry that does not respond: error %v", err)
	}
}

// A registry with tokens checks the password when it issues one.
func TestCheckLoginWithTokens(t *testing.T) {
	var registryURL string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch user, password, _ := r.BasicAuth(); {
		case r.URL.Path == "/token" && user == "cook" && password == "right":
			io.WriteString(w, `{"token": "ticket"}`)
		case r.Header.Get("Authorization") != "Bearer ticket":
			w.Header().Set("WWW-Authenticate", `Bearer realm="`+registryURL+`/token",service="kitchen"`)
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer s.Close()
	registryURL = s.URL
	for password, refused := range map[string]bool{"right": false, "wrong": true} {
		t.Run("password "+password, func(t *testing.T) {
			c, err := registry.New(config.Registry{Server: s.Listener.Addr().String(), Username: "cook", Insecure: true}, config.Secret(password))
			if err != nil {
				t.Fatal(err)
			}
			if err := c.CheckLogin(t.Context()); (err != nil) != refused || registry.IsRefused(err) != refused {
				t.Errorf("password %s: error %v", password, err)
			}
		})
	}
}
