"""A machine for a test: this one's files, with services and processes of its own."""

import contextlib
import glob
import os
import shutil
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOOLS = ("unshare", "nsenter", "systemctl", "apt-get")


def is_possible():
    """Whether such a machine can be made: by root, where nothing forbids it."""
    if os.getuid() != 0 or not os.path.exists("/lib/systemd/systemd"):
        return False
    if not all(map(shutil.which, TOOLS)):
        return False
    # A trial of what is most often forbidden.
    with tempfile.TemporaryDirectory() as folder:
        trial = (f"mount -t tmpfs tmpfs {folder}; cd {folder}; mkdir a b c;"
                 "mount -t overlay overlay "
                 f"-o lowerdir=/,upperdir={folder}/a,workdir={folder}/b c;"
                 "test -w /sys/fs/cgroup/systemd/cgroup.procs || "
                 "test -w /sys/fs/cgroup/cgroup.procs")
        return subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "--uts", "--ipc", "sh",
             "-ec", trial], check=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL).returncode == 0


class Namespaces:
    """Mounts, processes and names that are apart from this machine's: a script
    makes them. The network is this machine's."""

    def __init__(self, script):
        self.folder = tempfile.mkdtemp(prefix="orc-machine-")
        self.name = os.path.basename(self.folder)
        self._outer = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--uts",
             "--ipc", "sh", os.path.join(HERE, script), self.folder, self.name],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while not self.is_up():
            if time.monotonic() > deadline or self._outer.poll() is not None:
                self.stop()
                raise AssertionError(f"{script} did not come up")
            time.sleep(0.1)

    def _first_process(self):
        path = f"/proc/{self._outer.pid}/task/{self._outer.pid}/children"
        with contextlib.suppress(OSError, IndexError):
            with open(path, encoding="utf-8") as file:
                return file.read().split()[0]
        return None

    def inside(self, *command):
        """Returns the command that runs a command there."""
        return ["nsenter", "-t", self._first_process(), "--mount", "--pid",
                "--uts", "--ipc", *command]

    def run(self, *command, check=True, seconds=120):
        """Runs a command there; returns what it prints."""
        if not self._first_process():
            return ""
        done = subprocess.run(
            self.inside(*command), text=True, check=False, timeout=seconds,
            stdin=subprocess.DEVNULL, capture_output=True,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
                 "DEBIAN_FRONTEND": "noninteractive"})
        if check and done.returncode != 0:
            raise AssertionError(
                f"{command}: {done.stdout}{done.stderr}")
        return done.stdout

    def path(self, name):
        """Where a file of that machine is found from here."""
        return f"/proc/{self._first_process()}/root{name}"

    def write(self, name, text, mode=0o644):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), mode)

    def stop(self):
        """Its first process takes all others with it, and all files."""
        self._outer.kill()
        self._outer.wait(20)
        with contextlib.suppress(OSError):
            os.rmdir(self.folder)


class Machine(Namespaces):
    """Files as they are here, and services of its own under systemd. Services
    have to take free ports."""

    def __init__(self):
        super().__init__("machine.sh")

    def is_up(self):
        return "running" in self.systemctl("is-system-running", check=False)

    def systemctl(self, *command, check=True):
        return self.run("systemctl", "--no-pager", *command, check=check)

    def stop(self):
        super().stop()
        deadline = time.monotonic() + 10
        while self._remove_groups() and time.monotonic() < deadline:
            time.sleep(0.05)

    def _remove_groups(self):
        left = False
        for top in ["/sys/fs/cgroup", *glob.glob("/sys/fs/cgroup/*/")]:
            for folder, _, _ in os.walk(os.path.join(top, self.name),
                                        topdown=False):
                try:
                    os.rmdir(folder)
                except OSError:
                    left = True
        return left
