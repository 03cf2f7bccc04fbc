"""A PostgreSQL server of its own, in a folder that goes with it.

As a module: `with Cluster() as cluster: cluster.url`. As a program, it runs a
command that finds the URL in ORC_POSTGRES_URL:

    python3 tests/support/postgres.py COMMAND [ARGUMENT...]
"""

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PASSWORD = "s3cret-of-tests"


def _program(name):
    """The servers' own programs are not in PATH on Debian."""
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))
    path = found[-1] if found else shutil.which(name)
    if not path:
        raise FileNotFoundError(
            f"there is no {name}: script/packages test installs PostgreSQL")
    return path


def _free_port():
    with socket.socket() as x:
        x.bind(("127.0.0.1", 0))
        return x.getsockname()[1]


class Cluster:
    """Listens on 127.0.0.1 only; stopped by its process id."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="orc-postgres-", dir="/tmp")
        # PostgreSQL refuses to run as root.
        self.user = {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.user = {"user": nobody.pw_uid, "group": nobody.pw_gid,
                         "extra_groups": []}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        self.server = None
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        data = f"{self.folder}/data"
        password = f"{self.folder}/password"
        with open(password, "w", encoding="utf-8") as out:
            out.write(PASSWORD + "\n")
        os.chmod(password, 0o644)
        subprocess.run(
            [_program("initdb"), "-D", data, "-U", "orc", "--auth=scram-sha-256",
             f"--pwfile={password}", "-E", "UTF8", "--locale=C.UTF-8",
             "--no-sync", "--no-instructions"],
            check=True, stdout=subprocess.DEVNULL, cwd=self.folder, timeout=120,
            **self.user)
        self.port = _free_port()
        self.url = f"postgresql://orc:{PASSWORD}@127.0.0.1:{self.port}/postgres"
        self.log = open(f"{self.folder}/log", "wb")
        self.server = subprocess.Popen(
            [_program("postgres"), "-D", data, "-p", str(self.port),
             "-c", "listen_addresses=127.0.0.1", "-k", self.folder,
             "-c", "fsync=off", "-c", "shared_buffers=16MB"],
            stdout=self.log, stderr=self.log, cwd=self.folder, **self.user)
        deadline = time.monotonic() + 60
        while self.sql("SELECT 1", check=False).returncode != 0:
            if self.server.poll() is not None or time.monotonic() > deadline:
                with open(self.log.name, encoding="utf-8") as text:
                    raise RuntimeError("PostgreSQL does not start:\n" + text.read())
            time.sleep(0.05)

    def sql(self, text, check=True):
        return subprocess.run(
            [shutil.which("psql") or _program("psql"), "-X", "-q",
             "-v", "ON_ERROR_STOP=1", "-c", "SET client_min_messages = warning",
             "-f", "-", self.url],
            input=text.encode(), check=check, timeout=60,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE if not check else None)

    def __exit__(self, *_):
        if self.server and self.server.poll() is None:
            # A fast shutdown: open connections are ended.
            self.server.send_signal(signal.SIGINT)
            try:
                self.server.wait(30)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        if self.server:
            self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    with Cluster() as cluster:
        environment = {**os.environ, "ORC_POSTGRES_URL": cluster.url}
        return subprocess.run(sys.argv[1:], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
