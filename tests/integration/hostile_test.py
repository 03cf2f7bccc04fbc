"""Against a platform that gives nothing but what its document promises."""

import signal
import time
import unittest

from harness import Case, wait_until
from hostile_platform import HostilePlatform, Run, webhooks_of


def ask(name, memory=None, **fields):
    """A run request for the hostile platform."""
    given = {key: fields.pop(key) for key in ("ms", "items", "outcome",
                                              "resurrectedOutcome")
             if key in fields}
    options = {"memoryMbytes": memory} if memory else {}
    return dict({"name": name, "actor": "stranger/any", "options": options,
                 "input": dict({"key": name}, **given)}, **fields)


class Hostile(Case):
    def platform(self, **habits):
        return self.keep(HostilePlatform(**habits))

    def runs_of(self, process):
        return {x["run"]["name"]: x["run"] for x in process.events[:-1]}

    def run_all(self, platform, *requests, expect=0, args=(), seconds=40):
        process = self.run_plan(platform, self.plan(*requests), "--json", *args,
                                expect=expect, seconds=seconds)
        return self.runs_of(process)


class Manners(Hostile):
    def test_a_bare_platform_is_enough(self):
        platform = self.platform()
        runs = self.run_all(platform, ask("a", items=3), ask("b", ms=700),
                            ask("c", outcome="FAILED"), expect=1)
        self.assertEqual([runs[x]["status"] for x in "abc"],
                         ["SUCCEEDED", "SUCCEEDED", "FAILED"])
        self.assertEqual(runs["a"]["itemCount"], 3)
        self.assertEqual(runs["a"]["memoryMbytes"], 1024)
        self.assertEqual(platform.starts_by_key(), {"a": 1, "b": 1, "c": 1})

    def test_every_request_tells_who_asks(self):
        platform = self.platform()
        self.run_all(platform, ask("a"))
        self.assertEqual([x for x in platform.user_agents
                          if not x.startswith("ApifyOrchestrator/")], [])

    def test_chunked_answers_on_connections_that_close(self):
        platform = self.platform(chunked=True, close_each=True)
        path = self.write("out.ndjson", "")
        self.run_all(platform, *[ask(f"r{i}", items=2) for i in range(10)],
                     args=["--output", path])
        with open(path, encoding="utf-8") as file:
            self.assertEqual(len(file.readlines()), 20)
        self.assertEqual(set(platform.starts_by_key().values()), {1})

    def test_pages_of_html_with_status_500_are_sat_out(self):
        platform = self.platform(html_errors=4)
        self.run_all(platform, ask("a", ms=500))
        self.assertEqual(platform.starts_by_key(), {"a": 1})

    def test_a_fresh_run_may_be_unknown_for_a_while(self):
        platform = self.platform(hidden_when_fresh=1)
        runs = self.run_all(platform, *[ask(f"r{i}", ms=300) for i in range(5)])
        self.assertEqual({x["status"] for x in runs.values()}, {"SUCCEEDED"})
        self.assertEqual(set(platform.starts_by_key().values()), {1})

    def test_a_platform_that_does_not_wait_is_not_flooded(self):
        platform = self.platform()
        self.run_all(platform, ask("long", ms=4000))
        polls = [x for x in platform.requests if "actor-runs" in x[1]]
        self.assertLess(len(polls), 30)

    def test_webhooks_are_passed_on(self):
        platform = self.platform()
        hooks = [{"eventTypes": ["ACTOR.RUN.SUCCEEDED"],
                  "requestUrl": "http://127.0.0.1:9/"}]
        self.run_all(platform, dict(ask("a"), options={"webhooks": hooks}))
        query = platform.start_requests[0][1]
        self.assertEqual(webhooks_of(query), hooks)

    def test_timed_out_runs_are_resurrected(self):
        platform = self.platform()
        runs = self.run_all(platform, ask("a", outcome="TIMED-OUT", attempts=2))
        self.assertEqual(runs["a"]["status"], "SUCCEEDED")
        self.assertEqual(platform.starts_by_key(), {"a": 1})


    def test_a_lost_resurrection_is_waited_for_though_replicas_lag(self):
        platform = self.platform(lost_resurrections=1, stale_reads=3)
        plan = self.plan(ask("a", ms=1500, outcome="ABORTED"))
        self.run_plan(platform, plan, expect=1)
        runs = self.runs_of(self.run_plan(platform, plan, "--json"))
        self.assertEqual(runs["a"]["status"], "SUCCEEDED")
        self.assertEqual(platform.starts_by_key(), {"a": 1})
        self.assertEqual([x.resurrected for x in platform.runs.values()], [1])
        self.assertEqual(platform.stale_reads, 0)


