#!/usr/bin/env bash
# preview-comment.sh REPOSITORY NUMBER STACK OUTCOME FILE: posts FILE, the output of `make preview`, as a comment on the pull request
# NUMBER. OUTCOME is the job's status. A long output is cut. Needs gh with GH_TOKEN.
set -euo pipefail
repository=$1 number=$2 stack=$3 outcome=$4 file=$5
limit=60000 # characters; a comment has at most 65,536
export LC_ALL=C.UTF-8

text='nothing was printed'
if [[ -s $file ]]; then text=$(cat "$file"); fi
if ((${#text} > limit)); then text=${text:0:limit}$'\n… the rest is in the log of the job'; fi
comment=$(mktemp)
trap 'rm -f "$comment"' EXIT
printf '%s\n' "<!-- preview of $stack -->" "### \`pulumi preview\` of \`$stack\`: $outcome" '<details><summary>diff</summary>' '' \
  '````' "$text" '````' '</details>' >"$comment"
"$(dirname "$0")/post-comment.sh" "$repository" "$number" "$comment"
