"""`serve` under service managers that start it again: nothing is lost, and
nothing is started twice."""

import unittest

from harness import TOKEN, Case, http, request, wait_until
from supervisor import Held, thread_called
from supervisors import Runit, Systemd


class Restarts(Case):
    token = TOKEN
    kills = 10
    runs = 40

    def crash_again_and_again(self, served):
        """Kills it ten times while runs wait, start and end, and counts."""
        names = [f"crash/{i}" for i in range(self.runs)]
        body = [request(name, duration=300) for name in names]
        for number in range(self.kills):
            served.wait_until_ready()
            # Submitted again each time: all but the first join.
            answer = http("POST", served.url + "/api/v1/runs", body)
            self.assertIn(answer.status, (200, 201), answer.text)
            wait_until(lambda: len(self.platform.runs()) > number)
            served.kill()
        served.wait_until_ready()
        wait_until(lambda: http("GET", served.url + "/api/v1/report")
                   .json["totals"]["statuses"] == {"SUCCEEDED": self.runs},
                   60, "the end of all runs")
        self.assertEqual(self.platform.starts_by_key(),
                         {name: 1 for name in names})

    def setUp(self):
        super().setUp()
        self.platform = self.emulator()


@unittest.skipUnless(Runit.is_there(), "there is no runit here")
class UnderRunit(Restarts):
    def test_a_crash_loop_keeps_all_and_starts_nothing_twice(self):
        served = Runit(self, self.platform, "--max-concurrent-runs", "4")
        served.start()
        self.keep(served)
        self.crash_again_and_again(served)


@unittest.skipUnless(Systemd.is_there(), "systemd cannot run here")
class UnderSystemd(Restarts):
    def launch(self, *args, **more):
        served = Systemd(self, self.platform, *args, **more)
        try:
            served.start()
        finally:
            self.keep(served)
        return served

    def test_a_crash_loop_keeps_all_and_starts_nothing_twice(self):
        served = self.launch("--max-concurrent-runs", "4")
        self.assertTrue(served.is_ready())
        self.crash_again_and_again(served)
        self.assertGreaterEqual(int(served.show("NRestarts")), self.kills)
        served.control("stop", "apify-orchestrator")
        self.assertEqual(served.show("Result"), "success")

    def test_it_is_reloaded_and_tells_what_needs_a_restart(self):
        served = self.launch()
        self.assertIn("listening on", served.control(
            "status", "apify-orchestrator"))
        self.write("orc.toml", 'max_concurrent_runs = 1\n[timing]\n'
                               'max_overtake = 1\n')
        process = served.process_id()
        served.control("reload", "apify-orchestrator")
        wait_until(lambda: "needs a restart for timing" in served.show(
            "StatusText"), what="what needs a restart")
        self.assertEqual(served.process_id(), process)
        self.assertEqual(served.show("ActiveState"), "active")

    def test_the_watchdog_ends_what_hangs_and_it_goes_on(self):
        served = self.launch(watchdog=2)
        http("POST", served.url + "/api/v1/runs", request("w", duration=4000))
        wait_until(lambda: self.platform.live())
        process = served.process_id()
        with Held(thread_called(process, "orc-store")) as held:
            wait_until(held.is_gone, 60, "systemd's end of what hangs")
        served.wait_until_ready()
        wait_until(lambda: http("GET", served.url + "/api/v1/runs/w?waitSecs=5")
                   .json["status"] == "SUCCEEDED", 30)
        self.assertEqual(self.platform.starts_by_key(), {"w": 1})

    def test_a_wrong_configuration_is_not_tried_again_and_again(self):
        served = self.launch()
        self.write("orc.toml", "max_concurrent_runs = 0\n")
        served.control("restart", "apify-orchestrator", check=False)
        wait_until(lambda: served.show("ActiveState") == "failed")
        self.assertEqual(served.show("ExecMainStatus"), "2")
        self.assertIn("max_concurrent_runs", served.show("StatusText"))


if __name__ == "__main__":
    unittest.main()
