#!/usr/bin/env bash
# drift-issue.sh REPOSITORY STACK REPORT: opens or updates the issue on the stack's drift, or closes it if there is no drift.
# REPORT is the JSON that `hankki drift` prints. The issue has names of objects and fields, but no values. Needs jq, and gh with
# GH_TOKEN.
set -euo pipefail
repository=$1 stack=$2 report=$3
limit=65000 # characters; the maximum of an issue is 65,536

count=$(jq '(.changes | arrays) + (.additions | arrays) | length' "$report") || true # no number if the report is empty or not JSON
if [[ -z $count ]]; then
  echo "drift-issue.sh: $report is no report, so the drift of stack $stack is unknown and its issue stays as it is" >&2
  exit 1
fi
marker="<!-- hankki drift of $stack -->"
old=$(gh api --paginate "repos/$repository/issues?state=open&labels=drift" --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .number")
old=${old%%$'\n'*} # the first
if ((count == 0)); then
  if [[ -n $old ]]; then gh api --method PATCH "repos/$repository/issues/$old" -f state=closed -f state_reason=completed --silent; fi
  echo "stack $stack: no drift${old:+; closed issue $old}"
  exit
fi
body=$(
  echo "$marker"
  echo "The cluster differs from the last \`pulumi up\` of stack \`$stack\`. \`make drift STACK=$stack\` prints the values; see *Drift* in \`docs/operations.md\`."
  echo
  jq -r '(.changes[] | "- `\(.object)`: " + if .deleted then "deleted" else ([.fields[].path | "`\(.)`"] | join(", ")) end), (.additions[] | "- \(.)")' "$report"
)
body=${body:0:limit}
if [[ -n $old ]]; then
  gh api --method PATCH "repos/$repository/issues/$old" -f body="$body" --silent
else
  gh api --method POST "repos/$repository/issues" -f title="Drift of stack $stack" -f body="$body" -f 'labels[]=drift' --silent
fi
echo "stack $stack: $count objects differ; $([[ -n $old ]] && echo "updated issue $old" || echo "opened an issue")"
