"""The images, built of the Dockerfile and run as compose and the Apify platform
run them. Only the stage that compiles is left out: the binary is there."""

import json
import os
import shlex
import sys
import tempfile
import unittest

from containers import PODMAN, ROOT, Containers, compose, what_is_missing

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))

from harness import TOKEN, Emulator, http, request, wait_until  # noqa: E402

ACTOR = os.path.join(ROOT, "packaging", "apify-actor", ".actor")
STATE = "/var/lib/apify-orchestrator"
CLIENTS = "token of clients"
PLATFORM = "127.0.0.1:8080"
containers = None


def setUpModule():
    global containers
    if reason := what_is_missing():
        raise unittest.SkipTest(reason)
    containers = Containers()
    unittest.addModuleCleanup(containers.stop)
    containers.make_base()
    build = compose()["services"]["orchestrator"]["build"]
    containers.build("service", build["context"], build["dockerfile"],
                     "--target", build["target"])
    # As the platform does it: no target, so it is the last stage.
    with open(os.path.join(ACTOR, "actor.json"), encoding="utf-8") as file:
        actor = json.load(file)
    containers.build("actor", os.path.join(ACTOR, actor["dockerContextDir"]),
                     os.path.join(ACTOR, actor["dockerfile"]))


class Service(unittest.TestCase):
    """In a network of its own, which it shares with an emulated platform."""

    @classmethod
    def setUpClass(cls):
        containers.start(
            "platform", "service", "--network", "none", "--entrypoint",
            "apify-orchestrator", command=(
                "emulate", "--listen", PLATFORM, "--no-rate-limits", "--user",
                f"tester:{TOKEN}:16384:25"))
        cls.platform = str(containers.inspect("platform", ".State.Pid"))
        for name, secret in (("apify-token", TOKEN),
                             ("orchestrator-token", CLIENTS)):
            path = f"{containers.folder}/{name}"
            containers.write(path, secret + "\n", 0o400)
            os.chown(containers.path(path), 8484, -1)
        cls.start("service")

    @classmethod
    def start(cls, name):
        containers.start(name, "service", "--network", "container:platform",
                         "--env", f"APIFY_API_BASE_URL=http://{PLATFORM}",
                         *cls.as_compose_says())
        cls.name = name
        try:
            wait_until(cls.is_healthy, 90, f"the health of {name}")
        except AssertionError as error:
            raise AssertionError(f"{error}, log:\n{cls.log()}") from error

    @classmethod
    def is_healthy(cls):
        """As its HEALTHCHECK says."""
        containers.podman("healthcheck", "run", cls.name, check=False)
        return containers.inspect(cls.name,
                                  ".State.Health.Status") == "healthy"

    @classmethod
    def as_compose_says(cls):
        """Podman's words for what the file of compose asks for."""
        service = dict(compose()["services"]["orchestrator"])
        for name in ("build", "image", "restart", "ports", "stop_grace_period"):
            service.pop(name)
        assert service.pop("read_only")
        words = ["--read-only", "--read-only-tmpfs=false"]
        for secret in service.pop("secrets"):
            source = secret["source"]
            words += ["--volume", f"{containers.folder}/{source}:"
                                  f"/run/secrets/{source}:ro"]
        for name, option in (("volumes", "--volume"), ("tmpfs", "--tmpfs"),
                             ("cap_drop", "--cap-drop"),
                             ("security_opt", "--security-opt")):
            for value in service.pop(name):
                words += [option, value]
        assert not service, f"podman is not told of {service}"
        return words

    @classmethod
    def log(cls):
        return containers.run("sh", "-c", shlex.join(
            [*PODMAN, "logs", cls.name]) + " 2>&1")

    def call(self, method, path, *more):
        return json.loads(containers.run(
            "nsenter", "-t", self.platform, "--net", "curl", "-sS", "-X",
            method, "-H", f"Authorization: Bearer {CLIENTS}", *more,
            f"http://127.0.0.1:8484/api/v1/{path}"))

    def succeed(self, name):
        self.call("POST", "runs", "-H", "Content-Type: application/json", "-d",
                  json.dumps(request(name)))
        run = self.call("GET", f"runs/{name}?waitSecs=20")
        self.assertEqual(run["status"], "SUCCEEDED", run)

    def stop(self):
        containers.podman("stop", "--time", "60", self.name)
        return containers.inspect(self.name, ".State.ExitCode")

    def test_it_works_and_a_new_container_has_the_state(self):
        self.succeed("kept")
        self.assertEqual(self.stop(), 0)
        self.start("next")
        self.assertEqual(self.call("GET", "runs/kept")["status"], "SUCCEEDED")
        self.succeed("another")

    def test_it_is_nobody_s_root_and_writes_only_its_state(self):
        status = containers.podman("exec", self.name, "cat", "/proc/1/status")
        self.assertRegex(status, r"Name:\s+apify-orchestr")
        self.assertRegex(status, r"Uid:\s+8484\s+8484")
        self.assertRegex(status, r"NoNewPrivs:\s+1\n")
        self.assertRegex(status, r"CapBnd:\s+0+\n")
        tried = containers.podman(
            "exec", self.name, "bash", "-c", "for folder in / /usr/local/bin "
            f"~ /run /tmp {STATE}; do test -w $folder && echo $folder; done; :")
        self.assertEqual(tried.split(), ["/tmp", STATE])

    def test_health_is_what_the_service_says(self):
        self.assertTrue(self.is_healthy())
        containers.start("idle", "service", "--network", "none",
                         "--entrypoint", "sleep", command=("100",))
        said = containers.podman("healthcheck", "run", "idle", check=False)
        self.assertIn("unhealthy", said)
        containers.podman("stop", "--time", "0", "idle")

    def test_the_log_is_json(self):
        lines = [line for line in self.log().splitlines()
                 if not line.startswith("listening on ")]
        self.assertTrue(lines)
        for line in lines:
            self.assertIn("event", json.loads(line))


