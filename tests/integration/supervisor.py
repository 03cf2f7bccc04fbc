"""A service manager for tests: what sd_notify(3) promises, and threads that can
be held still."""

import ctypes
import os
import socket
import threading
import time

from harness import wait_until


class Supervisor:
    """Listens where NOTIFY_SOCKET points, and keeps what it hears."""

    def __init__(self, address, watchdog=None):
        self.address = address
        self.watchdog = watchdog
        self.heard = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        name = "\0" + address[1:] if address.startswith("@") else address
        self._socket.bind(name)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def environment(self):
        result = {"NOTIFY_SOCKET": self.address}
        if self.watchdog:
            result["WATCHDOG_USEC"] = str(int(self.watchdog * 1e6))
        return result

    def _listen(self):
        while True:
            try:
                text = self._socket.recv(65536).decode()
            except OSError:
                return
            if not text:
                return
            fields = dict(line.split("=", 1) for line in text.split("\n"))
            self.heard.append((time.monotonic(), fields))

    def having(self, name, value=None):
        """The messages with a field, as (time, fields)."""
        return [(at, fields) for at, fields in list(self.heard)
                if name in fields and value in (None, fields[name])]

    def wait_for(self, name, value=None, after=0, seconds=20):
        def found():
            for at, fields in self.having(name, value):
                if at > after:
                    return fields
            return None
        return wait_until(found, seconds, f"{name}={value or '…'}")

    def wait_for_status(self, part, seconds=20):
        return wait_until(
            lambda: any(part in fields["STATUS"]
                        for _, fields in self.having("STATUS")),
            seconds, f"a status with `{part}`")

    @property
    def beats(self):
        return [at for at, _ in self.having("WATCHDOG")]

    def stop(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._socket.close()


_WALL = 0x40000000
_PTRACE_DETACH, _PTRACE_SEIZE, _PTRACE_INTERRUPT = 17, 0x4206, 0x4207


def thread_called(process, name):
    """Returns the id of the thread of that name."""
    folder = f"/proc/{process}/task"
    for thread in os.listdir(folder):
        with open(f"{folder}/{thread}/comm", encoding="utf-8") as file:
            if file.read().strip() == name:
                return int(thread)
    return None


class Held:
    """Holds one thread of a process still, as a disk does that never answers:
    a debugger's stop, which no signal and no test code in the process can
    imitate. The same thread of ours has to begin and end it.

    A process that is killed meanwhile is gone only after `is_gone`."""

    def __init__(self, thread):
        self._thread = thread
        self._gone = False
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long,
                                      ctypes.c_void_p, ctypes.c_void_p]

    def _trace(self, what):
        if self._libc.ptrace(what, self._thread, None, None) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), "ptrace")

    def __enter__(self):
        self._trace(_PTRACE_SEIZE)
        self._trace(_PTRACE_INTERRUPT)
        os.waitpid(self._thread, _WALL)
        return self

    def is_gone(self):
        """Whether it was killed: whoever holds it has to take notice."""
        if not self._gone:
            found, status = os.waitpid(self._thread, os.WNOHANG | _WALL)
            self._gone = found != 0 and not os.WIFSTOPPED(status)
        return self._gone

    def __exit__(self, *_):
        if not self._gone:
            self._trace(_PTRACE_DETACH)
