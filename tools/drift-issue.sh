#!/usr/bin/env bash
# drift-issue.sh REPOSITORY STACK FILE: opens or updates the issue on the stack's drift, or closes it if there is no drift. FILE is
# the text of the issue, as `hankki drift --markdown` prints it; without drift it has only its first line. Needs gh with GH_TOKEN.
set -euo pipefail
repository=$1 stack=$2 file=$3

marker="<!-- hankki drift of $stack -->"
if [[ $(head -n 1 "$file") != "$marker" ]]; then
  echo "drift-issue.sh: $file does not begin with $marker, so the drift of stack $stack is unknown and its issue stays as it is" >&2
  exit 1
fi
old=$(gh api --paginate "repos/$repository/issues?state=open&labels=drift" --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .number")
old=${old%%$'\n'*} # the first
if [[ $(cat "$file") == "$marker" ]]; then
  if [[ -n $old ]]; then gh api --method PATCH "repos/$repository/issues/$old" -f state=closed -f state_reason=completed --silent; fi
  echo "stack $stack: no drift${old:+; closed issue $old}"
elif [[ -n $old ]]; then
  gh api --method PATCH "repos/$repository/issues/$old" -F body=@"$file" --silent
  echo "stack $stack: the cluster differs; updated issue $old"
else
  gh api --method POST "repos/$repository/issues" -f title="Drift of stack $stack" -F body=@"$file" -f 'labels[]=drift' --silent
  echo "stack $stack: the cluster differs; opened an issue"
fi
