#!/bin/sh
# Makes a place for podman that nothing leaves: what it keeps is in memory. Called
# by containers.py: containers.sh FOLDER
set -e
folder=$1
mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs tmpfs "$folder"
for kept in /run /var/lib; do
  mkdir -p "$folder$kept" "$folder/work$kept"
  mount -t overlay overlay -o \
    "lowerdir=$kept,upperdir=$folder$kept,workdir=$folder/work$kept" "$kept"
done
mkdir -p /var/lib/containers
mount -t tmpfs tmpfs /var/lib/containers
mount -t tmpfs tmpfs /dev/shm
# crun knows control groups of one version, not of both side by side.
umount /sys/fs/cgroup/unified 2>/dev/null || true
touch "$folder/up"
exec sleep infinity
