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

    def test_lists_of_a_plan_become_runs(self):
        platform = self.emulator()
        self.write("urls.txt", "a\nb\nc\n")
        entry = {"actor": "emulator/scripted", "template": json.loads(TEMPLATE)}
        plan = self.write("plan.json", {
            "runs": [{"name": "first", "actor": "emulator/scripted",
                      "input": {"key": "first"}}],
            "fixedInput": {"lang": "en"},
            "splits": [
                dict(entry, prefix="inline", items=[1, 2, 3], maxItems=2),
                dict(entry, prefix="file", items="@urls.txt", format="lines",
                     maxItems=1)]})
        for _ in range(2):
            done = self.run_plan(platform, plan, "--json")
            runs = {x["run"]["name"]: x["run"] for x in done.events
                    if x.get("event") == "run-finished"}
            self.assertEqual(sorted(runs), [
                "file-1/3", "file-2/3", "file-3/3", "first", "inline-1/2",
                "inline-2/2"])
        self.assertEqual(platform.stats()["runsStarted"], 6)
        got = self.input_of(platform, runs["file-2/3"])
        self.assertEqual((got["list"], got["lang"]), (["b"], "en"))
        self.assertEqual(runs["inline-1/2"]["batch"], "inline")

    def test_a_list_of_a_plan_that_is_wrong_is_named(self):
        platform = self.emulator()
        for field, value, says in (
                ("items", "text", "splits[0].items"),
                ("maxItems", 0, "splits[0]"),
                ("templat", {}, "splits[0].templat"),
                ("items", "@missing.json", "missing.json")):
            entry = {"prefix": "p", "actor": "emulator/scripted", "items": [1],
                     "template": json.loads(TEMPLATE)}
            plan = self.write("bad.json", {"splits": [dict(entry, **{field: value})]})
            done = self.run_plan(platform, plan, expect=2)
            self.assertIn(says, "\n".join(done.err))
        self.assertEqual(platform.stats()["runsStarted"], 0)

    def test_the_items_of_a_dataset_become_runs(self):
        platform = self.emulator()
        answer = http("POST", f"{platform.url}/v2/datasets?token={TOKEN}")
        dataset = answer.json["data"]["id"]
        # More than the first page has, and a last page that is just full.
        for first in range(0, 1100, 550):
            http("POST", f"{platform.url}/v2/datasets/{dataset}/items?token={TOKEN}",
                 [{"n": n} for n in range(first, first + 550)])
        template = json.dumps({"key": "part", "list": {"$items": "$item"}})
        more = ("--template", template, "--prefix", "d", "--actor",
                "emulator/scripted", "--max-items", "500", "--json")
        dry = self.binary("split", "--dataset", dataset, *more, "--dry-run",
                          APIFY_TOKEN=TOKEN, APIFY_API_BASE_URL=platform.url)
        self.assertEqual(dry.returncode, 0, dry.stderr)
        total = json.loads(dry.stdout.splitlines()[-1])
        self.assertEqual((total["parts"], total["items"]), (3, 1100))
        done = self.split(platform, "--dataset", dataset, *more)
        runs = [x["run"] for x in done.events if x.get("event") == "run-finished"]
        items = [item["n"] for run in sorted(runs, key=lambda x: x["name"])
                 for item in self.input_of(platform, run)["list"]]
        self.assertEqual(items, list(range(1100)))
        served = self.service(platform, "--data", self.data + "-2")
        cut = served.call("POST", "/api/v1/splits", {
            "prefix": "e", "actor": "emulator/scripted", "dataset": dataset,
            "maxItems": 600, "template": json.loads(template)})
        self.assertEqual((cut.status, cut.json["items"]), (201, 1100), cut.text)
        both = served.call("POST", "/api/v1/splits", {
            "prefix": "f", "actor": "emulator/scripted", "dataset": dataset,
            "items": [1], "template": json.loads(template)})
        self.assertEqual(both.status, 400, both.text)
        missing = self.split(platform, "--dataset", "nothing", *more, expect=2)
        self.assertIn("nothing", "\n".join(missing.err))

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
                ({"--max-items": "0"}, "--max-items"),
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
