# Volumes: folders on the workers' disks, each a PersistentVolume of the default StorageClass `local`. There is no provisioner, so
# their number is fixed, and `lab reclaim` makes released volumes available again.
# shellcheck shell=bash

readonly VOLUME_WORKERS=(w1 w2) VOLUMES=(1 2 3 4) VOLUMES_FOLDER=/var/lib/volumes

volumes_create() {
  local node volume
  for node in "${VOLUME_WORKERS[@]}"; do node_in "$node" mkdir -p "${VOLUMES[@]/#/$VOLUMES_FOLDER/}"; done
  {
    cat "$here/conf/storage-class.yaml"
    for node in "${VOLUME_WORKERS[@]}"; do
      for volume in "${VOLUMES[@]}"; do NODE=$node VOLUME=$volume fill volume.yaml; done
    done
  } | kubectl create -f -
}

lab_reclaim() {
  local released volume
  take_lock reclaim
  released=$(kubectl get persistentvolumes -o jsonpath='{range .items[?(@.status.phase=="Released")]}{.metadata.name} {end}')
  for volume in $released; do # such as w1-2
    node_in "${volume%-*}" find "$VOLUMES_FOLDER/${volume#*-}" -mindepth 1 -delete
    kubectl patch persistentvolume "$volume" --type=json -p '[{"op": "remove", "path": "/spec/claimRef"}]'
  done
  say "wiped and made available: ${released:-no volume}"
}
