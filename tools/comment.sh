#!/usr/bin/env bash
# comment.sh REPOSITORY FILE: posts the review FILE as a comment on the pull request of the branch $HEAD_OWNER:$HEAD_BRANCH whose
# newest commit is $HEAD_SHA. FILE is untrusted: its content does not select the pull request. Needs gh with GH_TOKEN.
set -euo pipefail
repository=$1 file=$2
: "${HEAD_SHA:?}" "${HEAD_OWNER:?}" "${HEAD_BRANCH:?}"

marker='<!-- hankki review -->'
if [[ $(head -n 1 "$file") != "$marker" ]]; then
  echo "comment.sh: $file does not begin with $marker" >&2
  exit 1
fi
number=$(gh api --method GET "repos/$repository/pulls" -f state=open -f head="$HEAD_OWNER:$HEAD_BRANCH" \
  --jq ".[] | select(.head.sha == \"$HEAD_SHA\") | .number")
number=${number%%$'\n'*} # the first
if [[ -z $number ]]; then
  echo "comment.sh: no open pull request has the head commit $HEAD_SHA, so no comment is posted"
  exit
fi
"$(dirname "$0")/post-comment.sh" "$repository" "$number" "$file"
