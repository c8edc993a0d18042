#!/usr/bin/env bash
# to-stderr.sh ARGUMENT...: bash, with the standard output on the standard error. A shell for recipes of make that print progress.
exec bash "$@" >&2
