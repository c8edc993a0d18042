package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
)

// isLocal reports whether the source of a restore is a file of this machine.
func isLocal(from string) bool { return strings.HasSuffix(from, ".dump") }

// readLocal reads the description beside a local dump, and verifies the dump.
func readLocal(path string) (Dump, error) {
	description := strings.TrimSuffix(path, ".dump") + ".json"
	line, err := os.ReadFile(description)
	if err != nil {
		return Dump{}, fmt.Errorf("%w; a copied dump has its description beside it", err)
	}
	d, err := parse(line)
	if err != nil {
		return Dump{}, fmt.Errorf("%s: %w", description, err)
	}
	file, err := os.Open(path)
	if err != nil {
		return Dump{}, fmt.Errorf("the dump: %w", err)
	}
	defer file.Close()
	digest := sha256.New()
	if _, err := io.Copy(digest, file); err != nil {
		return Dump{}, fmt.Errorf("the dump: %w", err)
	}
	if got := hex.EncodeToString(digest.Sum(nil)); got != d.SHA256 {
		return Dump{}, fmt.Errorf("the dump %s is damaged: its SHA-256 is %s, not %s; choose another dump", path, got, d.SHA256)
	}
	return d, nil
}

// upload copies a local dump to the store, unless the store has it.
func (s *session) upload(ctx context.Context, path string, d Dump) error {
	dumps, err := s.list(ctx)
	if err != nil {
		return err
	}
	if has, err := find(dumps, d.Name); err == nil && has.SHA256 == d.SHA256 {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("the dump: %w", err)
	}
	defer file.Close()
	fmt.Fprintf(s.log, "copying %s to %s\n", path, s.store())
	if err := s.run(ctx, file, io.Discard, "receive", d.Name, d.line); err != nil {
		return fmt.Errorf("copying %s to %s: %w", path, s.store(), err)
	}
	return nil
}
