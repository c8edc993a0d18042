package preflight_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/config"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

// engineKeys are the settings that each error about the engine names.
var engineKeys = []string{"images.builder", "DOCKER_HOST", "docker:host", "buildkit"}

// minimalInfo is the /info response of a Docker engine without configured insecure registries.
const minimalInfo = `{"ServerVersion":"20.10.24","RegistryConfig":{"InsecureRegistryCIDRs":["127.0.0.0/8","::1/128"],"IndexConfigs":{"docker.io":{"Secure":true}}}}`

// engine responds to GET /info with text; address is in the form of DOCKER_HOST.
func newEngine(t *testing.T, text string) (address string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "engine.sock")
	listener, err := net.Listen("unix", file)
	if err != nil {
		t.Fatal(err)
	}
	s := &httptest.Server{Listener: listener, Config: &http.Server{Handler: engineOf(text)}}
	s.Start()
	t.Cleanup(s.Close)
	return "unix://" + file
}

func engineOf(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/info" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		io.WriteString(w, text)
	})
}

// withDocker returns a stack with the builder docker, and hides the engine of this machine.
func withDocker(t *testing.T, host string) *config.Config {
	t.Helper()
	newCluster(t, http.StatusOK)
	for _, name := range []string{"DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY", "DOCKER_CONTEXT"} {
		t.Setenv(name, "")
	}
	t.Setenv("DOCKER_HOST", host)
	c := stack(newRegistry(t, "http", loopback).address())
	c.Images.Builder = config.BuilderDocker
	return c
}

func TestEngineAnswers(t *testing.T) {
	accepted(t, withDocker(t, newEngine(t, minimalInfo)))
}

func TestEngineIsNotUsedWithBuildKit(t *testing.T) {
	c := withDocker(t, "unix:///nowhere/docker.sock")
	c.Images.Builder = config.BuilderBuildKit
	accepted(t, c)
}

func TestEngineDoesNotAnswer(t *testing.T) {
	for host, reason := range map[string]string{
		"unix:///nowhere/docker.sock":         "no such file",
		"tcp://" + stacktest.ClosedAddress(t): "refused",
		"docker.example.com":                  "no scheme",
	} {
		t.Run(host, func(t *testing.T) {
			refused(t, withDocker(t, host), 1, append(engineKeys, host, reason)...)
		})
	}
}

// docker:host precedes DOCKER_HOST, as in the plugin.
func TestDockerHostKeyPrecedesEnvironment(t *testing.T) {
	c := withDocker(t, "unix:///nowhere/docker.sock")
	c.Engine.Host = newEngine(t, minimalInfo)
	accepted(t, c)
}

// The plugin does not read docker contexts either.
func TestDockerContextIsIgnored(t *testing.T) {
	c := withDocker(t, "unix:///nowhere/docker.sock")
	t.Setenv("DOCKER_CONTEXT", "kitchen")
	refused(t, c, 1, "docker contexts are not read")
}

// Without an address the plugin tries the sockets of Docker Desktop and of a rootless engine in the home folder.
func TestEngineSocketInHomeFolder(t *testing.T) {
	if _, err := os.Stat("/var/run/docker.sock"); err == nil {
		t.Skip("this machine has a Docker engine, which comes first")
	}
	c := withDocker(t, "")
	refused(t, c, 1, append(engineKeys, "unix:///var/run/docker.sock")...)

	home := t.TempDir()
	t.Setenv("HOME", home)
	if err := os.MkdirAll(filepath.Join(home, ".docker/run"), 0o755); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", filepath.Join(home, ".docker/run/docker.sock"))
	if err != nil {
		t.Fatal(err)
	}
	s := &httptest.Server{Listener: listener, Config: &http.Server{Handler: engineOf(minimalInfo)}}
	s.Start()
	defer s.Close()
	accepted(t, c)
}

