# shellcheck shell=bash
# buildah, with images and containers of our own, apart from all others of this machine. Sourced, after
# common.sh. Needs root.

export IMAGE=localhost/zquant-init

image_store() {
    printf '%s/containers\n' "$(cache_dir)"
}

# There is no overlay over another, which is what a container of a forge's runner has.
in_store() {
    local driver=overlay

    [[ $(stat --file-system --format %T "$(cache_dir)") != overlayfs ]] || driver=vfs
    buildah --storage-driver "${ZQ_STORAGE_DRIVER:-$driver}" --root "$(image_store)/root" \
        --runroot "$(image_store)/run" "$@"
}
