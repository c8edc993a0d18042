package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"hankki/internal/cluster"
	"hankki/internal/stack"
)

// List returns the dumps, the newest first.
func List(ctx context.Context, s *stack.Stack, log io.Writer) (dumps []Dump, err error) {
	site, err := open(ctx, s, log)
	if err != nil {
		return nil, err
	}
	err = site.within(ctx, func(in *session) error {
		dumps, err = in.list(ctx)
		return err
	})
	return dumps, err
}

// Copied is a dump that was copied out of the cluster.
type Copied struct {
	Dump
	Files []string `json:"files"` // the dump, its description and the stack's state
}

// Copy copies a dump and its description to a folder, and the stack's state beside them. Secrets in the state stay
// encrypted.
func Copy(ctx context.Context, s *stack.Stack, name, folder string, log io.Writer) (copied Copied, err error) {
	site, err := open(ctx, s, log)
	if err != nil {
		return Copied{}, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return Copied{}, fmt.Errorf("the folder of the copy: %w", err)
	}
	err = site.within(ctx, func(in *session) error {
		dumps, err := in.list(ctx)
		if err != nil {
			return err
		}
		if copied.Dump, err = find(dumps, name); err != nil {
			return err
		}
		copied.Files, err = in.fetch(ctx, copied.Dump, folder)
		return err
	})
	if err != nil {
		return Copied{}, err
	}
	state := filepath.Join(folder, s.Project+"-"+s.Name()+".state.json")
	copied.Files = append(copied.Files, state)
	return copied, exportState(ctx, s, state)
}

// fetch copies a dump to the folder and verifies it. The description is written last: it marks the copy as complete.
func (s *session) fetch(ctx context.Context, d Dump, folder string) (files []string, err error) {
	dump, description := filepath.Join(folder, d.Name+".dump"), filepath.Join(folder, d.Name+".json")
	file, err := os.OpenFile(dump, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the copy of the dump: %w", err)
	}
	digest := sha256.New()
	err = errors.Join(s.run(ctx, nil, io.MultiWriter(file, digest), "send", d.Name), file.Close())
	if err != nil {
		return nil, fmt.Errorf("copying the dump %s: %w", d.Name, err)
	}
	if got := hex.EncodeToString(digest.Sum(nil)); got != d.SHA256 {
		return nil, fmt.Errorf("the copy %s is damaged: its SHA-256 is %s, not %s; repeat the command", dump, got, d.SHA256)
	}
	if err := os.WriteFile(description, []byte(d.line+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("the description of the dump: %w", err)
	}
	return []string{dump, description}, nil
}

// exportState writes the state as `pulumi stack export` does.
func exportState(ctx context.Context, s *stack.Stack, path string) error {
	state, err := s.Export(ctx)
	if err != nil {
		return fmt.Errorf("state of stack %s: %w", s.Name(), err)
	}
	text, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return fmt.Errorf("state of stack %s: %w", s.Name(), err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("state of stack %s: %w", s.Name(), err)
	}
	return nil
}

// store names the bucket or the PersistentVolumeClaim of the dumps, for output.
func (s site) store() string {
	if bucket := s.variable("BUCKET"); bucket != "" {
		return fmt.Sprintf("bucket %s at %s", bucket, s.variable("RCLONE_S3_ENDPOINT"))
	}
	for _, v := range s.cronJob.Spec.JobTemplate.Spec.Template.Spec.Volumes {
		if v.PersistentVolumeClaim != nil {
			return cluster.Object{Kind: cluster.ClaimKind, Namespace: s.cronJob.Namespace, Name: v.PersistentVolumeClaim.ClaimName}.String()
		}
	}
	return "an unknown volume"
}