class Actor(unittest.TestCase):
    """Started by an emulated platform, with the environment that this gives."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        home = os.path.join(folder.name, "orchestrator", ".actor")
        os.makedirs(home)
        start = os.path.join(folder.name, "start")
        with open(start, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nexec " + shlex.join(containers.inside(
                *PODMAN, "run", "--rm", *containers.options(),
                "--network", "host", "--env", "ACTOR_*", "--env", "APIFY_*",
                "actor")) + "\n")
        os.chmod(start, 0o700)
        with open(os.path.join(home, "actor.json"), "w",
                  encoding="utf-8") as file:
            json.dump({"actorSpecification": 1, "name": "orchestrator",
                       "version": "0.1",
                       "orchestrator": {"command": [start]}}, file)
        self.platform = Emulator("--actors", folder.name)
        self.addCleanup(self.platform.stop)

    def call(self, method, path, body=None):
        return http(method, f"{self.platform.url}/v2/{path}", body,
                    {"Authorization": f"Bearer {TOKEN}"})

    def test_a_plan_is_run(self):
        run = self.call("POST", "actors/tester~orchestrator/runs?memory=256",
                        {"runs": [request("a"), request("b")]}).json["data"]
        run = wait_until(lambda: self.ended(run["id"]), 60, "its end")
        log = self.call("GET", f"actor-runs/{run['id']}/log").text
        self.assertEqual(run["status"], "SUCCEEDED", log)
        self.assertEqual(run["statusMessage"], "2 runs of 2 succeeded")
        items = self.call("GET",
                          f"datasets/{run['defaultDatasetId']}/items").json
        self.assertEqual({x["name"] for x in items}, {"a", "b"})

    def ended(self, run):
        data = self.call("GET", f"actor-runs/{run}").json["data"]
        return data if data["status"] in ("SUCCEEDED", "FAILED", "ABORTED",
                                          "TIMED-OUT") else None


class Size(unittest.TestCase):
    def test_nothing_is_left_of_their_making(self):
        for name in ("service", "actor"):
            left = containers.podman(
                "run", "--rm", *containers.options(), "--network", "none",
                "--entrypoint", "sh", name, "-c", "find /src /setup "
                "/var/lib/apt/lists -mindepth 1 2>&1 | grep -v ' No such '; id")
            self.assertRegex(left, r"^uid=8484\(orchestrator\)")
            size = containers.inspect(f"localhost/{name}:latest", ".Size")
            self.assertLess(size, 150e6)


if __name__ == "__main__":
    unittest.main()
