#!/usr/bin/env bash
# stage.sh STACK DIR [KEY=VALUE...]: makes DIR a Pulumi project with the stack STACK of this checkout and the prebuilt program
# $HANKKI_PROGRAM. The given configuration is merged into the copy (KEY as in `pulumi config set --path`); the checkout's stack file
# is not changed. Staging again keeps the encryption salt, the database that `make restore` wrote, and the namespace that `make move`
# wrote unless the checkout's has changed since. With SECRETS=omit the copy has no encrypted values. STACK_FILE is another stack file than
# the checkout's.
set -euo pipefail
stack=$1 dir=$2
shift 2
here=$(cd "$(dirname "$0")/.." && pwd)
: "${HANKKI_PROGRAM:?is not set: the path of the built program}"

mkdir -p "$dir"
source=${STACK_FILE:-$here/Pulumi.$stack.yaml}
file=$dir/Pulumi.$stack.yaml
kept=$(grep -s '^encryptionsalt:' "$file" || true)
restored=$(sed -n 's/^    name: \(.*_restored_[0-9]\{14\}\)$/\1/p' "$file" 2>/dev/null || true) # the first time there is no file
if [[ -n $restored ]]; then set -- "hankki:database.name=$restored" "$@"; fi
namespace_of() { grep -s '^  hankki:namespace:' "$1" || true; }
shipped=$(namespace_of "$source")
now=$(namespace_of "$file")
moved=()
if [[ -e $file && $shipped == "$(cat "$dir/.namespace" 2>/dev/null)" && -n $now ]]; then
  moved=(-e '/^  hankki:namespace:/d' -e "/^config:/a\\$now")
fi
echo "$shipped" >"$dir/.namespace"
sed "s|^\( *\)buildTarget: .*|\1binary: $HANKKI_PROGRAM|" "$here/Pulumi.yaml" >"$dir/Pulumi.yaml"
without_secrets=()
if [[ ${SECRETS:-} == omit ]]; then
  without_secrets=(-e '/^encryptionsalt:/d' -e '/^  hankki:[A-Za-z]*:$/{N;/\n *secure:/d}')
fi
{
  sed -e '' "${without_secrets[@]}" "${moved[@]}" "$source"
  if [[ -n $kept ]]; then echo "$kept"; fi
} >"$file.new"
mv "$file.new" "$file"
[[ -e $dir/images ]] || ln -s "$here/images" "$dir/images"

cd "$dir"
pulumi stack select "$stack" --non-interactive >/dev/null 2>&1 || pulumi stack init "$stack" --non-interactive >/dev/null 2>&1 ||
  pulumi stack init "$stack" --non-interactive # prints the error
if [[ $# -gt 0 ]]; then
  arguments=()
  for pair; do arguments+=(--plaintext "$pair"); done
  pulumi config set-all --stack "$stack" --path "${arguments[@]}"
fi
