"""Who starts when: memory, run slots, order, accounts, secrets."""

import unittest

from harness import TOKEN, Case, request, wait_until


class Caps(Case):
    def peaks(self, platform):
        users = platform.stats()["accounts"]
        return next(x for x in users if x["username"] == "tester")

    def test_our_cap_on_concurrent_runs_holds(self):
        platform = self.emulator()
        plan = self.plan(*[request(f"c{i}", duration=100) for i in range(20)])
        self.run_plan(platform, plan, "--max-concurrent-runs", "3")
        self.assertEqual(self.peaks(platform)["peakRuns"], 3)

    def test_our_cap_on_memory_holds(self):
        platform = self.emulator()
        plan = self.plan(*[request(f"c{i}", duration=100, memory=512)
                           for i in range(12)])
        self.run_plan(platform, plan, "--max-memory", "2048")
        self.assertEqual(self.peaks(platform)["peakMemoryMbytes"], 2048)

    def test_the_limits_of_the_platform_are_used_up_but_not_passed(self):
        platform = self.emulator(user=f"tester:{TOKEN}:2048:5")
        plan = self.plan(*[request(f"c{i}", duration=150,
                                   memory=128 << (i % 3)) for i in range(24)])
        self.run_plan(platform, plan)
        self.assertEqual(platform.stats()["errors"], {})
        self.assertGreaterEqual(self.peaks(platform)["peakRuns"], 4)

    def test_limits_that_must_not_be_read_are_learned(self):
        platform = self.emulator("--limits-forbidden",
                                 user=f"tester:{TOKEN}:1024:4")
        plan = self.plan(*[request(f"c{i}", duration=200) for i in range(16)])
        self.run_plan(platform, plan)
        self.assertEqual(set(platform.starts_by_key().values()), {1})

    def test_what_never_fits_is_refused_and_stops_nobody(self):
        platform = self.emulator(user=f"tester:{TOKEN}:1024:4")
        plan = self.plan(request("huge", memory=8192), request("small"))
        done = self.run_plan(platform, plan, "--json", expect=1)
        runs = {x["run"]["name"]: x["run"] for x in done.events[:-1]}
        self.assertEqual(runs["small"]["status"], "SUCCEEDED")
        self.assertEqual(runs["huge"]["state"], "refused")
        self.assertIn("8192", runs["huge"]["error"]["message"])
        self.assertIn("1024", runs["huge"]["error"]["message"])

    def test_small_runs_pass_one_that_has_to_wait(self):
        platform = self.emulator(user=f"tester:{TOKEN}:1024:10")
        plan = self.plan(request("first", duration=1500, memory=512),
                         request("large", duration=50, memory=1024),
                         *[request(f"s{i}", duration=50) for i in range(4)])
        done = self.run_plan(platform, plan, "--json")
        order = [x["run"]["name"] for x in done.events[:-1]]
        self.assertEqual(order[-1], "large")
        self.assertEqual(order[-2], "first")

    def test_higher_priority_starts_earlier(self):
        platform = self.emulator()
        plan = self.plan(*[request(f"p{i}", priority=i) for i in range(6)])
        self.run_plan(platform, plan, "--max-concurrent-runs", "1")
        started = [x["key"] for x in platform.runs()]
        self.assertEqual(started, [f"p{i}" for i in reversed(range(6))])


class Accounts(Case):
    SECRET = "sealed-4711-token"

    def two_accounts(self, *args):
        return self.emulator("--user", f"second:{self.SECRET}:4096:5", *args)

    def test_a_run_names_an_account_of_the_configuration(self):
        platform = self.two_accounts()
        token = self.write("second.token", self.SECRET + "\n")
        with open(self.config, "a", encoding="utf-8") as file:
            file.write(f'[[accounts]]\nname = "second"\ntoken_file = "{token}"\n'
                       '[[accounts]]\nname = "third"\ntoken_env = "THIRD"\n')
        plan = self.plan(request("a"), request("b", account="second"),
                         request("c", account="third"))
        done = self.run_plan(platform, plan, "--json",
                             env={"THIRD": self.SECRET})
        users = {x["key"]: x["user"] for x in platform.runs()}
        self.assertEqual((users["a"], users["b"], users["c"]),
                         ("tester", "second", "second"))
        accounts = {x["run"]["name"]: x["run"]["account"]
                    for x in done.events[:-1]}
        self.assertEqual((accounts["b"], accounts["c"]), ("second", "third"))

    def test_the_token_of_a_run_is_sealed_and_shown_nowhere(self):
        platform = self.two_accounts()
        plan = self.plan(request("own", duration=1500, token=self.SECRET),
                         request("bad", token="wrong-4711-token"),
                         name="secret.json")
        process = self.launch(platform, plan, "--json", "--log-level", "debug")
        wait_until(platform.live)
        self.assert_hidden()
        process.send(9)
        process.finish()
        again = self.run_plan(platform, plan, "--json", "--log-level", "debug",
                              expect=1)
        shown = "\n".join(process.out + process.err + again.out + again.err)
        self.assertNotIn("4711", shown)
        self.assert_hidden()
        self.assertEqual([(x["key"], x["user"]) for x in platform.runs()],
                         [("own", "second")])
        bad = next(x["run"] for x in again.events[:-1]
                   if x["run"]["name"] == "bad")
        self.assertEqual(bad["state"], "refused")
        self.assertIn("token", bad["error"]["message"])

    def assert_hidden(self):
        for path, text in self.texts_below(self.data):
            for secret in (self.SECRET, "wrong-4711-token", TOKEN):
                self.assertNotIn(secret.encode(), text, path)


if __name__ == "__main__":
    unittest.main()
