"""Budgets, against the emulator and against a platform without manners."""

import signal
import unittest

from harness import Case, request, wait_until
from hostile_platform import HostilePlatform


def costs(name, usd, **more):
    """A run of the emulator that costs so much."""
    more_input = dict({"usageTotalUsd": usd}, **more.pop("more_input", {}))
    return request(name, more_input=more_input, **more)


class Budgeted(Case):
    def budgets(self, *budgets, cost_patience=0.5):
        lines = ["[timing]", "reconcile_window = 4", "retry_backoff = 0.1",
                 f"cost_patience = {cost_patience}"]
        for budget in budgets:
            lines.append("[[budgets]]")
            for name, value in budget.items():
                text = f'"{value}"' if isinstance(value, str) else value
                lines.append(f"{name} = {text}")
        self.config = self.write("orc.toml", "\n".join(lines) + "\n")

    def budget(self, served, name):
        found = served.get("/api/v1/budgets").json["items"]
        return next(x for x in found if x["name"] == name)

    def wait_for(self, served, name, **fields):
        def there():
            now = self.budget(served, name)
            return all(now[key] == value for key, value in fields.items())
        wait_until(there, 60, f"{name} {fields}")

    def state(self, served, name):
        return served.run(name)["state"]


class Caps(Budgeted):
    def test_runs_wait_for_money_and_go_on_when_the_cap_is_raised(self):
        self.budgets({"name": "nightly", "cap_usd": 1.0})
        platform = self.emulator()
        served = self.service(platform)
        cap = {"maxTotalChargeUsd": 0.6}
        served.submit(costs("first", 0.6, options=cap))
        served.run("first", 20)
        served.submit(costs("second", 0.6, options=cap))
        reason = "budget nightly has 0.40 USD left, run needs 0.60"
        wait_until(lambda: served.run("second")["reason"] == reason, 60, reason)
        self.assertEqual(platform.stats()["runsStarted"], 1)
        answer = served.call("PUT", "/api/v1/budgets/nightly", {"capUsd": 2})
        self.assertEqual(answer.json["capUsd"], 2)
        self.assertEqual(served.run("second", 20)["status"], "SUCCEEDED")
        self.wait_for(served, "nightly", spentUsd=1.2, reservedUsd=0)

    def test_a_cap_is_overspent_by_no_more_than_what_was_live(self):
        self.budgets({"name": "all", "cap_usd": 1.0, "on_reached": "stop"})
        platform = self.emulator()
        served = self.service(platform)
        # Nobody knows what they will cost: each costs 0.3, eight fit at once.
        served.submit([costs(f"r{i}", 0.3, memory=2048, duration=300)
                       for i in range(40)])
        def all_final():
            states = served.get("/api/v1/report").json["totals"]["states"]
            return states.get("finished", 0) + states.get("refused", 0) == 40
        wait_until(all_final, 60, "the end of all runs")
        started = platform.stats()["runsStarted"]
        self.assertLess(started, 40)
        # Three runs leave money, the next reaches the cap; seven others live.
        self.assertLessEqual(started * 0.3, 1.0 + 8 * 0.3)

    def test_runs_are_refused_once_a_stopping_budget_is_spent(self):
        self.budgets({"name": "all", "cap_usd": 0.5, "on_reached": "stop"})
        served = self.service(self.emulator())
        served.submit(costs("first", 0.5))
        served.run("first", 20)
        self.wait_for(served, "all", spentUsd=0.5)
        served.submit(costs("second", 0.5))
        second = served.run("second", 20)
        self.assertEqual(second["state"], "refused")
        self.assertEqual(second["error"]["type"], "budget-reached")
        self.assertIn("budget all has 0.00 USD left",
                      second["error"]["message"])

    def test_live_runs_are_aborted_once_an_aborting_budget_is_spent(self):
        self.budgets({"name": "all", "cap_usd": 0.5, "on_reached": "abort"})
        served = self.service(self.emulator())
        served.submit(costs("long", 0.1, duration=60_000))
        wait_until(lambda: self.state(served, "long") == "running")
        served.submit(costs("dear", 0.6))
        self.assertEqual(served.run("long", 30)["status"], "ABORTED")

    def test_a_namespace_has_its_own_budget(self):
        self.budgets({"name": "shop", "namespace": "shop", "cap_usd": 0.1,
                      "on_reached": "stop", "assume_usd": 0.2})
        served = self.service(self.emulator())
        served.submit([costs("a", 0.2, namespace="shop"), costs("b", 0.2)])
        self.assertEqual(served.run("b", 20)["status"], "SUCCEEDED")
        shop = served.get("/api/v1/runs/a?namespace=shop&waitSecs=20").json
        self.assertEqual(shop["state"], "refused")

    def test_a_batch_has_its_own_budget(self):
        self.budgets({"name": "b", "cap_usd": 1.0, "batch": "night",
                      "on_reached": "stop"})
        platform = self.emulator()
        served = self.service(platform)
        cap = {"maxTotalChargeUsd": 0.6}
        body = {"name": "night", "runs": [costs("one", 0.6, options=cap)]}
        served.call("POST", "/api/v1/run-batches", body)
        served.run("one", 20)
        body["runs"].append(costs("two", 0.6, options=cap))
        served.call("POST", "/api/v1/run-batches", body)
        self.assertEqual(served.run("two", 20)["state"], "refused")
        served.submit(costs("other", 0.6, options=cap))
        self.assertEqual(served.run("other", 20)["status"], "SUCCEEDED")
        self.wait_for(served, "b", spentUsd=0.6, reservedUsd=0)

    def test_what_budgets_leave_is_the_cap_of_the_run(self):
        self.budgets({"name": "all", "cap_usd": 0.75})
        platform = self.keep(HostilePlatform())
        served = self.service(platform)
        served.submit({"name": "a", "actor": "stranger/any",
                       "input": {"key": "a"}})
        served.run("a", 20)
        _, query, _ = platform.start_requests[0]
        self.assertEqual(query["maxTotalChargeUsd"], "0.75")

    def test_the_attempts_of_a_run_share_its_own_budget(self):
        served = self.service(self.emulator())
        served.submit(costs("a", 0.4, attempts=5, budgetUsd=1.0,
                            more_input={"outcome": "FAILED"}))
        run = served.run("a", 30)
        self.assertEqual(run["state"], "refused")
        self.assertEqual(len(run["attempts"]), 3)
        self.assertIn("budget of the run itself", run["error"]["message"])

    def test_a_plan_has_a_budget(self):
        self.budgets()
        platform = self.emulator()
        plan = self.plan(*[costs(f"r{i}", 0.4,
                                 options={"maxTotalChargeUsd": 0.4})
                           for i in range(5)])
        process = self.run_plan(platform, plan, "--budget", "1", "--json",
                                expect=1)
        states = [x["run"]["state"] for x in process.events[:-1]]
        self.assertEqual(states.count("finished"), 2)
        self.assertEqual(states.count("refused"), 3)
        self.run_plan(platform, plan, "--budget", "2", "--json")
        self.assertEqual(platform.stats()["runsStarted"], 5)


