"""What the tests of task graphs share: Crew's API as a client sees it."""

import datetime
import itertools

from harness import Case


class Crew(Case):
    """A service without an account: tasks need none."""

    options = ()

    def setUp(self):
        super().setUp()
        self.served = self.serve()
        self.ids = itertools.count()

    def serve(self, *args, listen="127.0.0.1:0", **more):
        from harness import Service, environment
        return self.keep(Service(
            *self.options, *args, listen=listen, cwd=self.folder,
            env=environment(ORCHESTRATOR_DATA=self.data, **more)))

    def restart(self, which=9):
        self.served.stop(which)
        self.served = self.serve()

    def call(self, method, path, body=None, status=200, **more):
        answer = self.served.call(method, "/api/v1/" + path, body, **more)
        self.assertEqual(answer.status, status, answer.text)
        return answer.json

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.call("POST", path, body, **more)

    def group(self, name="group", **more):
        return self.post("task_groups", dict({"name": name}, **more))["_id"]

    def create(self, group, channel="c", **more):
        body = dict({"name": f"task-{next(self.ids)}", "channel": channel},
                    **more)
        return self.post(f"task_group/{group}/tasks", body)

    def task(self, task):
        return self.get(f"task/{task['_id']}")

    def tasks(self, group):
        return self.get(f"task_group/{group}/tasks")

    def acquire(self, channel="c", worker="w1", query="", **more):
        return self.post(f"channel/{channel}/acquire{query}",
                         dict({"workerId": worker}, **more),
                         timeout=60)

    def take(self, channel="c", worker="w1", **more):
        """Acquires a task that must be there."""
        task = self.acquire(channel, worker, **more)["task"]
        self.assertIsNotNone(task, f"nothing on {channel}")
        return task

    def release(self, task, worker="w1", status=200, **more):
        return self.post(f"task/{task['_id']}/release",
                         dict({"workerId": worker}, **more), status=status)

    def exchange(self, task, worker="w1", status=200, channel="c", **more):
        """Gives a task back and takes the next one with the answer."""
        return self.post(f"task/{task['_id']}/release?acquire={channel}",
                         dict({"workerId": worker}, **more), status=status)

    def do(self, channel="c", worker="w1", **more):
        """Acquires a task and completes it."""
        return self.release(self.take(channel, worker), worker,
                            **dict({"output": {"done": True}}, **more))

    def heartbeat(self, task, worker="w1", status=200, **more):
        return self.post(f"task/{task['_id']}/heartbeat",
                         dict({"workerId": worker}, **more), status=status)

    def names_left(self, channel="c"):
        """Acquires and completes all, and returns the names in that order."""
        result = []
        while True:
            task = self.acquire(channel)["task"]
            if task is None:
                return result
            result.append(task["name"])
            self.release(task, output=1)


def later(seconds):
    at = (datetime.datetime.now(datetime.timezone.utc)
          + datetime.timedelta(seconds=seconds))
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_later(text, seconds=0):
    at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at > (datetime.datetime.now(datetime.timezone.utc)
                 + datetime.timedelta(seconds=seconds))
