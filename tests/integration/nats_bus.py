"""A NATS server for a test, and a client of it with nothing but sockets."""

import io
import json
import os
import queue
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time

from harness import wait_until


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def server_binary():
    """Debian has it where not every user looks."""
    found = shutil.which("nats-server", path=os.environ.get(
        "PATH", "") + ":/usr/sbin:/usr/local/bin")
    if not found:
        raise AssertionError("nats-server is missing: script/packages test")
    return found


class Server:
    """nats-server with JetStream, on a port of its own, in a folder."""

    def __init__(self, folder, more="", jetstream=True):
        self.port = free_port()
        self.folder = folder
        store = os.path.join(folder, "jetstream")
        text = f"listen: 127.0.0.1:{self.port}\nmax_payload: 1MB\n{more}\n"
        if jetstream:
            text += f'jetstream {{ store_dir: "{store}" }}\n'
        self.config = os.path.join(folder, "nats.conf")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text)
        self.process = None
        self.start()

    @property
    def url(self):
        return f"nats://127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(
            [server_binary(), "-c", self.config, "-l",
             os.path.join(self.folder, "nats.log")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def listens():
            if self.process.poll() is not None:
                with open(os.path.join(self.folder, "nats.log"),
                          encoding="utf-8") as file:
                    raise AssertionError("nats-server ended: " + file.read())
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0
        wait_until(listens, 60, "nats-server")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


class SilentServer:
    """Wants TLS, and says nothing of its own accord any more."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._clients = []
        self.handshakes = 0
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self):
        info = json.dumps({"server_id": "silent", "version": "2.10.0",
                           "proto": 1, "host": "127.0.0.1", "port": self.port,
                           "max_payload": 1 << 20, "headers": True,
                           "tls_required": True})
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            client.sendall(f"INFO {info}\r\n".encode())
            self._clients.append(client)
            self.handshakes += 1

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for client in self._clients:
            client.close()


class Certificates:
    """Of a server on this machine, and of two who might have signed it."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("ca", "other"):
            self._openssl("req", "-x509", *self._new_key(name), "-days", "2",
                          "-subj", f"/CN={name}", "-out",
                          self.path(name + ".pem"))
        self._openssl("req", *self._new_key("server"), "-subj",
                      "/CN=localhost", "-out", self.path("server.csr"))
        with open(self.path("server.ext"), "w", encoding="utf-8") as file:
            file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        self._openssl("x509", "-req", "-in", self.path("server.csr"), "-CA",
                      self.path("ca.pem"), "-CAkey", self.path("ca.key"),
                      "-CAcreateserial", "-days", "2", "-extfile",
                      self.path("server.ext"), "-out", self.path("server.pem"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def _new_key(self, name):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-keyout", self.path(name + ".key"))

    @staticmethod
    def _openssl(*command):
        subprocess.run(("openssl",) + command, check=True, capture_output=True,
                       timeout=30)

    @property
    def for_server(self):
        """What stands in its configuration."""
        return (f'tls {{ cert_file: "{self.path("server.pem")}", '
                f'key_file: "{self.path("server.key")}" }}')

    @property
    def for_client(self):
        return ssl.create_default_context(cafile=self.path("ca.pem"))


class Message:
    def __init__(self, subject, reply, headers, data):
        self.subject = subject
        self.reply = reply
        self.headers = headers
        self.data = data

    @property
    def json(self):
        return json.loads(self.data)

    @property
    def status(self):
        return int(self.headers.get("Orchestrator-Status", 0))


def read_headers(block):
    lines = block.decode().split("\r\n")
    result = {}
    status = lines[0].split(" ", 2)[1:]
    if status:
        result["Status"] = status[0]
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            result[name] = value.strip()
    return result


class TlsStream(io.RawIOBase):
    """TLS over a socket, for one who reads and others who write.

    No two threads may be in one SSL object, and what a server sends after the
    handshake changes it while it is being written to. So TLS is worked out in
    memory, under a lock, and only plain bytes are waited for outside of it.
    """

    def __init__(self, plain, context, name):
        super().__init__()
        self._socket = plain
        self._lock = threading.Lock()
        self._in = ssl.MemoryBIO()
        self._out = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=name)
        self._until_done(self._tls.do_handshake)

    def _until_done(self, step, *args):
        while True:
            with self._lock:
                try:
                    return step(*args)
                except ssl.SSLWantReadError:
                    pass
                except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                    return 0
                finally:
                    self._socket.sendall(self._out.read())
            received = self._socket.recv(65536)
            with self._lock:
                if received:
                    self._in.write(received)
                else:
                    self._in.write_eof()

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._until_done(self._tls.read, len(buffer), buffer)

    def sendall(self, data):
        view = memoryview(data)
        with self._lock:
            while view:
                view = view[self._tls.write(view):]
            self._socket.sendall(self._out.read())


class Client:
    """Speaks NATS as its documents have it.

    `user` may be one of nats_keys.
    """

    def __init__(self, port, tls=None, user=None):
        self._socket = socket.create_connection(("127.0.0.1", port), 10)
        self._socket.settimeout(None)
        self._file = self._socket.makefile("rb")
        self.info = json.loads(self._file.readline().split(b" ", 1)[1])
        self._out = self._socket
        if tls:
            self._out = TlsStream(self._socket, tls, "localhost")
            self._file = io.BufferedReader(self._out)
        self._lock = threading.Lock()
        self._queues = {}
        self._last = 0
        self._closed = False
        self._pongs = queue.Queue()
        connect = dict({"verbose": False, "headers": True,
                        "no_responders": True},
                       **(user.enter(self.info) if user else {}))
        self._send(b"CONNECT " + json.dumps(connect).encode() + b"\r\n")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.inbox = f"_INBOX.test{os.getpid()}{id(self)}"
        self._answers = self.subscribe(self.inbox + ".*")
        self._kept = {}
        self._request_lock = threading.Lock()

    def _send(self, data):
        with self._lock:
            self._out.sendall(data)

    def _read(self):
        try:
            while True:
                line = self._file.readline()
                if not line:
                    break
                parts = line.decode().split()
                if parts[0] == "PING":
                    self._send(b"PONG\r\n")
                elif parts[0] == "PONG":
                    self._pongs.put(None)
                elif parts[0] in ("MSG", "HMSG"):
                    self._take(parts)
        except (OSError, ValueError):
            pass
        self._closed = True

    def _take(self, parts):
        with_headers = parts[0] == "HMSG"
        sizes = 2 if with_headers else 1
        reply = parts[3] if len(parts) == 4 + sizes else ""
        total = int(parts[-1])
        body = self._file.read(total + 2)[:total]
        headers = {}
        if with_headers:
            cut = int(parts[-2])
            headers, body = read_headers(body[:cut]), body[cut:]
        target = self._queues.get(parts[2])
        if target is not None:
            target.put(Message(parts[1], reply, headers, body))

    def subscribe(self, subject, group=""):
        """Returns a queue of messages."""
        self._last += 1
        sid = str(self._last)
        self._queues[sid] = queue.Queue()
        self._send(f"SUB {subject} {group} {sid}\r\n".encode())
        return self._queues[sid]

    def publish(self, subject, data=b"", reply="", headers=None):
        if not isinstance(data, (bytes, str)):
            data = json.dumps(data)
        if isinstance(data, str):
            data = data.encode()
        if headers:
            head = "NATS/1.0\r\n" + "".join(
                f"{name}: {value}\r\n" for name, value in headers.items())
            head = head.encode() + b"\r\n"
            line = f"HPUB {subject} {reply} {len(head)} {len(head) + len(data)}"
            self._send(line.encode() + b"\r\n" + head + data + b"\r\n")
        else:
            line = f"PUB {subject} {reply} {len(data)}"
            self._send(line.encode() + b"\r\n" + data + b"\r\n")

    def flush(self):
        self._send(b"PING\r\n")
        self._pongs.get(timeout=10)

    def request(self, subject, data=b"", headers=None, timeout=20):
        with self._request_lock:
            self._last += 1
            reply = f"{self.inbox}.{self._last}"
            self.publish(subject, data, reply, headers)
            deadline = time.monotonic() + timeout
            while True:
                left = deadline - time.monotonic()
                try:
                    answer = self._answers.get(timeout=max(left, 0.001))
                except queue.Empty:
                    raise AssertionError(f"no answer from {subject}") from None
                if answer.subject == reply:
                    return answer

    def store(self, subject, data=b"", headers=None):
        """Publishes into a stream, again until that has it."""
        def stored():
            answer = self.request(subject, data, headers, 5)
            if answer.headers.get("Status") or "error" in answer.json:
                return None
            return answer.json
        return wait_until(stored, 60, f"a stream for {subject}")

    def replay(self, stream, subject=">"):
        """Returns a queue of all that a stream has and gets."""
        self._last += 1
        deliver = f"{self.inbox}replay.{self._last}"
        messages = self.subscribe(deliver)
        config = {"deliver_subject": deliver, "deliver_policy": "all",
                  "ack_policy": "none", "replay_policy": "instant"}
        if subject != ">":
            config["filter_subject"] = subject
        answer = self.request(f"$JS.API.CONSUMER.CREATE.{stream}",
                              {"stream_name": stream, "config": config}).json
        if "error" in answer:
            raise AssertionError(answer)
        return messages

    def stop(self):
        with self._lock:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._reader.join(10)
        self._file.close()
        self._socket.close()


def drain(messages, seconds=0.0):
    """Returns what a queue has, and what comes within a time."""
    result = []
    deadline = time.monotonic() + seconds
    while True:
        try:
            result.append(messages.get(
                timeout=max(deadline - time.monotonic(), 0.001)))
        except queue.Empty:
            return result