class Costs(Budgeted):
    def test_a_cost_that_never_comes_is_an_estimate(self):
        self.budgets({"name": "all", "cap_usd": 5})
        served = self.service(self.emulator())
        served.submit(costs("a", 0.2, options={"maxTotalChargeUsd": 0.6},
                            more_input={"usageAfterMs": 3_600_000}))
        self.assertIsNone(served.run("a", 20)["usageTotalUsd"])
        self.wait_for(served, "all", reservedUsd=0, spentUsd=0.6)

    def test_money_is_kept_until_the_cost_can_be_trusted(self):
        self.budgets({"name": "all", "cap_usd": 5}, cost_patience=3)
        served = self.service(self.emulator())
        served.submit(costs("a", 0.2, options={"maxTotalChargeUsd": 0.6}))
        served.run("a", 20)
        self.assertEqual(self.budget(served, "all")["reservedUsd"], 0.6)
        self.wait_for(served, "all", reservedUsd=0, spentUsd=0.2)

    def test_a_platform_that_tells_no_costs_is_survived(self):
        self.budgets({"name": "all", "cap_usd": 1, "on_reached": "stop",
                      "assume_usd": 0.3})
        platform = self.keep(HostilePlatform())
        served = self.service(platform)
        served.submit([{"name": f"r{i}", "actor": "stranger/any",
                        "input": {"key": f"r{i}"}} for i in range(10)])
        def spent():
            return self.budget(served, "all")["spentUsd"] == 0.9
        wait_until(spent, 60, "three runs of 0.30 USD")
        wait_until(lambda: served.get("/api/v1/report").json["totals"]["states"]
                   .get("refused") == 7, 30, "seven refused runs")
        self.assertEqual(len(platform.runs), 3)


