#!/usr/bin/env bash
# Pulumi 3.259.0, Automation API for Go: a message arrives in the stack's history with quotes, and its line breaks as \n.
#
# The options Message of up, preview, refresh and destroy are passed to the CLI as --message=%q (go/auto/stack.go): a Go string literal.
# The CLI is started without a shell, so nothing removes the quotes or the escapes: `pulumi stack history`, and the console, show
# "Roll back" instead of Roll back.
#
# The program below calls Up with a message of two lines. The CLI in its PATH is a script that records its arguments, one per line.
#
# Seen:
#   --message="Roll back\nto release 3"
#
# Exit: 0 as stated, 1 changed, 2 not tried.
set -euo pipefail
trap 'exit 2' ERR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOWORK=off GOFLAGS=-mod=mod

mkdir cli project
cat >cli/pulumi <<'CLI'
#!/bin/sh
if [ "$1" = version ]; then echo v3.259.0; fi
for argument; do printf '%s\n' "$argument" >>"$RECORD"; done
CLI
chmod +x cli/pulumi
printf 'name: finding\nruntime: go\n' >project/Pulumi.yaml

cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

func main() {
	ctx := context.Background()
	stack, err := auto.SelectStackLocalSource(ctx, "dev", "project")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	// The recording CLI returns no result, so Up returns an error after the command has run.
	_, _ = stack.Up(ctx, optup.Message("Roll back\nto release 3"))
}
GO
cat >go.mod <<'GO'
module finding

go 1.26

require github.com/pulumi/pulumi/sdk/v3 v3.259.0
GO
go build -o finding .
RECORD=$work/arguments PATH=$work/cli:$PATH ./finding
seen=$(grep -- '--message' arguments)
printf '%s\n' "$seen"

[[ $seen == '--message="Roll back\nto release 3"' ]] || exit 1
