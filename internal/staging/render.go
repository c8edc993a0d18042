package staging

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// Render writes the manifests of a stack of the checkout to the folder out, and returns their number. It runs the engine and the
// Kubernetes plugin on a temporary state, without a cluster, a registry or the stack's secrets. If it fails, Pulumi's output goes
// to log.
func Render(ctx context.Context, checkout, program, stack, out string, settings []string, log io.Writer) (manifests int, err error) {
	staged := Stack{Name: stack, Settings: settings}
	if err := staged.Check(checkout); err != nil { // before a tool is built
		return 0, err
	}
	charts, err := Tools(ctx, checkout)
	if err != nil {
		return 0, err
	}
	if out, err = emptied(out); err != nil {
		return 0, err
	}
	work, err := os.MkdirTemp("", "hankki-render-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	project, state := filepath.Join(work, "project"), filepath.Join(work, "state")
	if err := os.Mkdir(state, 0o700); err != nil {
		return 0, err
	}
	if err := Project(checkout, project, program); err != nil {
		return 0, err
	}
	staged.Rendering = &Rendering{Directory: out, Charts: charts}
	if err := staged.Write(checkout, project); err != nil {
		return 0, err
	}
	environment, err := Environment(state)
	if err != nil {
		return 0, err
	}
	s, err := auto.NewStackLocalSource(ctx, stack, project, auto.EnvVars(environment))
	if err != nil {
		return 0, fmt.Errorf("creating the stack %s: %w", stack, err)
	}
	var printed bytes.Buffer
	if _, err := s.Up(ctx, optup.ProgressStreams(&printed), optup.ErrorProgressStreams(&printed), optup.SuppressProgress()); err != nil {
		_, logged := printed.WriteTo(log)
		return 0, errors.Join(fmt.Errorf("stack %s can't be rendered; Pulumi's output is above", stack), logged)
	}
	return count(out)
}

// emptied creates the folder, and removes the manifests of an earlier rendering. It returns an absolute path.
func emptied(out string) (string, error) {
	out, err := filepath.Abs(out)
	if err != nil {
		return "", fmt.Errorf("folder %s: %w", out, err)
	}
	if err := os.MkdirAll(out, 0o755); err != nil { //nolint:gosec // manifests have no secrets
		return "", err
	}
	for _, folder := range []string{"0-crd", "1-manifest"} { // that the plugin writes
		if err := os.RemoveAll(filepath.Join(out, folder)); err != nil {
			return "", err
		}
	}
	return out, nil
}

func count(folder string) (n int, err error) {
	err = filepath.WalkDir(folder, func(file string, _ fs.DirEntry, err error) error {
		if filepath.Ext(file) == ".yaml" {
			n++
		}
		return err
	})
	return n, err
}
