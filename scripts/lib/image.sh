# shellcheck shell=bash
# buildah, with images and containers of our own, apart from all others of this machine. Sourced, after
# common.sh. Needs root.

export IMAGE=localhost/zquant-init

image_store() {
    printf '%s/containers\n' "$(cache_dir)"
}

in_store() {
    buildah --storage-driver "${ZQ_STORAGE_DRIVER:-overlay}" --root "$(image_store)/root" \
        --runroot "$(image_store)/run" "$@"
}