class Crashes(Budgeted):
    def crash_at(self, point):
        self.budgets({"name": "all", "cap_usd": 1.0})
        platform = self.emulator()
        served = self.service(platform, env={"ORCHESTRATOR_FAULT_POINT": point})
        try:
            served.submit([costs("a", 0.5, options={"maxTotalChargeUsd": 0.5}),
                           costs("b", 0.5, options={"maxTotalChargeUsd": 0.5})])
        except OSError:
            pass
        wait_until(lambda: served.process.process.poll() is not None, 60,
                   f"the crash at {point}")
        served.stop()
        served = self.service(platform)
        served.submit([costs("a", 0.5, options={"maxTotalChargeUsd": 0.5}),
                       costs("b", 0.5, options={"maxTotalChargeUsd": 0.5})])
        for name in "ab":
            self.assertEqual(served.run(name, 30)["status"], "SUCCEEDED")
        self.wait_for(served, "all", spentUsd=1.0, reservedUsd=0)
        self.assertEqual(platform.starts_by_key(), {"a": 1, "b": 1})

    def test_in_the_middle_of_a_reservation(self):
        self.crash_at("ledger-saving:1")

    def test_after_a_reservation_that_nobody_heard_of(self):
        self.crash_at("reserved:1")

    def test_between_the_end_of_a_run_and_its_settlement(self):
        self.crash_at("end-saved:1")

    def test_in_the_middle_of_a_settlement(self):
        self.crash_at("ledger-saved:3")

    def test_what_is_spent_stays_spent(self):
        self.budgets({"name": "all", "cap_usd": 1.0})
        platform = self.emulator()
        served = self.service(platform)
        served.submit(costs("a", 0.5))
        served.run("a", 20)
        self.wait_for(served, "all", spentUsd=0.5)
        served.stop(signal.SIGKILL)
        served = self.service(platform)
        self.assertEqual(self.budget(served, "all")["spentUsd"], 0.5)


class Surfaces(Budgeted):
    def test_the_command_line_shows_and_sets_budgets(self):
        self.budgets({"name": "nightly", "namespace": "shop", "cap_usd": 1.0})
        served = self.service(self.emulator())
        shown = self.binary("budgets", "--url", served.url)
        self.assertIn("namespace shop", shown.stdout)
        changed = self.binary("budgets", "set", "nightly", "--cap", "3",
                              "--url", served.url)
        self.assertEqual(changed.returncode, 0, changed.stderr)
        self.assertEqual(self.budget(served, "nightly")["capUsd"], 3)
        refused = self.binary("budgets", "set", "new", "--url", served.url)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("capUsd", refused.stderr)

    def test_report_and_metrics_show_them(self):
        self.budgets({"name": "nightly", "cap_usd": 1.0})
        served = self.service(self.emulator())
        report = served.get("/api/v1/report").json
        self.assertEqual(report["budgets"][0]["capUsd"], 1)
        self.assertIn('orchestrator_budget_cap_usd{budget="nightly"} 1',
                      served.get("/metrics").text)

    def test_a_budget_that_makes_no_sense_is_named(self):
        self.budgets({"name": "nightly", "cap_usd": 1.0, "warn_at": 3})
        done = self.binary("serve", "--config", self.config)
        self.assertEqual(done.returncode, 2)
        self.assertIn("budgets[0].warnAt: must be 0 to 1", done.stderr)

    def test_a_change_that_makes_no_sense_is_named(self):
        served = self.service(self.emulator())
        answer = served.call("PUT", "/api/v1/budgets/x", {"capUsd": -1})
        self.assertEqual(answer.status, 400)
        self.assertIn("capUsd: must be 0 to 1000000000", answer.text)

    def test_events_tell_of_a_budget_that_is_reached(self):
        self.budgets({"name": "all", "cap_usd": 0.5})
        served = self.service(self.emulator())
        served.submit(costs("a", 0.9, options={"maxTotalChargeUsd": 0.9}))
        served.process.wait_for_line(r"budget\.reached.*budget all has 0.50")


if __name__ == "__main__":
    unittest.main()
