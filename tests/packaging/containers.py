"""Images and containers of a test: built and run by podman, in namespaces of
their own."""

import json
import os
import resource
import shutil
import subprocess
import tempfile
import urllib.request

from machine import Namespaces

ROOT = os.path.realpath(os.path.join(os.path.dirname(
    os.path.abspath(__file__)), "..", ".."))
DOCKERFILE = os.path.join(ROOT, "packaging", "container", "Dockerfile")
COMPOSE = os.path.join(ROOT, "packaging", "container", "compose.yaml")
PODMAN = ("/usr/bin/podman", "--events-backend", "none")
TOOLS = ("podman", "crun", "mmdebstrap", "unshare", "nsenter",
         "/usr/bin/docker-compose")
MIRROR = "http://deb.debian.org/debian"


def what_is_missing():
    """Returns why there can be no containers here, or nothing."""
    if os.getuid() != 0:
        return "only root makes namespaces"
    for tool in TOOLS:
        if not shutil.which(tool):
            return f"{tool} is not installed: script/packages test does it"
    if not namespaces_are_allowed():
        return "namespaces, or overlays of file systems, are forbidden here"
    try:
        urllib.request.urlopen(MIRROR + "/dists/bookworm/InRelease",
                               timeout=30).close()
    except OSError as error:
        return f"{MIRROR} cannot be reached: {error}"
    return None


def namespaces_are_allowed():
    with tempfile.TemporaryDirectory() as folder:
        trial = (f"mount -t tmpfs tmpfs {folder}; cd {folder}; mkdir a b c;"
                 "mount -t overlay overlay "
                 f"-o lowerdir=/run,upperdir={folder}/a,workdir={folder}/b c")
        return subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "--uts", "--ipc", "sh",
             "-ec", trial], check=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL).returncode == 0


def compose():
    """Returns what compose makes of its file, which it checks."""
    text = subprocess.run(
        ["/usr/bin/docker-compose", "-f", COMPOSE, "config"], check=True,
        text=True, capture_output=True, timeout=60).stdout
    # Its reader of YAML comes with it, for Debian's Python.
    return json.loads(subprocess.run(
        ["/usr/bin/python3", "-c", "import json, sys, yaml;"
         "json.dump(yaml.safe_load(sys.stdin), sys.stdout)"], input=text,
        check=True, text=True, capture_output=True, timeout=60).stdout)


class Containers(Namespaces):
    """Podman, with the base image that the Dockerfile asks for, made of Debian's
    packages: there need be no registry."""

    def __init__(self):
        super().__init__("containers.sh")

    def is_up(self):
        return bool(self._first_process()) and os.path.exists(
            self.path(f"{self.folder}/up"))

    def podman(self, *command, **more):
        return self.run(*PODMAN, *command, **more)

    def make_base(self):
        """As the official `slim` is: no documents, and apt keeps nothing."""
        options = [f"--dpkgopt=path-exclude=/usr/share/{name}/*"
                   for name in ("doc", "man", "locale")]
        options += [f"--aptopt={line}" for line in (
            'Acquire::Languages "none"', 'Dir::Cache::pkgcache ""',
            'Dir::Cache::srcpkgcache ""', 'DPkg::Post-Invoke '
            '{ "rm -f /var/cache/apt/archives/*.deb"; }')]
        self.run("env", f"TMPDIR={self.folder}", "mmdebstrap", "--quiet",
                 "--variant=minbase", "--hook-dir="
                 "/usr/share/mmdebstrap/hooks/merged-usr", *options, "bookworm",
                 f"{self.folder}/base.tar", MIRROR, seconds=400)
        self.podman("import", "--change", "CMD=bash",
                    f"{self.folder}/base.tar", "debian:12-slim")

    def build(self, name, context, dockerfile, *arguments):
        """Builds all but the stage that compiles, of which `--build-context`
        gives the result: what is built already."""
        compiled = f"{self.folder}/compiled/src/build/release"
        self.run("mkdir", "-p", compiled)
        self.run("strip", "-o", f"{compiled}/apify-orchestrator",
                 os.path.realpath(os.environ["ORC_BINARY"]))
        self.podman("build", "--isolation", "chroot", "--pull-never",
                    "--format", "docker", "--build-context",
                    f"build={self.folder}/compiled", "-f",
                    os.path.join(context, dockerfile), "-t", name, *arguments,
                    context, seconds=400)

    @staticmethod
    def options():
        """Of every container: nothing of it reaches this machine's service
        manager, control groups or kernel, and limits are what they are here."""
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        processes, _ = resource.getrlimit(resource.RLIMIT_NPROC)
        return ["--cgroups", "disabled", "--health-interval", "disable",
                "--log-driver", "k8s-file", "--security-opt",
                "apparmor=unconfined", "--ulimit", f"nofile={files}",
                "--ulimit", f"nproc={processes}"]

    def start(self, name, image, *arguments, command=()):
        self.podman("run", "--detach", "--name", name, *self.options(),
                    *arguments, image, *command)

    def inspect(self, name, path):
        return json.loads(self.podman("inspect", "--format",
                                      "{{json %s}}" % path, name))
