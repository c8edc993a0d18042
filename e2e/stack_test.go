package e2e

import (
	"context"
	"crypto/rand"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"

	"hankki/internal/testfile"
)

// upLimit is the timeout of one `pulumi up`: three image builds without a cache, and the rollout.
const upLimit = 20 * time.Minute

// stack is a Pulumi stack in its own project folder, with a copy of the images' sources that a test may change.
type stack struct {
	auto.Stack
	folder string
	state  string // folder of the local backend
	// secrets are the configured secrets, by key. No output, state or log may have one in plain text.
	secrets map[string]string
}

// stageOnprem stages the stack onprem without its secrets; setSecrets sets them.
func stageOnprem(t *testing.T, l lab) stack {
	t.Helper()
	s := stage(t, l, "onprem",
		"hankki:registry.server=127.0.0.1:5001", // the registry port that requires a login
		"hankki:database.host=10.0.1.3",
		"hankki:backend.sampleData=true",
	)
	s.secrets = map[string]string{
		"hankki:registryPassword": l.secretFile(t, "registry-password"),
		"hankki:databasePassword": l.secretFile(t, "postgres-password"),
		"hankki:redisPassword":    rand.Text() + rand.Text(),
		"hankki:signingKey":       rand.Text() + rand.Text(),
	}
	return s
}

// stage creates a stack from a shipped stack file, overridden by the lab's addresses and more values.
func stage(t *testing.T, l lab, name string, more ...string) stack {
	t.Helper()
	return stageFile(t, l, name, stackFile{path: filepath.Join(l.root, "Pulumi."+name+".yaml"), role: "all", kubeconfig: filepath.Join(l.folder, "kubeconfig")}, more...)
}

// stackFile is a stack file, with the role of the stack and the kubeconfig of its deployer.
type stackFile struct{ path, role, kubeconfig string }

// stageFile creates a stack from a stack file, overridden by the lab's values for its role and more values.
func stageFile(t *testing.T, l lab, name string, file stackFile, more ...string) stack {
	t.Helper()
	s := stack{folder: filepath.Join(t.TempDir(), "project"), state: t.TempDir()}
	testfile.CopyCheckout(t, l.root, s.folder, "images")
	overlay := append(strings.Fields(l.run(t, "lab/overlay.sh", file.role)), more...)
	// The state belongs to the test. A stack that `make up` left on the lab is not changed.
	environment := map[string]string{
		"PULUMI_BACKEND_URL":            "file://" + s.state,
		"PULUMI_CONFIG_PASSPHRASE":      rand.Text(),
		"PULUMI_CONFIG_PASSPHRASE_FILE": "",
		"PULUMI_SKIP_UPDATE_CHECK":      "true",
		"KUBECONFIG":                    file.kubeconfig,
	}
	c := l.command(time.Minute, os.Getenv("HANKKI_COMMAND"),
		append([]string{"stage", "--stack", name, "--file", file.path, "--to", s.folder}, overlay...)...)
	c.Env = os.Environ()
	for k, v := range environment {
		c.Env = append(c.Env, k+"="+v)
	}
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("staging the stack: %v\n%s", err, out)
	}
	selected, err := auto.SelectStackLocalSource(context.Background(), name, s.folder, auto.EnvVars(environment))
	if err != nil {
		t.Fatal(err)
	}
	s.Stack = selected
	return s
}

func (s stack) setSecrets(t *testing.T) {
	t.Helper()
	values := auto.ConfigMap{}
	for key, value := range s.secrets {
		values[key] = auto.ConfigValue{Value: value, Secret: true}
	}
	if err := s.SetAllConfig(context.Background(), values); err != nil {
		t.Fatal(err)
	}
}

// set sets one value by its path after "hankki:", as `pulumi config set --path` does.
func (s stack) set(t *testing.T, path, value string) {
	t.Helper()
	if err := s.SetConfigWithOptions(t.Context(), "hankki:"+path, auto.ConfigValue{Value: value}, &auto.ConfigOptions{Path: true}); err != nil {
		t.Fatal(err)
	}
}

