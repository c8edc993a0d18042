#!/usr/bin/env bash
# post-comment.sh REPOSITORY NUMBER FILE: posts FILE as a comment on the pull request NUMBER, or updates the existing comment of a
# workflow that begins with the same line. Needs gh with GH_TOKEN.
set -euo pipefail
repository=$1 number=$2 file=$3
limit=65536 # characters in a GitHub comment

if (($(LC_ALL=C.UTF-8 wc -m <"$file") > limit)); then
  echo "post-comment.sh: $file has more than $limit characters" >&2
  exit 1
fi
marker=$(head -n 1 "$file")
old=$(gh api --paginate "repos/$repository/issues/$number/comments" \
  --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id")
old=${old%%$'\n'*} # the first
if [[ -n $old ]]; then
  gh api --method PATCH "repos/$repository/issues/comments/$old" -F body=@"$file" --silent
else
  gh api --method POST "repos/$repository/issues/$number/comments" -F body=@"$file" --silent
fi
echo "posted the comment to pull request $number"
