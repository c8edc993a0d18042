# The commands that must exist before `make up` can install or build anything.
# shellcheck shell=bash

check_commands() {
  local command want have
  for command in git make; do
    command -v "$command" >/dev/null || echo "command $command: not found: apt-get install $command"
  done
  want=$(sed -n 's/^go //p' "$here/../go.mod")
  if ! command -v go >/dev/null; then
    echo "command go: not found: install Go $want or newer (https://go.dev/dl)"
    return
  fi
  have=$(go -C "$here/.." env GOVERSION 2>&1) || true # an older Go fetches the version of go.mod; its error is reported below
  have=${have#go}
  if [[ $have != [0-9]* ]] || ! printf '%s\n' "$want" "$have" | sort --check=quiet --version-sort; then
    echo "Go: go.mod needs $want, this is ${have//$'\n'/ }: install a newer Go (https://go.dev/dl)"
  fi
}