// unset removes one value by its path after "hankki:".
func (s stack) unset(t *testing.T, path string) {
	t.Helper()
	if err := s.RemoveConfigWithOptions(t.Context(), "hankki:"+path, &auto.ConfigOptions{Path: true}); err != nil {
		t.Fatal(err)
	}
}

// up runs `pulumi up` and returns the operation of each changed resource, by "TYPE NAME". The CLI's output is written to output.
func (s stack) up(t *testing.T, output io.Writer, opts ...optup.Option) map[string]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), upLimit)
	defer cancel()
	stream := make(chan events.EngineEvent)
	done := make(chan map[string]string)
	go func() { done <- changes(stream) }()
	_, err := s.Up(ctx, append(opts, optup.ProgressStreams(output), optup.ErrorProgressStreams(output), optup.EventStreams(stream))...)
	if err != nil {
		t.Fatalf("pulumi up: %v", err)
	}
	return <-done
}

// changes returns the operation of each changed resource, by "TYPE NAME".
func changes(stream <-chan events.EngineEvent) map[string]string {
	found := map[string]string{}
	for e := range stream {
		if e.ResourcePreEvent == nil || e.ResourcePreEvent.Metadata.Op == "same" {
			continue
		}
		m := e.ResourcePreEvent.Metadata
		parts := strings.Split(m.URN, "::")
		found[m.Type+" "+parts[len(parts)-1]] = string(m.Op)
	}
	return found
}

// upError runs `pulumi up`, which must fail, and returns its output.
func (s stack) upError(t *testing.T, output io.Writer, opts ...optup.Option) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), upLimit)
	defer cancel()
	var printed strings.Builder
	both := io.MultiWriter(&printed, output)
	if _, err := s.Up(ctx, append(opts, optup.ProgressStreams(both), optup.ErrorProgressStreams(both))...); err == nil {
		t.Fatal("pulumi up succeeds")
	}
	return printed.String()
}

// previewError runs `pulumi preview`, which must fail, and returns its output.
func (s stack) previewError(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var out strings.Builder
	_, err := s.Preview(ctx, optpreview.ProgressStreams(&out), optpreview.ErrorProgressStreams(&out))
	if err == nil {
		t.Fatalf("pulumi preview succeeds:\n%s", out.String())
	}
	return out.String()
}

func (s stack) output(t *testing.T, name string) string {
	t.Helper()
	outputs, err := s.Outputs(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	value, ok := outputs[name].Value.(string)
	if !ok {
		t.Fatalf("stack output %s is %v, not a text", name, outputs[name].Value)
	}
	return value
}

// destroy deletes all objects of the stack with its data, also after a failure, so that the next test finds an empty cluster.
func (s stack) destroy(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), upLimit)
	defer cancel()
	destroy := s.hankki(ctx, "destroy", "--data", "delete", "--shared", "delete")
	out, err := destroy.CombinedOutput()
	if err != nil {
		t.Fatalf("hankki destroy: %v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// hankki returns a command of the hankki CLI on the stack.
func (s stack) hankki(ctx context.Context, command string, flags ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, os.Getenv("HANKKI_COMMAND"), append([]string{command, "--cwd", s.folder, "--stack", s.Name()}, flags...)...)
	c.Env = os.Environ()
	for key, value := range s.Workspace().GetEnvVars() {
		c.Env = append(c.Env, key+"="+value)
	}
	return c
}

// destroyAtEnd destroys the stack at the end of the test, unless the test has done so: then it has set destroyed. After a failure it
// logs the cluster's objects first.
func (s stack) destroyAtEnd(t *testing.T, l lab, destroyed *bool) {
	t.Helper()
	t.Cleanup(func() {
		if t.Failed() {
			t.Log("objects and events of the cluster:\n" + l.kubectl(t, "get", "pods,services,jobs,cronjobs,pvc,nodes", "-A", "-o", "wide") +
				l.kubectl(t, "get", "events", "-n", "hankki", "--sort-by=.lastTimestamp", "--ignore-not-found"))
		}
		if !*destroyed {
			s.destroy(t)
		}
	})
}
