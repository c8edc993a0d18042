#!/usr/bin/env bash
# images.sh: compares the size of the compressed layers that a node pulls: our images, and images that the report's Dockerfiles build
# from the same sources on the same bases. Prints a Markdown table. The running lab provides builder, bases and registry.
#
# The report's Dockerfiles are verbatim; BuildKit replaces their bases. The script changes them in two ways: every step can use a private
# certificate authority and the `pip` of a newer Debian, and Vite's output is in dist. The base ubuntu:20.04 is replaced by the Python
# image, because our requirements need a newer Python than Ubuntu 20.04 has.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${HANKKI_CACHE:?}" "${HANKKI_LAB:?}"
source tools/bench/lib.sh
export DOCKER_CONFIG=$HANKKI_LAB/docker
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

overlay=$(lab/overlay.sh)
of() { sed -n "s|^hankki:$1=||p" <<<"$overlay"; } # KEY
python=$(of baseImages.python) node=$(of baseImages.node) nginx=$(of baseImages.nginx) redis=$(of baseImages.redis)
secrets=()
[[ -z $(of images.caFile) ]] || secrets=(--secret "id=ca,src=$(of images.caFile)")

build() { # NAME CONTEXT [OPTION OF docker-buildx build...]: builds and pushes REGISTRY/bench/NAME
  local name=$1 context=$2
  shift 2
  say "building $name"
  logged "building $name" docker-buildx build --builder hankki --progress plain --provenance=false --platform linux/amd64 \
    "${secrets[@]}" "$@" --push --tag "$REGISTRY/bench/$name" "$context"
}

# shellcheck disable=SC2016 # the build step's shell expands it
readonly FOR_STEPS='--mount=type=secret,id=ca if [ -s /run/secrets/ca ]; then export PIP_CERT=/run/secrets/ca NODE_EXTRA_CA_CERTS=/run/secrets/ca npm_config_cafile=/run/secrets/ca; fi; export PIP_BREAK_SYSTEM_PACKAGES=1;'

report() { # TIER FROM=BASE...: builds our sources with the report's Dockerfile
  local tier=$1 context=$work/$1 base contexts=()
  shift
  mkdir "$context"
  (cd "images/$tier" && git ls-files -z | grep -zvxE 'Dockerfile|\.dockerignore' | xargs -0 cp --parents -t "$context")
  find "tools/bench/report/$tier" \( -name app.sh -o -name "*.conf" \) -exec cp -t "$context" {} +
  sed -e "s|^RUN |RUN $FOR_STEPS |" -e 's|/recipe/build|/recipe/dist|' "tools/bench/report/$tier/report.dockerfile" >"$work/$tier.dockerfile"
  for base; do contexts+=(--build-context "${base%%=*}=docker-image://${base#*=}"); done
  build "report-$tier" "$context" --file "$work/$tier.dockerfile" "${contexts[@]}"
}

mebibytes() { # REFERENCE
  local manifest
  manifest=$(crane manifest --insecure --platform linux/amd64 "$1")
  jq '[.layers[].size] | add / 1048576' <<<"$manifest"
}

row() { # TIER BASE
  awk -v tier="$1" -v base="$(mebibytes "$2")" -v report="$(mebibytes "$REGISTRY/bench/report-$1")" -v ours="$(mebibytes "$REGISTRY/bench/$1")" \
    'BEGIN { printf "| %s | %.1f | %.1f | %.1f | %.2f |\n", tier, base, report, ours, ours / report }'
}

build redis images/redis --build-arg "REDIS_IMAGE=$redis"
build backend images/backend --build-arg "PYTHON_IMAGE=$python"
build frontend images/frontend --build-arg "NODE_IMAGE=$node" --build-arg "NGINX_IMAGE=$nginx"
report redis "redis:alpine=$redis"
report backend "ubuntu:20.04=$python"
report frontend "node=$node" "nginx=$nginx"

echo "| image, MiB compressed | base | the report's Dockerfile | ours | ratio |"
echo "|---|---|---|---|---|"
row redis "$redis"
row backend "$python"
row frontend "$nginx"
