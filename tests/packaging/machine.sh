#!/bin/sh
# Makes a machine of this one, which nothing leaves: all files as they are here,
# changes of them in memory, processes, names and services of its own. Ends as its
# systemd. Called by machine.py: machine.sh FOLDER NAME
set -e
folder=$1 name=$2

# A service manager takes what is in its control group under its wings.
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  if [ -w "$hierarchy/cgroup.procs" ]; then
    mkdir -p "$hierarchy/$name"
    echo $$ >"$hierarchy/$name/cgroup.procs"
  fi
done

mount --make-rprivate /
mount -t tmpfs tmpfs "$folder"
cd "$folder"
mkdir changes work root
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/changes,workdir=$folder/work" root
cd root
head -c16 /dev/urandom | od -An -tx1 | tr -d ' \n' >etc/machine-id
# Nobody looks for manual pages by their words here.
rm -f var/lib/man-db/auto-update
mount -t proc proc proc
# What is there holds for all machines on this kernel.
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount --rbind /sys sys
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
ln -s /proc/self/fd dev/fd
ln -s pts/ptmx dev/ptmx
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
cat >etc/systemd/system/empty.target <<'UNIT'
[Unit]
Description=Nothing but what is asked for
DefaultDependencies=no
UNIT
mkdir old
pivot_root . old
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -c '
  umount -l /old
  mount --make-rshared /
  exec /lib/systemd/systemd --system --unit=empty.target --show-status=no' \
  </dev/null