class LostAnswers(Hostile):
    FAULTS = ("lost", "created-500", "half", "unreadable")

    def check_faults(self, faults, **habits):
        platform = self.platform(
            start_faults={f"r{i}": [fault] for i, fault in enumerate(faults)},
            **habits)
        runs = self.run_all(platform, *[ask(f"r{i}", ms=300)
                                        for i in range(len(faults))])
        self.assertEqual({x["status"] for x in runs.values()}, {"SUCCEEDED"})
        self.assertEqual(platform.starts_by_key(),
                         {f"r{i}": 1 for i in range(len(faults))})
        return platform

    def test_started_once_by_the_input_alone_though_lists_lag(self):
        self.check_faults(self.FAULTS, list_lag=2)

    def test_started_once_by_the_user_agent(self):
        self.check_faults(self.FAULTS, list_lag=1, tell_user_agent=True)

    def test_started_once_though_pages_are_small(self):
        self.check_faults([None] * 5 + list(self.FAULTS), page_limit=2)

    def test_nor_do_small_pages_hide_the_user_agent(self):
        self.check_faults([None] * 5 + list(self.FAULTS), page_limit=2,
                          tell_user_agent=True)

    def test_what_a_stranger_starts_meanwhile_is_left_to_him(self):
        platform = self.platform(start_faults={"a": ["500"]},
                                 tell_user_agent=True)
        process = self.launch(platform, self.plan(ask("a")), "--json")
        wait_until(lambda: platform.start_requests)
        his = Run(b'{"key":"a","ms":100,"his":true}', 512,
                  "ApifyClient/2.25.0 (linux)", "A" * 17)
        platform.runs[his.id] = his
        self.assertEqual(process.finish(), 0)
        self.assertNotEqual(self.runs_of(process)["a"]["runId"], his.id)
        self.assertEqual(len(platform.start_requests), 2)

    def test_the_input_may_be_behind_a_redirect(self):
        self.check_faults(self.FAULTS, redirect_records=True)

    def test_what_did_nothing_is_sent_again(self):
        platform = self.check_faults(["500", "reset", "429", "429-empty"])
        self.assertEqual(len(platform.start_requests), 8)

    def test_equal_inputs_get_a_run_each(self):
        platform = self.platform(start_faults={"same": ["lost", "created-500",
                                                        "lost"]}, list_lag=1)
        requests = [dict(ask("same"), name=f"n{i}") for i in range(6)]
        runs = self.run_all(platform, *requests)
        self.assertEqual(len({x["runId"] for x in runs.values()}), 6)
        self.assertEqual(platform.starts_by_key(), {"same": 6})

    def test_without_the_right_to_list_nothing_is_sent_twice(self):
        platform = self.platform(start_faults={"a": ["lost"]}, list_status=403)
        runs = self.run_all(platform, ask("a"), ask("b"), expect=1)
        self.assertEqual(runs["a"]["state"], "refused")
        self.assertEqual(runs["b"]["status"], "SUCCEEDED")
        self.assertEqual(platform.starts_by_key(), {"a": 1, "b": 1})

    def test_nor_by_the_same_command_again_which_finds_it_once_it_may(self):
        platform = self.platform(start_faults={"a": ["lost"]}, list_status=403)
        for status, expect, state in ((403, 1, "refused"), (403, 1, "refused"),
                                      (200, 0, "finished")):
            platform.list_status = status
            runs = self.run_all(platform, ask("a"), expect=expect)
            self.assertEqual(runs["a"]["state"], state)
            self.assertEqual(platform.starts_by_key(), {"a": 1})

    def test_a_proxy_that_refuses_some_lists_is_asked_again(self):
        platform = self.platform(start_faults={"a": ["lost"]}, refused_lists=2)
        self.run_all(platform, ask("a"))
        self.assertEqual(platform.refused_lists, 0)
        self.assertEqual(platform.starts_by_key(), {"a": 1})

    def test_a_kill_right_after_the_start_adopts_it(self):
        platform = self.platform(list_lag=1)
        plan = self.plan(ask("a", ms=300), ask("b", ms=300))
        process = self.launch(platform, plan, env={
            "ORCHESTRATOR_FAULT_POINT": "start-answered:1"})
        self.assertEqual(process.finish(), -9)
        self.run_plan(platform, plan)
        self.assertEqual(platform.starts_by_key(), {"a": 1, "b": 1})


class Interruptions(Hostile):
    def interrupt(self, platform, *requests):
        process = self.launch(platform, self.plan(*requests), "--json",
                              "--abort-on-exit")
        wait_until(lambda: len(platform.live()) == len(requests))
        process.send(signal.SIGINT)
        self.assertEqual(process.finish(), 130)
        return process.events[-1], "\n".join(process.err)

    def test_a_run_that_ended_by_itself_was_not_aborted(self):
        platform = self.platform(abort_status=403)
        report, said = self.interrupt(platform, ask("a", ms=3000))
        self.assertEqual((report["succeeded"], report["unfinished"]), (1, 0))
        self.assertIn("Interrupted. ", said)
        self.assertNotIn("run aborted", said)

    def test_an_end_whose_items_are_counted_late_is_in_the_report(self):
        platform = self.platform(dataset_delay=2)
        report, said = self.interrupt(platform, ask("a", ms=60000),
                                      ask("b", ms=60000))
        self.assertEqual((report["failed"], report["unfinished"]), (2, 0))
        self.assertIn("Interrupted: 2 runs aborted. ", said)


