"""Pools of local workers, from the first task to the last process. The names
carry the numbers of the acceptance cases in docs/pools.md."""

import os
import signal
import time
import unittest

from harness import wait_until
from pools import Pools, alive, children_of


class Runs(Pools):
    def test_ab16_d7_one_thousand_tasks_are_each_done_once(self):
        group = self.group()
        for i in range(1000):
            self.create(group, "count", input=i + 1)
        self.leave()
        config = self.config_file(
            {"channel": "count", "command": ["sh", "-c", "cat >> done.txt"],
             "limit": 8}, limit=8)
        pool = self.run_pool(config, seconds=60)
        with open(os.path.join(self.folder, "done.txt"),
                  encoding="utf-8") as file:
            done = sorted(int(x) for x in file.read().split())
        self.assertEqual(done, list(range(1, 1001)))
        self.assertEqual(pool.lines()[-2:], ["idle", "all work complete"])

    def test_ab7_ab8_an_empty_pool_starts_nothing_and_ends(self):
        self.leave()
        pool = self.run_pool(self.config_file(
            {"channel": "c", "command": ["false"]}))
        self.assertEqual(pool.lines(), ["idle", "all work complete"])
        self.assertNotIn("worker-started", "\n".join(pool.err))
        self.assertEqual(self.pid_files(), [])

    def test_ab14_the_tick_line_is_exact(self):
        group = self.group()
        for channel, count in (("crawl", 3), ("snapshot", 7)):
            for _ in range(count):
                self.create(group, channel)
        self.leave()
        pool = self.run_pool(self.config_file(
            *({"channel": name, "command": ["sleep", "0.2"]}
              for name in ("crawl", "snapshot", "quiet"))))
        self.assertEqual(pool.lines()[0], "crawl=3q/0w snapshot=7q/0w")
        for line in pool.lines()[:-2]:
            self.assertRegex(line, r"^(crawl=\d+q/\d+w)?( ?snapshot=\d+q/\d+w)?$")

    def test_ab9_a_task_that_comes_later_is_waited_for(self):
        task = self.create(self.group(), runAfter=int((time.time() + 2) * 1000))
        self.leave()
        self.run_pool(self.config_file({"channel": "c", "command": ["true"]}))
        self.serve_again()
        self.assertTrue(self.task(task)["isComplete"])

    def test_ab10_pid_files_have_four_lines_and_go(self):
        self.create(self.group())
        self.leave()
        pool = self.pool(self.config_file(
            {"channel": "c", "command": ["sleep", "100"]}))
        pid = self.wait_for_workers(1)[0]
        for name, expected in (("orchestrator.pid", "orchestrator"),
                               ("c_worker_0.pid", "c")):
            with open(os.path.join(self.workers, name),
                      encoding="utf-8") as file:
                lines = file.read().split("\n")
            self.assertEqual(len(lines), 5)
            self.assertTrue(alive(int(lines[0])))
            self.assertEqual(lines[1:3], [expected, ""])
            self.assertRegex(lines[3], r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")
        self.assertIn(pid, children_of(pool.process.pid))
        self.assertEqual(pool.stop(signal.SIGINT), 0)
        self.assertEqual(self.pid_files(), [])
        self.assertFalse(alive(pid))


if __name__ == "__main__":
    unittest.main()
