#!/usr/bin/env bash
# lint-manifests.sh: checks the manifests of every stack, and of onprem with every optional feature on, against the API of the
# pinned Kubernetes (kubeconform) and against good practice (kube-score, exceptions in kube-score.yaml). Manifests are rendered
# again when the program or the configuration changes.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${HANKKI_CACHE:?}" "${HANKKI_PROGRAM:?}" "${HANKKI_COMMAND:?}"

stacks=(Pulumi.*.yaml)
stacks=("${stacks[@]#Pulumi.}")
stacks=("${stacks[@]%.yaml}")
everything=(
  hankki:backup.enabled=true
  hankki:backup.s3.endpoint=https://s3.example.com
  hankki:backup.s3.bucket=backups
  hankki:backup.s3.prefix=hankki
  hankki:backup.s3.accessKeyId=AKIDEXAMPLE
  hankki:backend.autoscaling.enabled=true
  hankki:frontend.replicas=2
  hankki:metricsServer.install=true
  hankki:monitoring.enabled=true
  hankki:monitoring.release=kube-prometheus-stack
  hankki:redis.persistence.enabled=true
)
key=$(cat "$HANKKI_PROGRAM" "$HANKKI_COMMAND" Pulumi*.yaml tools/{lint-manifests,chart}.sh lab/modules/{cluster,metallb,metrics-server}/go.mod | sha256sum)
out=$HANKKI_CACHE/manifests/${key:0:16}
if [[ ! -d $out ]]; then
  echo "== rendering ${stacks[*]}, and onprem with every optional feature"
  for stack in "${stacks[@]}"; do "$HANKKI_COMMAND" render --stack "$stack" --out "$out.partial/$stack" >/dev/null; done
  "$HANKKI_COMMAND" render --stack onprem --out "$out.partial/everything" "${everything[@]}" >/dev/null
  mv "$out.partial" "$out"
  find "$HANKKI_CACHE/manifests" -mindepth 1 -maxdepth 1 -mtime +7 -exec rm -rf {} +
fi

version=$(sed -n 's|.*k8s.io/kubernetes v\([0-9.]*\).*|\1|p' lab/modules/cluster/go.mod)
schemas=$(tools/schemas.sh)
echo "== kubeconform: the API of Kubernetes $version"
kubeconform -strict -summary -output pretty -kubernetes-version "$version" \
  -schema-location "$schemas/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json" \
  "${stacks[@]/#/$out/}" "$out/everything"

echo "== kube-score"
reports=()
for stack in "${stacks[@]}" everything; do
  reports+=("$out/$stack.json")
  # kube-score exits with 1 for any finding. Its own failures leave an empty report.
  kube-score score --kubernetes-version "v${version%.*}" --output-format json --disable-ignore-checks-annotations \
    --enable-optional-test container-seccomp-profile,container-ports-check \
    "$out/$stack"/1-manifest/*.yaml >"$out/$stack.json" || [[ -s $out/$stack.json ]]
done
go run ./tools/kube-score-exceptions tools/kube-score.yaml "${reports[@]}"
