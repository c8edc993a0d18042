#!/usr/bin/env bash
# passphrase.sh FILE: generates the passphrase that encrypts a stack's secrets, unless FILE has one.
set -euo pipefail
[[ ! -s $1 ]] || exit 0
mkdir -p "$(dirname "$1")"
umask 077
openssl rand -hex 32 >"$1"
