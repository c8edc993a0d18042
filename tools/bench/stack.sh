# Our deployment: the stack onprem by `pulumi up`, in a temporary project with its own state. Sourced.
# shellcheck shell=bash

readonly PULUMI_LIMIT=900 # seconds; the first round may build the images

stack_environment() {
  export PULUMI_BACKEND_URL=file://$work/state PULUMI_CONFIG_PASSPHRASE
  PULUMI_CONFIG_PASSPHRASE=$(openssl rand -hex 32)
  unset PULUMI_CONFIG_PASSPHRASE_FILE
}

stack_prepare() { # [KEY=VALUE...]: more configuration
  local overlay
  mkdir "$work/state"
  overlay=$(lab/overlay.sh)
  # shellcheck disable=SC2086 # a KEY=VALUE each
  "$HANKKI_COMMAND" stage --stack onprem --to "$work/project" $overlay hankki:registry.username= hankki:database.host="$DATABASE_HOST" "$@"
  stack_secret databasePassword <"$HANKKI_LAB/postgres-password"
  openssl rand -hex 32 | stack_secret redisPassword
  openssl rand -hex 32 | stack_secret signingKey
}

stack_secret() { pulumi_ config set --secret "hankki:$1"; } # reads the value from stdin, so that it appears in no argument

# In the foreground, so that ^C reaches pulumi, which then shuts down cleanly.
pulumi_() { timeout --foreground -k 30 "$PULUMI_LIMIT" pulumi --cwd "$work/project" --non-interactive "$@" --stack onprem; }

stack_up() { pulumi_ up --yes --skip-preview --suppress-progress; }

stack_down() {
  [[ -e $work/project/Pulumi.yaml ]] || return 0
  tools/stale-locks.sh onprem
  timeout --foreground -k 30 "$PULUMI_LIMIT" "$HANKKI_COMMAND" destroy --cwd "$work/project" --stack onprem --data delete --shared delete
}

stack_image() { pulumi_ stack output images --json | jq -r ".$1"; } # TIER: the reference by digest
