#!/usr/bin/env bash
# BuildKit 0.31.0: COPY --chmod also sets its mode on the folders that it creates.
#
# In `COPY --chmod=644 file.txt /data/`, an example of the Dockerfile reference, /data gets the mode 0644 too if it does not
# exist. It then has no execute bit, so only root can read file.txt. Without --chmod the folder has the mode 0755. The image
# builds, and a process of another user fails. BuildKit copies with the module fsutil. This script runs fsutil in the version
# that BuildKit 0.31.0 requires, with 0700 in place of 0644, so that it needs no root.
#
# Observed:
#   COPY file.txt /data/                data drwxr-xr-x, file.txt -rw-r--r--
#   COPY --chmod=700 file.txt /data/    data drwx------, file.txt -rwx------
#
# Exit: 0 as stated, 1 changed, 2 not tried.
set -euo pipefail
trap 'exit 2' ERR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOWORK=off GOFLAGS=-mod=mod
umask 022

mkdir context
echo rice >context/file.txt
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	fs "github.com/tonistiigi/fsutil/copy"
)

// build copies as solver/llbsolver/file of BuildKit does, and gives the modes of /data and of the file in it.
func build(image string, options ...fs.Opt) (string, error) {
	if err := os.Mkdir(image, 0o755); err != nil {
		return "", err
	}
	if err := fs.Copy(context.Background(), "context", "/file.txt", image, "/data/", options...); err != nil {
		return "", err
	}
	folder, err := os.Stat(filepath.Join(image, "data"))
	if err != nil {
		return "", err
	}
	file, err := os.Stat(filepath.Join(image, "data", "file.txt"))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("data %v, file.txt %v", folder.Mode(), file.Mode()), nil
}

func main() {
	plain, err := build("plain")
	if err != nil {
		panic(err)
	}
	mode := 0o700
	changed, err := build("changed", func(info *fs.CopyInfo) { info.Mode = &mode })
	if err != nil {
		panic(err)
	}
	fmt.Println("COPY file.txt /data/               ", plain)
	fmt.Println("COPY --chmod=700 file.txt /data/   ", changed)
}
GO
cat >go.mod <<'GO'
module finding

go 1.26

require (
	github.com/tonistiigi/fsutil v0.0.0-20260609091201-0257b3308df4
)
GO
said=$(go run .)
printf '%s\n' "$said"

[[ $said == "COPY file.txt /data/                data drwxr-xr-x, file.txt -rw-r--r--
COPY --chmod=700 file.txt /data/    data drwx------, file.txt -rwx------" ]] || exit 1
