#!/usr/bin/env bash
# deploy-tls.sh: measures the time from an empty lab to a site that responds, by `pulumi up` of the stack onprem with plain http and with
# https, in turn, $ROUNDS times (default 5) after one warm-up round. The certificate is of a private authority (`tls.generate`), which
# each round generates. The lab must have no stack; deploy-tls.sh removes its own, also when interrupted.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${HANKKI_CACHE:?}" "${HANKKI_LAB:?}" "${HANKKI_PROGRAM:?}" "${HANKKI_COMMAND:?}"
source tools/bench/lib.sh
source tools/bench/race.sh
source tools/bench/stack.sh
export KUBECONFIG=$HANKKI_LAB/kubeconfig DOCKER_CONFIG=$HANKKI_LAB/docker
readonly ROUNDS=${ROUNDS:-5}

main() {
  local round
  require_empty
  work=$(mktemp -d) waiter=
  trap 'clean_up stack_down' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  stack_environment
  say "warm-up: builds and pushes the images, and the nodes pull them"
  logged "staging the stack onprem" stack_prepare
  deploy warm-up https true
  for ((round = 1; round <= ROUNDS; round++)); do
    deploy http http false
    deploy https https true
    say "round $round of $ROUNDS: both addresses answered after $(tail -n 1 "$work/http.answered") s over http, $(tail -n 1 "$work/https.answered") s over https"
  done

  echo "| \`pulumi up\` from nothing, medians of $ROUNDS (least–greatest) | http | https | https takes longer (goal: at most 1 s) |"
  echo "|---|---|---|---|"
  row "both addresses answer" answered
  row "both addresses answer and the command has exited" ended
}

deploy() { # NAME PROTOCOL GENERATE
  ADDRESSES=("$2://10.0.0.4/" "$2://10.0.0.3:5000/api/v1/recipes")
  logged "tls.generate $3" pulumi_ config set --path hankki:tls.generate "$3"
  race "$work/$1" stack_up
  remove stack_down
}

row() { # WHAT FILE
  echo "| $1 | $(summary "$work/http.$2") | $(summary "$work/https.$2") | $(longer "$work/http.$2" "$work/https.$2") |"
}

main
