"""Real service managers that restart `serve`: systemd where it can run, and
runit."""

import contextlib
import glob
import os
import shutil
import signal
import socket
import subprocess
import time

from harness import BINARY, environment, http, wait_until

UNIT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                    "packaging", "systemd", "apify-orchestrator.service")


# Where systemd keeps its own: version 2, and beside version 1.
CONTROL_GROUPS = ("/sys/fs/cgroup", "/sys/fs/cgroup/systemd",
                  "/sys/fs/cgroup/unified")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Supervised:
    """`serve` under a service manager, on a port that restarts do not change."""

    def __init__(self, case, platform, *args):
        self.case = case
        self.platform = platform
        self.url = f"http://127.0.0.1:{free_port()}"
        self.command = [BINARY, "serve", "--listen", self.url[7:], "--config",
                        case.config, *args]

    def is_ready(self):
        with contextlib.suppress(OSError):
            return http("GET", self.url + "/readyz").status == 200
        return False

    def wait_until_ready(self, seconds=30):
        wait_until(self.is_ready, seconds, "a service that is ready")

    def kill(self):
        """SIGKILL, as the kernel does when there is no memory."""
        process = self.process_id()
        os.kill(process, signal.SIGKILL)
        wait_until(lambda: self.process_id() not in (0, process), 60,
                   "a restart")


class Runit(Supervised):
    @staticmethod
    def is_there():
        return shutil.which("runsv")

    def start(self):
        self.folder = os.path.join(self.case.folder, "runit")
        os.mkdir(self.folder)
        script = os.path.join(self.folder, "run")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nexec {' '.join(self.command)} "
                       f">>{self.case.folder}/log 2>&1\n")
        os.chmod(script, 0o755)
        self._runsv = subprocess.Popen(
            ["runsv", self.folder], stderr=subprocess.DEVNULL,
            env=self.case.environment(self.platform))
        self.wait_until_ready()

    def process_id(self):
        with contextlib.suppress(OSError, ValueError):
            with open(os.path.join(self.folder, "supervise", "pid"),
                      encoding="utf-8") as file:
                return int(file.read())
        return 0

    def stop(self):
        if self._runsv.poll() is None:
            self._runsv.terminate()
            self._runsv.wait(30)


class Systemd(Supervised):
    """A user's instance of systemd that sees our unit and nothing else. The
    machine need not have been booted by systemd: in a mount namespace of its own
    it is told so."""

    # What a user's instance cannot do, and what hides the folder of the test. All
    # else of the unit holds: calls, addresses, capabilities, a file system that
    # cannot be written.
    drop_in = """[Service]
ExecStart=
ExecStart={command}
DynamicUser=no
PrivateTmp=no
ReadWritePaths={folder}
LoadCredential=
LoadCredential=orchestrator:{folder}/credentials
RestartSec=100ms
WatchdogSec={watchdog}
Environment=APIFY_API_BASE_URL={platform}
StandardOutput=append:{folder}/log
StandardError=append:{folder}/log
"""

    def __init__(self, *args, watchdog=60, **more):
        super().__init__(*args, **more)
        self.watchdog = watchdog

    @staticmethod
    def is_there():
        """Whether it can be tried: it needs root for the mount namespace, and a
        hierarchy of control groups that can be written."""
        return (os.getuid() == 0 and os.path.exists("/lib/systemd/systemd")
                and all(map(shutil.which, ("systemctl", "unshare", "nsenter")))
                and any(os.access(f"{x}/cgroup.procs", os.W_OK)
                        for x in CONTROL_GROUPS)
                and subprocess.run(["unshare", "-m", "true"],
                                   check=False).returncode == 0)

    def start(self):
        folder = self.case.folder
        units = os.path.join(folder, "units")
        os.makedirs(os.path.join(units, "apify-orchestrator.service.d"))
        self.runtime = os.path.join(folder, "runtime")
        os.makedirs(self.runtime, mode=0o700)
        os.makedirs(os.path.join(folder, "credentials"), mode=0o700)
        self.case.write("credentials/apify-token", self.case.token)
        shutil.copy(UNIT, units)
        self.case.write(
            "units/apify-orchestrator.service.d/test.conf",
            self.drop_in.format(
                command=" ".join([*self.command, "--data", self.case.data]),
                folder=folder, watchdog=self.watchdog,
                platform=self.platform.url))
        self._variables = environment(
            HOME=folder, XDG_RUNTIME_DIR=self.runtime,
            SYSTEMD_UNIT_PATH=units + ":", SYSTEMD_LOG_TARGET="console")
        # It takes whatever is in its control group under its wings: it must have
        # one of its own, or it would move every process of the machine.
        self._groups = [os.path.join(root, f"orc-test-{os.getpid()}-{id(self)}")
                        for root in CONTROL_GROUPS
                        if os.access(f"{root}/cgroup.procs", os.W_OK)]
        for group in self._groups:
            os.mkdir(group)
        self._before = self.groups_of_init()
        self._manager = subprocess.Popen(
            ["unshare", "-m", "sh", "-ec",
             'for group; do echo $$ >"$group/cgroup.procs"; done;'
             "mount --make-rshared /; mount -t tmpfs tmpfs /run; cd /run;"
             "mkdir -p systemd/system systemd/inaccessible/dir;"
             "touch systemd/inaccessible/reg; cd /;"
             "exec /lib/systemd/systemd --user --unit=basic.target",
             "sh", *self._groups],
            env=self._variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: os.path.exists(
            os.path.join(self.runtime, "systemd", "private")), 20,
            "an instance of systemd")
        # Returns once the service says that it is ready.
        self.control("start", "apify-orchestrator")

    def control(self, *command, check=True):
        done = subprocess.run(
            ["nsenter", "-t", str(self._manager.pid), "-m", "systemctl",
             "--user", "--no-pager", *command],
            env=self._variables, text=True, capture_output=True, timeout=60,
            check=False)
        if check and done.returncode != 0:
            raise AssertionError(done.stdout + done.stderr + self.log())
        return done.stdout

    def log(self):
        with contextlib.suppress(OSError):
            with open(os.path.join(self.case.folder, "log"),
                      encoding="utf-8") as file:
                return file.read()
        return ""

    def show(self, name):
        return self.control("show", "apify-orchestrator", "--property", name,
                            "--value").strip()

    def process_id(self):
        return int(self.show("MainPID") or 0)

    def stop(self):
        if self._manager.poll() is None:
            self.control("stop", "apify-orchestrator", check=False)
            self.control("exit", check=False)
            try:
                self._manager.wait(20)
            except subprocess.TimeoutExpired:
                self._manager.kill()
                self._manager.wait()
        self.remove_groups()
        self.case.assertEqual(self.groups_of_init(), self._before)

    @staticmethod
    def groups_of_init():
        with open("/proc/1/cgroup", encoding="utf-8") as file:
            return file.read()

    def remove_groups(self):
        """With what systemd made in the other hierarchies by the same name."""
        name = os.path.basename(self._groups[0])
        for top in [*CONTROL_GROUPS, *glob.glob("/sys/fs/cgroup/*")]:
            for folder, _, _ in os.walk(os.path.join(top, name), topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(folder)
