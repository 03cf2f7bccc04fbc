"""Keys and tokens of NATS for a test: nkeys, and the JWTs of an operator, made
with nothing but OpenSSL."""

import base64
import json
import subprocess
import time

PREFIXES = {"operator": 14 << 3, "account": 0, "user": 20 << 3}
SEED = 18 << 3


def _openssl(*command, data=b""):
    return subprocess.run(("openssl",) + command, input=data, check=True,
                          capture_output=True, timeout=30).stdout


def _checksum(data):
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ (0x1021 if crc & 0x8000 else 0)
    return (crc & 0xFFFF).to_bytes(2, "little")


def _in_base32(data):
    return base64.b32encode(data + _checksum(data)).decode().rstrip("=")


def _in_base64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Key:
    """An nkey; `kind` says whose."""

    def __init__(self, kind, folder):
        self.kind = kind
        self._folder = folder
        self._pem = _openssl("genpkey", "-algorithm", "ed25519")
        secret = _openssl("pkey", "-outform", "DER", data=self._pem)[-32:]
        public = _openssl("pkey", "-pubout", "-outform", "DER",
                          data=self._pem)[-32:]
        prefix = PREFIXES[kind]
        self.public = _in_base32(bytes([prefix]) + public)
        self.seed = _in_base32(bytes([SEED | prefix >> 5, (prefix & 31) << 3])
                               + secret)

    def sign(self, data):
        """Returns the signature in the base64 of URLs."""
        # OpenSSL signs with Ed25519 only what is a file.
        paths = {}
        for name, text in (("key", self._pem), ("data", data)):
            paths[name] = f"{self._folder}/{self.public}.{name}"
            with open(paths[name], "wb") as file:
                file.write(text)
        return _in_base64(_openssl("pkeyutl", "-sign", "-rawin", "-inkey",
                                   paths["key"], "-in", paths["data"]))

    def certify(self, key, claims):
        """Returns a JWT about the owner of another key."""
        body = {"jti": key.public, "iat": int(time.time()),
                "iss": self.public, "name": key.kind, "sub": key.public,
                "nats": dict(claims, type=key.kind, version=2)}
        head = {"typ": "JWT", "alg": "ed25519-nkey"}
        text = ".".join(_in_base64(json.dumps(x).encode())
                        for x in (head, body))
        return f"{text}.{self.sign(text.encode())}"


class Operator:
    """An operator with an account that has JetStream."""

    def __init__(self, folder):
        self._folder = folder
        self._key = Key("operator", folder)
        self._account = Key("account", folder)
        self._system = Key("account", folder)

    @property
    def for_server(self):
        """What stands in its configuration."""
        unlimited = {x: -1 for x in (
            "subs", "data", "payload", "imports", "exports", "conn", "leaf",
            "mem_storage", "disk_storage", "streams", "consumer")}
        limits = {"limits": dict(unlimited, wildcards=True)}
        streamless = {"limits": {
            name: value for name, value in limits["limits"].items()
            if name not in ("mem_storage", "disk_storage", "streams",
                            "consumer")}}
        return "\n".join((
            f"operator: {self._key.certify(self._key, {})}",
            f"system_account: {self._system.public}",
            "resolver: MEMORY",
            "resolver_preload: {",
            f"  {self._account.public}: "
            f"{self._key.certify(self._account, limits)}",
            f"  {self._system.public}: "
            f"{self._key.certify(self._system, streamless)}",
            "}"))

    def user(self, publish=(), subscribe=()):
        """Returns one who may do that; without any, everything."""
        key = Key("user", self._folder)
        claims = {"subs": -1, "data": -1, "payload": -1,
                  "pub": {"allow": list(publish)},
                  "sub": {"allow": list(subscribe)}}
        return User(key, self._account.certify(key, claims))


class User:
    def __init__(self, key, token):
        self._key = key
        self._token = token
        self.seed = key.seed

    @property
    def credentials(self):
        """What a file of credentials holds."""
        return (f"-----BEGIN NATS USER JWT-----\n{self._token}\n"
                "------END NATS USER JWT------\n\n"
                f"-----BEGIN USER NKEY SEED-----\n{self._key.seed}\n"
                "------END USER NKEY SEED------\n")

    def enter(self, info):
        """Returns what a client says to a server."""
        return {"jwt": self._token,
                "sig": self._key.sign(info["nonce"].encode())}
