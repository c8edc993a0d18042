#!/usr/bin/env bash
# comment.sh REPOSITORY FILE: posts FILE as a comment on the pull request of the branch $HEAD_OWNER:$HEAD_BRANCH whose newest commit
# is $HEAD_SHA. It updates an existing comment that begins with the same line. FILE is untrusted: its content does not select the
# pull request. Needs gh with GH_TOKEN.
set -euo pipefail
repository=$1 file=$2
: "${HEAD_SHA:?}" "${HEAD_OWNER:?}" "${HEAD_BRANCH:?}"
limit=65536 # characters in a GitHub comment

marker='<!-- hankki review -->'
if [[ $(head -n 1 "$file") != "$marker" ]]; then
  echo "comment.sh: $file does not begin with $marker" >&2
  exit 1
fi
if (($(wc -c <"$file") > limit)); then
  echo "comment.sh: $file has more than $limit bytes" >&2
  exit 1
fi
number=$(gh api --method GET "repos/$repository/pulls" -f state=open -f head="$HEAD_OWNER:$HEAD_BRANCH" \
  --jq ".[] | select(.head.sha == \"$HEAD_SHA\") | .number")
number=${number%%$'\n'*} # the first
if [[ -z $number ]]; then
  echo "comment.sh: no open pull request has the head commit $HEAD_SHA, so no comment is posted"
  exit
fi
old=$(gh api --paginate "repos/$repository/issues/$number/comments" \
  --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id")
old=${old%%$'\n'*}
if [[ -n $old ]]; then
  gh api --method PATCH "repos/$repository/issues/comments/$old" -F body=@"$file" --silent
else
  gh api --method POST "repos/$repository/issues/$number/comments" -F body=@"$file" --silent
fi
echo "posted the review to pull request $number"
