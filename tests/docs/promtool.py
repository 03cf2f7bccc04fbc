"""Prometheus' promtool, taken out of Debian's package if it is not installed:
installing that would start a service that is nobody's wish."""

import atexit
import functools
import glob
import os
import shutil
import subprocess
import tempfile
import unittest


@functools.lru_cache(maxsize=None)
def promtool():
    """Returns where it is; skips the test where it cannot be had."""
    installed = shutil.which("promtool")
    if installed:
        return installed
    folder = tempfile.mkdtemp(prefix="orc-promtool-")
    atexit.register(shutil.rmtree, folder, True)
    done = subprocess.run(["apt-get", "-qq", "download", "prometheus"],
                          cwd=folder, text=True, capture_output=True,
                          timeout=300, check=False)
    if done.returncode != 0:
        raise unittest.SkipTest("no promtool here: " + done.stderr)
    package, = glob.glob(os.path.join(folder, "*.deb"))
    path = os.path.join(folder, "promtool")
    with open(path, "wb") as file:
        subprocess.run(f"dpkg-deb --fsys-tarfile '{package}'"
                       " | tar -xO ./usr/bin/promtool", shell=True, check=True,
                       stdout=file, timeout=60)
    os.chmod(path, 0o700)
    return path
