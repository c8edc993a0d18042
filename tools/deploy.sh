#!/usr/bin/env bash
# deploy.sh STACK PLAN: deploys the checked-out commit, if it is the newest of main and still changes exactly what PLAN lists.
# PLAN is the output of `make plan` that was approved. Needs gh with GH_TOKEN, and GITHUB_REPOSITORY.
set -euo pipefail
stack=$1 plan=$2
here=$(git rev-parse HEAD)
newest=$(gh api "repos/$GITHUB_REPOSITORY/commits/main" --jq .sha)
if [[ $here != "$newest" ]]; then
  echo "deploy.sh: the approved commit is $here, and main is at $newest: approve the deployment of that commit" >&2
  exit 1
fi
now=$(mktemp)
trap 'rm -f "$now"' EXIT
make plan STACK="$stack" LAB=off OUT="$now"
if ! diff --unified --label approved --label now "$plan" "$now"; then
  echo "deploy.sh: stack $stack or its cluster has changed since the approval, so nothing is deployed: run the workflow again" >&2
  exit 1
fi
make up STACK="$stack" LAB=off
