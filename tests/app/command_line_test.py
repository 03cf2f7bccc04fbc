"""What people and scripts see of the binary when something is wrong."""

import http.server
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import unittest

BINARY = os.environ["ORC_BINARY"]
EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                       "docs", "config.example.toml")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Refusing(http.server.BaseHTTPRequestHandler):
    """A platform that knows no token."""

    def do_GET(self):
        body = b'{"error":{"type":"user-or-token-not-found","message":"no"}}'
        self.send_response(401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def run_binary(self, *args, stdin="", **environment):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("APIFY_", "ORCHESTRATOR_"))}
        done = subprocess.run([BINARY, *args], input=stdin, text=True,
                              capture_output=True, cwd=self.folder, timeout=60,
                              env=dict(kept, **environment), check=False)
        return done.returncode, done.stdout, done.stderr

    def refuse(self, *args, says=(), stdin="", **environment):
        """Expects exit 2, one clear error, and that nothing was begun."""
        code, out, err = self.run_binary(*args, stdin=stdin, **environment)
        self.assertEqual(code, 2, err)
        self.assertEqual(out, "")
        for text in says:
            self.assertIn(text, err)
        self.assertFalse(os.path.exists(
            os.path.join(self.folder, ".apify-orchestrator")))
        return err

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path


class Usage(CommandLine):
    def test_help_teaches_with_examples(self):
        code, out, _ = self.run_binary("--help")
        self.assertEqual(code, 0)
        self.assertIn("Examples:", out)
        for command in ("run", "serve", "status", "wait", "abort", "items",
                        "report", "config", "emulate", "version"):
            self.assertIn(command, out)
            self.assertEqual(self.run_binary(command, "--help")[0], 0)

    def test_version(self):
        self.assertRegex(self.run_binary("version")[1],
                         r"^apify-orchestrator \d+\.\d+\.\d+\n$")

    def test_unknown_commands_and_options_get_a_hint(self):
        self.refuse("statsu", says=["statsu", "did you mean `status`?"])
        self.refuse("run", "--max-memroy", "1",
                    says=["--max-memroy", "did you mean `--max-memory`?"])
        self.refuse("run", "--actr", "x",
                    says=["--actr", "did you mean `--actor`?"])
        # Of a command below a command, whose options stand with the latter.
        self.refuse("tasks", "list", "--ur", "x",
                    says=["`--ur` is no option of `tasks list`",
                          "did you mean `--url`?", "`apify-orchestrator tasks "
                          "list --help`"])
        self.refuse("--bogus", says=["`--bogus` is no option"])
        self.refuse("--url=x", "status", says=["stand behind it"])
        self.refuse("frobnicate", says=["frobnicate", "run"])
        self.refuse(says=["give a command", "run"])

    def test_numbers_that_make_no_sense_are_refused_shortly(self):
        for args in (["items", "a", "--limit", "-1"],
                     ["items", "a", "--offset", "-1"],
                     ["split", "-", "--max-items", "-1"],
                     ["split", "-", "--max-bytes", "-5"],
                     ["run", "plan.json", "--budget", "-1"],
                     ["run", "plan.json", "--budget", "1e10"]):
            err = self.refuse(*args, says=[args[-2], f"not {args[-1]}"])
            self.assertLess(len(err), 300)

    def test_a_folder_of_actors_that_is_none_is_refused(self):
        self.refuse("emulate", "--listen", "127.0.0.1:0", "--actors", "none",
                    says=["--actors: none is no folder"])

    def test_an_error_that_nobody_can_be_told_is_still_one(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([BINARY, "rnu"], stderr=full, timeout=60,
                                  check=False)
        self.assertEqual(done.returncode, 2)
        done = subprocess.run(["sh", "-c", '"$0" rnu 2>&-', BINARY],
                              timeout=60, check=False)
        self.assertEqual(done.returncode, 2)

    def test_what_could_not_be_printed_is_told(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            for args in (["--help"], ["config"], ["version"]):
                done = subprocess.run([BINARY, *args], stdout=full, text=True,
                                      stderr=subprocess.PIPE, timeout=60,
                                      check=False)
                self.assertEqual(done.returncode, 1, args)
                self.assertIn("standard output cannot be written", done.stderr)

    def test_a_plan_that_cannot_be_read_is_said_why(self):
        self.refuse("run", "nope.json",
                    says=["nope.json: cannot be read: No such file or directory",
                          "check the path"])
        self.refuse("run", self.folder, says=["it is a folder"])

    def test_a_run_needs_a_plan(self):
        self.refuse("run", says=["give a plan"])
        self.refuse("run", "plan.json", "--actor", "x", says=["not both"])


class Plans(CommandLine):
    def refuse_plan(self, text, *says):
        return self.refuse("run", "-", stdin=text, says=says,
                           APIFY_TOKEN="token")

    def test_a_missing_file_is_named(self):
        self.refuse("run", "no-such.json", says=["no-such.json"])

    def test_no_json_is_told_with_line_and_column(self):
        self.refuse_plan('{"runs":[\n{"name":}]}', "line 2, column 9")

    def test_unknown_fields_are_named(self):
        self.refuse_plan('{"runs":[{"actor":"x","optoins":{}}]}',
                         "runs[0].optoins", "did you mean `options`?")

    def test_wrong_types_are_named(self):
        self.refuse_plan('{"actor":"x"}\n{"actor":7}\n', "line 2: actor")

    def test_duplicate_names_are_named(self):
        self.refuse_plan('{"actor":"x","name":"a"}\n{"actor":"x","name":"a"}\n',
                         "line 2", "`a`", "line 1")

    def test_names_with_bad_characters_are_refused(self):
        self.refuse_plan('{"runs":[{"actor":"x","name":"a b"}]}',
                         "runs[0].name")

    def test_memory_is_a_power_of_two(self):
        self.refuse("run", "--actor", "x", "--memory", "1000",
                    says=["options.memoryMbytes", "power of two"])

    def test_a_large_input_is_refused_with_its_size(self):
        text = json.dumps({"actor": "x", "input": "x" * 9_500_000})
        self.refuse_plan(text, "input", "9437184")

    def test_an_input_file_is_read(self):
        self.write("input.json", '{"a":\n7,}')
        self.refuse("run", "--actor", "x", "--input", "@input.json",
                    says=["input.json: line 2"])


class Configuration(CommandLine):
    def test_every_option_is_in_the_example(self):
        code, example, _ = self.run_binary("config", "--example")
        self.assertEqual(code, 0)
        with open(EXAMPLE, encoding="utf-8") as file:
            self.assertEqual(example, file.read(), "write it to docs again")
        path = self.write("orc.toml", example)
        code, out, _ = self.run_binary("config", "--config", path)
        self.assertEqual(code, 0)
        self.assertIn('listen = "127.0.0.1:8484"', out)

    def test_tokens_are_masked(self):
        code, out, err = self.run_binary("config", APIFY_TOKEN="secret-token")
        self.assertEqual(code, 0)
        self.assertIn('token = "***"', out)
        self.assertNotIn("secret-token", out + err)

    def test_a_bad_option_is_told_with_file_and_line(self):
        self.write("orc.toml", '\nlisten = 7\n')
        self.refuse("config", "--config", "orc.toml",
                    says=["orc.toml:2: listen"])

    def test_the_command_line_comes_first(self):
        self.write("orc.toml", 'data = "file"\n')
        args = ["config", "--config", "orc.toml"]
        self.assertIn('data = "file"', self.run_binary(*args)[1])
        self.assertIn('data = "env"',
                      self.run_binary(*args, ORCHESTRATOR_DATA="env")[1])
        self.assertIn('data = "cli"',
                      self.run_binary(*args, "--data", "cli",
                                      ORCHESTRATOR_DATA="env")[1])

    def test_a_lease_and_kinds_of_events_make_sense(self):
        self.refuse("serve", "--task-lease", "0", says=["tasks.lease"])
        self.write("orc.toml", "[[webhooks]]\nname = \"a\"\n"
                               "url = \"https://x.example\"\n"
                               "events = \"budget.reached\"\n")
        err = self.refuse("config", "--config", "orc.toml",
                          says=["events", "run.ended"])
        self.assertNotIn("run.stuck", err)

    def test_the_example_may_be_uncommented(self):
        _, example, _ = self.run_binary("config", "--example")
        text = "\n".join(x[1:] if x.startswith(("#max_memory_mbytes",
                                                "#max_concurrent_runs")) else x
                         for x in example.split("\n[")[0].splitlines())
        self.assertIn("\nmax_concurrent_runs = 1\n", text)
        self.write("orc.toml", text)
        code, _, err = self.run_binary("config", "--config", "orc.toml")
        self.assertEqual(code, 0, err)

    def test_other_machines_need_a_token(self):
        self.refuse("serve", "--listen", "0.0.0.0:0", says=["token"])


class Platform(CommandLine):
    def test_a_token_is_needed(self):
        self.refuse("run", "--actor", "x", says=["APIFY_TOKEN", "--emulator"])

    def test_a_wrong_token_is_told_but_not_shown(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        err = self.refuse("run", "--actor", "x", "--api",
                          f"http://127.0.0.1:{server.server_port}",
                          APIFY_TOKEN="wrong-token", says=["token"])
        self.assertNotIn("wrong-token", err)

    def test_an_unreachable_platform_is_named(self):
        url = f"http://127.0.0.1:{free_port()}"
        self.refuse("run", "--actor", "x", "--api", url, APIFY_TOKEN="t",
                    says=[url, "cannot be reached"])

    def test_a_token_does_not_travel_in_the_clear(self):
        self.refuse("run", "--actor", "x", "--api", "http://example.com",
                    APIFY_TOKEN="t", says=["https"])

    def test_an_unknown_account_is_named(self):
        self.refuse("run", "-", stdin='{"actor":"x","account":"nobody"}',
                    APIFY_TOKEN="t", says=["nobody"])

    def test_no_service_is_told(self):
        url = f"http://127.0.0.1:{free_port()}"
        for command in (["status"], ["wait", "a"], ["abort", "--all"],
                        ["items", "a"], ["report"]):
            self.refuse(*command, "--url", url,
                        says=[f"no service at {url}", "serve"])


if __name__ == "__main__":
    unittest.main()
