"""An installed prefix, made once, and programs that are built with it."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))

BUILD = os.path.dirname(os.path.realpath(os.environ["ORC_BINARY"]))
EXAMPLES = os.path.join(ROOT, "examples", "embedding")


def run(*command, seconds=300, expect=0, **more):
    """Returns what a command writes; fails with it if its exit code is another
    one."""
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=seconds,
                          check=False, **more)
    if done.returncode != expect:
        raise AssertionError(f"{' '.join(command)}: {done.returncode}\n"
                             f"{done.stdout[-8000:]}")
    return done.stdout


class Prefix:
    """Where things lie that `cmake --install` has put there, and moved since:
    nothing may know where it was."""

    _made = None

    @classmethod
    def get(cls):
        if cls._made is None:
            cls._made = cls()
        return cls._made

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="orc-embedding-")
        atexit.register(shutil.rmtree, self.folder, True)
        first = os.path.join(self.folder, "first")
        run("cmake", "--install", BUILD, "--prefix", first)
        self.path = os.path.join(self.folder, "a moved prefix")
        os.rename(first, self.path)
        self._programs = {}

    def __truediv__(self, path):
        return os.path.join(self.path, path)

    def cmake_program(self, source, name):
        """Returns a program built by CMake of a copy of its folder."""
        if name not in self._programs:
            copy = os.path.join(self.folder, name)
            shutil.copytree(source, copy)
            # CMake finds its own package and, as pkg-config does, the other.
            run("cmake", "-S", copy, "-B", copy + "/build", "-G", "Ninja",
                "-DCMAKE_PREFIX_PATH=" + self.path,
                env=dict(os.environ,
                         PKG_CONFIG_PATH=self / "lib/pkgconfig"))
            run("cmake", "--build", copy + "/build", "-j", "2")
            self._programs[name] = os.path.join(copy, "build", name)
        return self._programs[name]

    def example(self, name):
        return self.cmake_program(os.path.join(EXAMPLES, name), name)
