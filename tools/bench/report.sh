# The report's deployment: the YAML in report/, applied by kubectl in the report's order. Sourced by deploy.sh.
# shellcheck shell=bash

metallb=$(tools/chart.sh metallb)/../../config/manifests/metallb-native.yaml

# report_prepare REDIS BACKEND FRONTEND: writes the YAML with these images, by digest, and with generated secrets
report_prepare() {
  local tier redis_password
  cp -r tools/bench/report "$work/report"
  redis_password=$(openssl rand -hex 32)
  echo "requirepass $redis_password" >"$work/report/redis/auth.conf"
  cat >"$work/report/backend/secrets.env" <<END
DATABASE_PASSWORD=$(cat "$HANKKI_LAB/postgres-password")
REDIS_PASSWORD=$redis_password
SECRET_KEY=$(openssl rand -hex 32)
END
  report_image redis seungwonbae/recipe-redis "$1"
  report_image backend seungwonbae/rest-flask-backend "$2"
  report_image frontend seungwonbae/react-frontend "$3"
  for tier in redis backend frontend; do kubectl kustomize "$work/report/$tier" >"$work/report/$tier.yaml"; done
}

report_image() { # TIER NAME IN THE REPORT, OURS BY DIGEST
  printf 'images:\n  - {name: %s, newName: "%s", digest: "%s"}\n' "$2" "${3%@*}" "${3#*@}" >>"$work/report/$1/kustomization.yaml"
}

# MetalLB's webhook becomes ready late. Only its own objects wait for it, which favours the report.
report_up() {
  local last=$((SECONDS + 300))
  kubectl apply -f "$metallb"
  kubectl apply -f "$work/report/redis.yaml"
  # The report's command reads a Service redis-service; its YAML names it redis.
  kubectl create configmap backend --from-literal=REDIS_HOST="$(kubectl get svc redis -o custom-columns="CLUSTER-IP:.spec.clusterIP" --no-headers | tail -n 1)"
  kubectl apply -f "$work/report/backend.yaml"
  kubectl apply -f "$work/report/frontend.yaml"
  until kubectl apply -f "$work/report/routing-config.yaml"; do
    ((SECONDS < last))
    sleep 0.5
  done
}

# Deleting MetalLB's manifest deletes the CustomResourceDefinitions, and with them pool and advertisement.
report_down() {
  [[ -e $work/report/frontend.yaml ]] || return 0
  kubectl delete --ignore-not-found --timeout=180s -f "$work/report/frontend.yaml" -f "$work/report/backend.yaml" -f "$work/report/redis.yaml"
  kubectl delete --ignore-not-found --timeout=60s configmap backend
  kubectl delete --ignore-not-found --timeout=180s -f "$metallb"
}
