package preflight_test

import (
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"hankki/internal/config"
)

// engineKeys are the ways out that an error about the engine names.
var engineKeys = []string{"images.builder", "DOCKER_HOST", "docker:host", "buildkit"}

// toldNothing is what an engine of Docker's answers that was told of no registry over plain http.
const minimalInfo = `{"ServerVersion":"20.10.24","RegistryConfig":{"InsecureRegistryCIDRs":["127.0.0.0/8","::1/128"],"IndexConfigs":{"docker.io":{"Secure":true}}}}`

// engine answers GET /info with text; address is one of DOCKER_HOST.
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

// withDocker is a stack that is built by a Docker engine; the environment of the test has none of its own.
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

func TestEngineIsNotAskedForBuildKit(t *testing.T) {
	c := withDocker(t, "unix:///nowhere/docker.sock")
	c.Images.Builder = config.BuilderBuildKit
	accepted(t, c)
}

func TestEngineDoesNotAnswer(t *testing.T) {
	for host, reason := range map[string]string{
		"unix:///nowhere/docker.sock": "no such file",
		"tcp://" + closed(t):          "refused",
		"docker.example.com":          "no scheme",
	} {
		refused(t, withDocker(t, host), 1, append(engineKeys, host, reason)...)
	}
}

// docker:host comes before DOCKER_HOST, as in the plugin.
func TestEngineOfTheStackComesBeforeThatOfTheShell(t *testing.T) {
	c := withDocker(t, "unix:///nowhere/docker.sock")
	c.Engine.Host = newEngine(t, minimalInfo)
	accepted(t, c)
}

// A docker context is not read by the plugin either.
func TestEngineIsNotFoundByADockerContext(t *testing.T) {
	c := withDocker(t, "unix:///nowhere/docker.sock")
	t.Setenv("DOCKER_CONTEXT", "kitchen")
	refused(t, c, 1, "docker contexts are not read")
}

// Without an address the plugin tries the sockets of Docker Desktop and of a rootless engine in the home folder.
func TestEngineOfTheHomeFolder(t *testing.T) {
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

func TestWhatIsNoEngineIsRefused(t *testing.T) {
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

	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: engine.Certificate().Raw}))
	cert, key := clientCertificate(t)
	for file, text := range map[string]string{"ca.pem": authority, "cert.pem": cert, "key.pem": key} {
		write(t, filepath.Join(folder, file), text)
	}
	t.Setenv("DOCKER_TLS_VERIFY", "1")
	accepted(t, c)

	t.Setenv("DOCKER_CERT_PATH", "")
	c.Engine = config.Engine{CA: authority, Cert: cert, Key: config.Secret(key)}
	accepted(t, c)

	c.Engine = config.Engine{CertPath: folder}
	write(t, filepath.Join(folder, "ca.pem"), cert) // an authority that did not sign the engine's certificate
	refused(t, c, 1, append(engineKeys, engine.address(), "certificate")...)
}

// The engine pushes: if it was not told of a registry over plain http, the first build fails after other objects exist.
func TestEngineMustKnowARegistryOverPlainHTTP(t *testing.T) {
	c := withDocker(t, newEngine(t, minimalInfo))
	c.Registry.Insecure = true
	accepted(t, c) // on 127.0.0.1, which each engine takes over plain http

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

	t.Setenv("DOCKER_HOST", newEngine(t, `{"RegistryConfig":{"IndexConfigs":{"`+c.Registry.Server+`":{"Secure":true}}}}`)) // known, by TLS
	refused(t, c, 1, "registry.insecure", c.Registry.Server)

	t.Setenv("DOCKER_HOST", newEngine(t, `{"ServerVersion":"4.3.1","RegistryConfig":{}}`)) // Podman's list is elsewhere
	accepted(t, c)
}

// Only the plugin goes by ssh.
func TestEngineBySSHIsNotAsked(t *testing.T) {
	accepted(t, withDocker(t, "ssh://cook@builder.example.com"))
}
