"""The Debian package of the binary, made once for all tests that look at it."""

import atexit
import functools
import os
import shutil
import subprocess
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


@functools.lru_cache(maxsize=None)
def built_package():
    folder = tempfile.mkdtemp(prefix="orc-package-")
    atexit.register(shutil.rmtree, folder, True)
    before = os.stat(os.environ["ORC_BINARY"])
    subprocess.run([os.path.join(ROOT, "script", "package"),
                    os.environ["ORC_BINARY"], folder], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   timeout=300)
    # Made of what is there: nothing was compiled, nothing was touched.
    after = os.stat(os.environ["ORC_BINARY"])
    assert before.st_mtime_ns == after.st_mtime_ns
    made, = os.listdir(folder)
    return os.path.join(folder, made)