class Tokens(Hostile):
    def test_a_revoked_token_is_told_once_and_readiness_knows_it(self):
        platform = self.platform()
        served = self.service(platform)
        served.submit([ask(f"r{i}", ms=1000) for i in range(3)])
        wait_until(lambda: len(platform.live()) == 3)
        platform.revoked = True
        found = wait_until(lambda: self.unready(served))
        self.assertIn("refuses the token", found["reason"])
        self.assertFalse(found["platform"][0]["reachable"])
        served.process.wait_for_line("apify-api token-refused account=")
        served.process.wait_for_line("tracker poll-failed ")
        time.sleep(3)
        for event in ("token-refused", "poll-failed"):
            self.assertEqual(len([x for x in served.process.err
                                  if event in x]), 1)
        platform.revoked = False
        for i in range(3):
            self.assertEqual(served.run(f"r{i}", 60)["status"], "SUCCEEDED")
        wait_until(lambda: served.get("/readyz").status == 200)

    @staticmethod
    def unready(served):
        answer = served.get("/readyz")
        return answer.json if answer.status == 503 else None

    def test_a_token_that_came_with_a_run_is_not_the_service_s(self):
        platform = self.platform(bad_tokens={"stranger"})
        served = self.service(platform)
        served.submit(dict(ask("a"), token="stranger"))
        served.process.wait_for_line("apify-api token-refused account=token-")
        for _ in range(3):
            self.assertEqual(served.get("/readyz").status, 200)


class Refusals(Hostile):
    def check_full(self, status, **habits):
        platform = self.platform(refusal_status=status, limits_status=403,
                                 **habits)
        runs = self.run_all(platform, *[ask(f"r{i}", 512, ms=250)
                                        for i in range(12)])
        self.assertEqual({x["status"] for x in runs.values()}, {"SUCCEEDED"})
        self.assertEqual(set(platform.starts_by_key().values()), {1})
        self.assertGreater(len(platform.refusals), 0)
        self.assertLess(len(platform.refusals), 24)

    def test_memory_refused_with_402_is_waited_for(self):
        self.check_full(402, memory_limit=1024)

    def test_memory_refused_with_400_is_waited_for(self):
        self.check_full(400, memory_limit=1024)

    def test_run_slots_refused_are_waited_for(self):
        self.check_full(402, slot_limit=2)

    def test_memory_that_is_freed_late_is_no_lower_limit(self):
        platform = self.platform(memory_limit=2048, limits_status=403,
                                 release_lag=1)
        runs = self.run_all(platform, *[ask(f"r{i}", 512, ms=200)
                                        for i in range(12)])
        self.assertEqual({x["status"] for x in runs.values()}, {"SUCCEEDED"})
        self.assertLess(len(platform.refusals), 60)

    def test_others_that_held_all_memory_for_a_moment_are_waited_for(self):
        platform = self.platform(memory_limit=2048, limits_status=403)
        other = Run(b'{"key":"other","ms":2000}', 2048, "other/1.0", "A" * 17)
        platform.runs[other.id] = other
        runs = self.run_all(platform, ask("a", 1024, ms=100),
                            ask("b", 1024, ms=100))
        self.assertEqual({x["status"] for x in runs.values()}, {"SUCCEEDED"})

    def test_a_refused_run_starts_as_soon_as_another_ends(self):
        platform = self.platform(limits_status=403, slot_limit=1)
        self.run_all(platform, ask("first", ms=3000), ask("second", ms=100))
        first, second = sorted(platform.runs.values(), key=lambda x: x.started)
        self.assertLess(second.started - first.ends, 15)

    def test_others_on_the_account_are_reckoned_with(self):
        platform = self.platform(memory_limit=2048)
        other = Run(b'{"key":"other","ms":2000}', 1536, "other/1.0", "A" * 17)
        platform.runs[other.id] = other
        runs = self.run_all(platform, ask("a", 1024, ms=100))
        self.assertEqual(runs["a"]["status"], "SUCCEEDED")
        self.assertLessEqual(len(platform.refusals), 1)

    def test_lost_memory_of_strangers_does_not_hold_up_small_runs(self):
        platform = self.platform(memory_limit=1024)
        process = self.launch(
            platform, self.plan(ask("hog", 512, ms=8000), ask("big", 1024),
                                ask("small", 256)), "--json")
        self.assertEqual(process.finish(), 0)
        runs = {x.input["key"]: x for x in platform.runs.values()}
        self.assertLess(runs["small"].started, runs["hog"].ends)

    def test_money_that_is_used_up_is_told_at_once(self):
        platform = self.platform()
        original = platform.why_full
        from hostile_platform import FULL
        FULL["money"] = ("not-enough-usage-to-run-paid-actor",
                         "You have ${limit} left.")
        platform.why_full = lambda memory: ("money", 0) if memory == 4096 \
            else original(memory)
        runs = self.run_all(platform, ask("dear", 4096), ask("cheap", 128),
                            expect=1)
        self.assertEqual(runs["dear"]["state"], "refused")
        self.assertEqual(runs["dear"]["error"]["type"],
                         "not-enough-usage-to-run-paid-actor")
        self.assertIn("$0 left", runs["dear"]["error"]["message"])


if __name__ == "__main__":
    unittest.main()
