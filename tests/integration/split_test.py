"""`apify-orchestrator split`: large lists become runs."""

import json
import os
import signal
import unittest

from harness import TOKEN, Case, Process, http, wait_until

TEMPLATE = json.dumps({"key": "part", "durationMs": 50,
                       "list": {"$items": "$item"}})


class Splits(Case):
    def split(self, platform, *args, expect=0, seconds=40):
        process = self.keep(Process(
            "split", *args, "--config", self.config,
            env=self.environment(platform), cwd=self.folder))
        code = process.finish(seconds)
        self.assertEqual(code, expect, "\n".join(process.out + process.err))
        return process

    def list_of(self, count, name="items.ndjson"):
        return self.write(name, "".join(f"{i}\n" for i in range(count)))

    def arguments(self, path, *more, template=TEMPLATE):
        return (path, "--template", template, "--prefix", "shop", "--actor",
                "emulator/scripted", "--max-items", "4", "--json", *more)

    def dry(self, *args, stdin=""):
        done = self.binary("split", *args, "--dry-run", "--json", stdin=stdin,
                           ORCHESTRATOR_DATA=self.data)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def input_of(self, platform, run):
        store = run["defaultKeyValueStoreId"]
        return http("GET", f"{platform.url}/v2/key-value-stores/{store}/records/"
                           f"INPUT?token={TOKEN}").json

    def test_a_dry_run_tells_the_parts_and_needs_no_platform(self):
        *parts, total = self.dry(*self.arguments(self.list_of(10))[:-1])
        self.assertEqual([part["name"] for part in parts],
                         ["shop-1/3", "shop-2/3", "shop-3/3"])
        self.assertEqual([(part["firstItem"], part["items"]) for part in parts],
                         [(0, 4), (4, 4), (8, 2)])
        shape = '{"key":"part","durationMs":50,"list":[0,1,2,3]}'
        self.assertEqual(parts[0]["bytes"], len(shape))
        self.assertEqual(
            total, {"event": "split", "parts": 3, "items": 10,
                    "bytes": sum(part["bytes"] for part in parts), "skipped": 0})
        self.assertFalse(os.path.exists(self.data))

    def test_every_form_of_a_list_is_cut_the_same(self):
        forms = {"lines": "a\nb\nc\n", "ndjson": '"a"\n"b"\n"c"\n',
                 "json": '["a", "b",\n"c"]'}
        for form, text in forms.items():
            *parts, total = self.dry("-", "--format", form, "--template",
                                     '{"u":{"$items":{"url":"$item"}}}',
                                     "--prefix", "p", "--actor", "me/a",
                                     "--parts", "2", stdin=text)
            self.assertEqual([part["items"] for part in parts], [2, 1], form)
            self.assertEqual(total["bytes"], 2 * len('{"u":[]}') + len(
                '{"url":"a"},{"url":"b"}{"url":"c"}'), form)

    def test_parts_become_runs_that_have_each_item_once(self):
        platform = self.emulator()
        done = self.split(platform, *self.arguments(self.list_of(10)))
        finished = [x["run"] for x in done.events
                    if x.get("event") == "run-finished"]
        self.assertEqual(sorted(run["name"] for run in finished),
                         ["shop-1/3", "shop-2/3", "shop-3/3"])
        items = [item for run in sorted(finished, key=lambda x: x["name"])
                 for item in self.input_of(platform, run)["list"]]
        self.assertEqual(items, list(range(10)))
        self.assertEqual(done.events[-1]["succeeded"], 3)

    def test_the_same_list_again_starts_nothing(self):
        platform = self.emulator()
        for _ in range(2):
            self.split(platform, *self.arguments(self.list_of(10)))
        self.assertEqual(platform.stats()["runsStarted"], 3)

    def test_a_longer_list_starts_only_what_is_new(self):
        platform = self.emulator()
        self.split(platform, *self.arguments(self.list_of(10)))
        done = self.split(platform, *self.arguments(self.list_of(13)))
        self.assertEqual(
            [x["name"] for x in done.events if "firstItem" in x],
            ["shop-1/3", "shop-2/3", "shop-3/3", "shop-4/4"])
        self.assertEqual(platform.stats()["runsStarted"], 4)

    def test_a_list_that_has_changed_is_refused(self):
        platform = self.emulator()
        self.split(platform, *self.arguments(self.list_of(10)))
        changed = self.write("changed.ndjson", "7\n" * 10)
        done = self.split(platform, *self.arguments(changed), expect=2)
        self.assertRegex("\n".join(done.err), "items 0 to 3 are not those")
        self.assertEqual(platform.stats()["runsStarted"], 3)

    def test_a_template_that_has_changed_is_refused(self):
        platform = self.emulator()
        self.split(platform, *self.arguments(self.list_of(3)))
        other = TEMPLATE.replace("list", "other")
        done = self.split(platform, *self.arguments(
            self.list_of(3), template=other), expect=2)
        self.assertRegex("\n".join(done.err), "another prefix")

    def test_kill_9_at_any_moment_starts_nothing_twice(self):
        platform = self.emulator()
        path = self.list_of(400)
        for wait in (1, 20, 60, 100):
            process = self.keep(Process(
                "split", *self.arguments(path), "--config", self.config,
                env=self.environment(platform), cwd=self.folder))
            wait_until(lambda: process.process.poll() is not None
                       or platform.stats()["runsStarted"] >= wait,
                       what=f"{wait} starts")
            process.send(signal.SIGKILL)
            process.finish()
        self.split(platform, *self.arguments(path), seconds=90)
        starts = platform.stats()["runsStarted"]
        self.assertEqual(starts, 100)

    def test_items_that_fit_nowhere_are_named_or_skipped(self):
        path = self.write("big.ndjson", '1\n"%s"\n2\n' % ("x" * 100))
        common = (path, "--template", '{"u":{"$items":"$item"}}', "--prefix",
                  "p", "--actor", "me/a", "--max-bytes", "50")
        done = self.binary("split", *common, "--dry-run")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"items\[1\]: makes an input of 110 bytes")
        *parts, total = self.dry(*common, "--on-oversize", "skip")
        self.assertEqual((len(parts), total["items"], total["skipped"]),
                         (1, 2, 1))

    def test_bad_input_is_named(self):
        path = self.list_of(3)
        good = {"--template": '{"u":{"$items":"$item"}}', "--prefix": "p",
                "--actor": "me/a"}
        for change, pattern in (
                ({"--template": "{"}, "--template: line 1"),
                ({"--template": '{"u":1}'}, r"\$items"),
                ({"--prefix": "a b"}, "prefix"),
                ({"--actor": ""}, "actor"),
                ({"--max-items": "0"}, "maxItems"),
                ({"--fixed-input": "[1]"}, "fixedInput"),
                ({"--parts": "0"}, "parts")):
            options = [x for pair in dict(good, **change).items() for x in pair]
            done = self.binary("split", path, *options, "--dry-run")
            self.assertEqual(done.returncode, 2, change)
            self.assertRegex(done.stderr, pattern)
        missing = self.binary("split", "nope.ndjson", "--dry-run", *[
            x for pair in good.items() for x in pair])
        self.assertEqual(missing.returncode, 2)
        self.assertRegex(missing.stderr, "nope.ndjson: .*No such file")

    def test_a_service_cuts_a_list_that_is_posted(self):
        platform = self.emulator()
        service = self.service(platform)
        body = {"prefix": "posted", "actor": "emulator/scripted",
                "template": json.loads(TEMPLATE), "items": list(range(10)),
                "maxItems": 4}
        planned = service.call("POST", "/api/v1/splits",
                               dict(body, dryRun=True))
        self.assertEqual(planned.status, 200, planned.text)
        answer = service.call("POST", "/api/v1/splits", body)
        self.assertEqual(answer.status, 201, answer.text)
        self.assertEqual(answer.json, planned.json)
        self.assertEqual([x["name"] for x in answer.json["parts"]],
                         ["posted-1/3", "posted-2/3", "posted-3/3"])
        for part in answer.json["parts"]:
            self.assertEqual(service.run(part["name"], wait=20)["status"],
                             "SUCCEEDED")
        again = service.call("POST", "/api/v1/splits", body)
        self.assertEqual(again.json, answer.json)
        self.assertEqual(platform.stats()["runsStarted"], 3)
        bad = service.call("POST", "/api/v1/splits", dict(body, maxItems=0))
        self.assertEqual(bad.status, 400)
        self.assertRegex(bad.json["error"]["message"], "maxItems")


if __name__ == "__main__":
    unittest.main()
