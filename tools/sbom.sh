#!/usr/bin/env bash
# sbom.sh PROJECT STACK OUT: writes one SPDX document for each image that the deployed stack built to the folder OUT.
set -euo pipefail
cd "$(dirname "$0")/.."
project=$1 stack=$2 out=$3
mkdir -p "$out"

config=$(pulumi --cwd "$project" config --stack "$stack" --json --show-secrets)
registry() { jq -r --arg key "$1" '.["hankki:registry"].objectValue[$key] // empty' <<<"$config"; }

export SYFT_CHECK_FOR_APP_UPDATE=false
SYFT_REGISTRY_INSECURE_USE_HTTP=$(registry insecure)
export SYFT_REGISTRY_INSECURE_USE_HTTP=${SYFT_REGISTRY_INSECURE_USE_HTTP:-false}
ca=$(registry caFile)
if [[ -n $ca ]]; then
  [[ $ca == /* ]] || ca=$project/$ca # the program resolves it in the same way
  export SYFT_REGISTRY_CA_CERT=$ca
fi
SYFT_REGISTRY_AUTH_USERNAME=$(registry username)
SYFT_REGISTRY_AUTH_PASSWORD=$(jq -r '.["hankki:registryPassword"].value // empty' <<<"$config")
if [[ -n $SYFT_REGISTRY_AUTH_USERNAME && -n $SYFT_REGISTRY_AUTH_PASSWORD ]]; then # otherwise syft uses the login of `docker login`
  SYFT_REGISTRY_AUTH_AUTHORITY=$(registry server)
  export SYFT_REGISTRY_AUTH_USERNAME SYFT_REGISTRY_AUTH_PASSWORD SYFT_REGISTRY_AUTH_AUTHORITY
fi

write() { # NAME SOURCE
  syft scan --quiet "$2" --source-name "$1" --output "spdx-json=$out/$1.spdx.json"
  echo "$out/$1.spdx.json: $(jq '[.packages[].externalRefs[]?.referenceLocator | select(test("^pkg:(deb|pypi|npm|golang|generic)/"))] | length' "$out/$1.spdx.json") packages"
}

images=$(pulumi --cwd "$project" stack output images --json --stack "$stack")
while read -r tier reference; do write "$tier" "registry:$reference"; done < <(jq -r 'to_entries[] | "\(.key) \(.value)"' <<<"$images")
# npm packages are bundled into the pages, so the image has no package metadata. Development dependencies are left out.
write frontend-npm file:images/frontend/package-lock.json
