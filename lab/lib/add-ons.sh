# The verb `add`: components that many clusters have. An add-on is built when it is added for the first time.
# shellcheck shell=bash

readonly ADD_ONS=(metrics-server monitoring cert-manager s3)

lab_add() { # ADD-ON
  local name=$1 function=${1//-/_} started=$EPOCHREALTIME step_log=$LOGS/add-$1.log
  take_lock "add $name"
  step "$name: binaries and images" "${function}_build"
  step "$name: deployment" "${function}_apply"
  say "$name: installed ($(seconds_since "$started") s)."
}

# add_on_build IMAGES RECIPES BINARY...: IMAGES is the function that lists the images, RECIPES are their root file systems of debian.sh
add_on_build() {
  local images=$1 recipes=$2
  shift 2
  make_content "$here/add-ons/binaries" "$*" "$recipes" "$images"
}

# add_on_kustomize ADD-ON MODULE-PATH: applies add-ons/ADD-ON as an overlay on the manifest in the Go module
add_on_kustomize() {
  local folder=$HANKKI_LAB/add-ons/$1
  rm -rf "$folder"
  mkdir -p "$folder"
  cp "$here/add-ons/$1"/* "$folder"
  cp -r --no-preserve=mode "$2" "$folder"
  # Server-side apply: the CustomResourceDefinitions exceed the size limit of client-side apply's annotation.
  kubectl apply --server-side --force-conflicts -k "$folder"
}

metrics_server_build() { add_on_build metrics_server_images "" metrics-server; }

metrics_server_images() {
  local version
  version=$(module_version metrics-server sigs.k8s.io/metrics-server)
  image "metrics-server/metrics-server:$version" scratch "$HANKKI_CACHE/bin/metrics-server=metrics-server" -- \
    --entrypoint=/metrics-server --user=65534:65534
}

metrics_server_apply() {
  local upstream
  upstream=$(module_folder metrics-server sigs.k8s.io/metrics-server) || return 1
  add_on_kustomize metrics-server "$upstream/manifests"
  kubectl -n kube-system rollout status deployment/metrics-server --timeout=120s
  kubectl wait --for=condition=Available apiservice/v1beta1.metrics.k8s.io --timeout=60s
  wait_for 90 "the first measurements of the nodes" kubectl top nodes
}

monitoring_build() {
  add_on_build monitoring_images blackbox-exporter prometheus prometheus-operator prometheus-config-reloader redis-exporter nginx-exporter
}

monitoring_images() {
  local bin=$HANKKI_CACHE/bin version
  version=$(module_version prometheus-operator "$PROMETHEUS_OPERATOR")
  image "prometheus-operator/prometheus-operator:$version" scratch "$bin/prometheus-operator=bin/operator" -- \
    --entrypoint=/bin/operator --user=65534:65534
  image "prometheus-operator/prometheus-config-reloader:$version" scratch \
    "$bin/prometheus-config-reloader=bin/prometheus-config-reloader" -- --entrypoint=/bin/prometheus-config-reloader --user=65534:65534
  # Prometheus 3.5.0 is v0.305.0 of its module.
  version=$(module_version prometheus github.com/prometheus/prometheus | sed -E 's/^v0\.(.)0?/v\1./')
  image "prometheus/prometheus:$version" scratch "$bin/prometheus=bin/prometheus" -- --entrypoint=/bin/prometheus --user=65534:65534
  # The exporters have the names that the program uses by default, so that no stack must configure them. The blackbox exporter is
  # Debian's, in an older version, which overlay.sh sets.
  version=$(module_version cluster github.com/oliver006/redis_exporter)
  image "oliver006/redis_exporter:$version" scratch "$bin/redis-exporter=redis_exporter" -- \
    --entrypoint=/redis_exporter --user=59000:59000 --exposed-ports=9121/tcp
  version=$(module_version cluster github.com/nginx/nginx-prometheus-exporter)
  image "nginx/nginx-prometheus-exporter:${version#v}" scratch "$bin/nginx-exporter=usr/bin/nginx-prometheus-exporter" -- \
    --entrypoint=/usr/bin/nginx-prometheus-exporter --user=1001:1001
  image prom/blackbox-exporter:0.23-bookworm blackbox-exporter -- \
    --entrypoint=/bin/blackbox_exporter --user=65534:65534 --exposed-ports=9115/tcp
}

readonly PROMETHEUS_OPERATOR=github.com/prometheus-operator/prometheus-operator

monitoring_apply() {
  local upstream
  upstream=$(module_folder prometheus-operator "$PROMETHEUS_OPERATOR") || return 1
  add_on_kustomize monitoring "$upstream/bundle.yaml"
  kubectl wait --for=condition=Established customresourcedefinition/prometheuses.monitoring.coreos.com --timeout=60s
  kubectl -n monitoring rollout status deployment/prometheus-operator --timeout=120s
  kubectl apply --server-side --force-conflicts -f "$HANKKI_LAB/add-ons/monitoring/prometheus.yaml"
  kubectl -n monitoring wait --for=condition=Available prometheus/lab --timeout=180s
}

cert_manager_build() { add_on_build cert_manager_images "" cert-manager; }

cert_manager_images() {
  local version
  version=$(module_version cert-manager "$CERT_MANAGER")
  image "jetstack/cert-manager-controller:$version" scratch "$HANKKI_CACHE/bin/cert-manager=cert-manager" -- \
    --entrypoint=/cert-manager --user=65534:65534
}

readonly CERT_MANAGER=github.com/cert-manager/cert-manager

cert_manager_apply() {
  local upstream
  upstream=$(module_folder cert-manager "$CERT_MANAGER") || return 1
  add_on_kustomize cert-manager "$upstream/deploy/crds"
  kubectl wait --for=condition=Established --timeout=60s customresourcedefinition/{certificates,certificaterequests,issuers,clusterissuers}.cert-manager.io
  kubectl -n cert-manager rollout status deployment/cert-manager --timeout=120s
}

s3_build() { add_on_build s3_images rclone rclone; }

# With the name, the tag and the paths of the official image, so that no stack must configure it.
s3_images() {
  local version
  version=$(module_version rclone github.com/rclone/rclone)
  image "rclone/rclone:${version#v}" rclone "$HANKKI_CACHE/bin/rclone=usr/local/bin/rclone" -- --entrypoint=rclone --workdir=/data
}

# The user and the certificate are new in each lab. The Secret has them for the tests.
s3_apply() {
  local folder=$HANKKI_LAB/add-ons/s3
  rm -rf "$folder"
  mkdir -p "$folder"
  cp "$here/add-ons/s3"/* "$folder"
  kubectl create namespace s3 --dry-run=client -o yaml | kubectl apply -f -
  if ! kubectl -n s3 get secret s3 >/dev/null 2>&1; then
    (
      umask 077
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=S3 of the lab" -days 365 \
        -addext "subjectAltName=DNS:s3.s3.svc" -keyout "$folder/tls.key" -out "$folder/tls.crt"
      openssl rand -hex 20 | tr -d '\n' >"$folder/secretAccessKey"
      # rclone reads a list from this variable, separated by commas unless quoted.
      printf '"hankki-backup,%s"' "$(cat "$folder/secretAccessKey")" >"$folder/authKey"
    )
    kubectl -n s3 create secret generic s3 --from-file="$folder/tls.key" --from-file="$folder/tls.crt" \
      --from-file="$folder/secretAccessKey" --from-file="$folder/authKey"
    rm "$folder"/{tls.key,secretAccessKey,authKey}
  fi
  kubectl apply --server-side --force-conflicts -k "$folder"
  kubectl -n s3 rollout status deployment/s3 --timeout=120s
}