func TestOtherServersAreNotAnEngine(t *testing.T) {
	refused(t, withDocker(t, newEngine(t, "<html>")), 1, append(engineKeys, "not that of a Docker engine")...)
	page := serve(t, "http", loopback, http.NotFoundHandler())
	refused(t, withDocker(t, "tcp://"+page.address()), 1, append(engineKeys, page.address(), "404")...)
}

func TestEngineOverTLS(t *testing.T) {
	engine := serve(t, "https", loopback, engineOf(minimalInfo))
	c := withDocker(t, "tcp://"+engine.address())
	refused(t, c, 1, append(engineKeys, engine.address())...) // plain http to a TLS port

	folder := t.TempDir()
	t.Setenv("DOCKER_CERT_PATH", folder)
	refused(t, c, 1, append(engineKeys, folder, "ca.pem")...)

	authority := stacktest.CertificateOf(engine.Server)
	cert, key := clientCertificate(t)
	for file, text := range map[string]string{"ca.pem": authority, "cert.pem": cert, "key.pem": key} {
		testfile.Write(t, filepath.Join(folder, file), text)
	}
	t.Setenv("DOCKER_TLS_VERIFY", "1")
	accepted(t, c)

	t.Setenv("DOCKER_CERT_PATH", "")
	c.Engine = config.Engine{CA: authority, Cert: cert, Key: config.Secret(key)}
	accepted(t, c)

	c.Engine = config.Engine{CertPath: folder}
	testfile.Write(t, filepath.Join(folder, "ca.pem"), cert) // an authority that did not sign the engine's certificate
	refused(t, c, 1, append(engineKeys, engine.address(), "certificate")...)
}

// The engine pushes images. If it does not list the registry as insecure, the first build fails after other objects exist.
func TestEngineMustListInsecureRegistry(t *testing.T) {
	c := withDocker(t, newEngine(t, minimalInfo))
	c.Registry.Insecure = true
	accepted(t, c) // on 127.0.0.1, where engines use plain HTTP by default

	registry := newRegistry(t, "http", loopback)
	_, port, _ := net.SplitHostPort(registry.address())
	c.Registry.Server = "localhost:" + port
	accepted(t, c)

	far := `{"RegistryConfig":{"InsecureRegistryCIDRs":["10.0.0.0/8"],"IndexConfigs":{"docker.io":{"Secure":true},"other.example.com:5000":{"Secure":false}}}}`
	host := newEngine(t, far)
	t.Setenv("DOCKER_HOST", host)
	refused(t, c, 1, "registry.insecure", host, c.Registry.Server, "insecure-registries", "daemon.json", "buildkit")

	t.Setenv("DOCKER_HOST", newEngine(t, `{"RegistryConfig":{"IndexConfigs":{"docker.io":{"Secure":true},"`+c.Registry.Server+`":{"Secure":false}}}}`))
	accepted(t, c)

	t.Setenv("DOCKER_HOST", newEngine(t, `{"RegistryConfig":{"IndexConfigs":{"`+c.Registry.Server+`":{"Secure":true}}}}`)) // listed as secure
	refused(t, c, 1, "registry.insecure", c.Registry.Server)

	t.Setenv("DOCKER_HOST", newEngine(t, `{"ServerVersion":"4.3.1","RegistryConfig":{}}`)) // Podman does not report its list here
	accepted(t, c)
}

// An engine lists a registry as its operator has written it. The error that remains is that of the registry, which does not answer.
func TestEngineListsAnIPv6Address(t *testing.T) {
	c := withDocker(t, newEngine(t, `{"RegistryConfig":{"IndexConfigs":{"docker.io":{"Secure":true},"[0:0::1]:1":{"Secure":false}}}}`))
	c.Registry.Insecure, c.Registry.Server = true, "[::1]:1"
	if text := refused(t, c, 1, `registry.server "[::1]:1"`); strings.Contains(text, "registry.insecure") {
		t.Error(text)
	}
}

// Only the plugin connects by ssh.
func TestEngineBySSHIsNotChecked(t *testing.T) {
	accepted(t, withDocker(t, "ssh://cook@builder.example.com"))
}
