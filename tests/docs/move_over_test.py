"""Runs every example of docs/from-apify-orchestrator.md, and checks that the
document tells of all that the npm library has."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

BINARY = os.environ["ORC_BINARY"]
DOCUMENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                        "docs", "from-apify-orchestrator.md")
TOKEN = "emulator-token"

# Options and methods of apify-orchestrator 0.9.0, and of 0.8.0 where it had
# others.
THEIRS = """
enableLogs hideSensitiveInformation onUpdate persistenceSupport
persistencePrefix persistenceEncryptionKey fixedInput
abortAllRunsOnGracefulAbort returnAbortedRunsOnGracefulAbort
retryOnInsufficientResources name maxConcurrentRuns token baseUrl publicBaseUrl
maxRetries minDelayBetweenRetriesMillis timeoutSecs requestInterceptors
userAgentSuffix respectApifyMaxPayloadSize build contentType memory timeout
waitForFinish webhooks maxItems maxTotalChargeUsd restartOnError
forcePermissionLevel runName waitSecs log clean desc flatten fields omit limit
offset chunkSize skipEmpty skipHidden unwind view signature listItems
greedyListItems greedyIterate pollIntervalSecs pageSize itemsThreshold
apifyClient mergeDatasets iterate actor task dataset run runByRequest runByName
actorRunByRequest actorRunByName actorRunsByRequest runRecord
waitForBatchFinish abortAllRuns clientName enqueue enqueueBatch start startRuns
startBatch call callRuns callBatch lastRun get abort reboot update resurrect
delete metamorph OrchestratorError InsufficientMemoryError
InsufficientActorJobsError AmbiguousRunRequestError
""".split()


def rows():
    """Returns theirs, ours and the example of each row of each table."""
    with open(DOCUMENT, encoding="utf-8") as file:
        for line in file:
            cells = [cell.replace("\\|", "|").strip()
                     for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
            if len(cells) == 3 and cells[0].strip("-") and cells[0] != "theirs":
                yield cells


def start(*args, says, env=None, cwd=None):
    """Starts a program of ours and returns it and the URL it tells."""
    process = subprocess.Popen([BINARY, *args], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True, env=env,
                               cwd=cwd)
    for line in process.stdout:
        if found := re.search(says, line):
            return process, found[1]
    raise RuntimeError(f"{args[0]} ended before it listened")


class MoveOverTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="orc-docs-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        os.symlink(BINARY, os.path.join(cls.folder, "apify-orchestrator"))
        with open(os.path.join(cls.folder, "plan.json"), "w",
                  encoding="utf-8") as file:
            json.dump({"runs": [{"name": f"shop/{i}", "actor": "acme/shop"}
                                for i in (1, 2)]}, file)
        cls.environment = {
            name: value for name, value in os.environ.items()
            if not name.startswith(("APIFY_", "ORCHESTRATOR_"))}
        emulator = cls.launch("emulate", "--listen", "127.0.0.1:0",
                              "--any-actor", "--items", "3",
                              "--duration-ms", "50")
        cls.environment.update(
            APIFY_TOKEN=TOKEN, APIFY_API_BASE_URL=emulator,
            PATH=cls.folder + os.pathsep + os.environ["PATH"])
        service = cls.launch("serve", "--listen", "127.0.0.1:0", "--data",
                             os.path.join(cls.folder, "service"))
        cls.environment.update(ORCHESTRATOR_URL=service,
                               API=service + "/api/v1")

    @classmethod
    def launch(cls, *args):
        process, url = start(*args, says=r"(http://127\.0\.0\.1:\d+)",
                             env=cls.environment, cwd=cls.folder)

        def stop():
            process.terminate()
            process.wait()
            process.stdout.close()
        cls.addClassCleanup(stop)
        return url

    def test_every_example_prints_what_it_says(self):
        count = 0
        for theirs, _, example in rows():
            if example == "–":
                continue
            found = re.fullmatch(r"`(.*)` → `(.*)`", example)
            self.assertTrue(found, f"{theirs}: {example}")
            done = subprocess.run(["sh", "-c", found[1]], cwd=self.folder,
                                  env=self.environment, text=True, timeout=90,
                                  capture_output=True, check=False)
            with self.subTest(theirs=theirs):
                self.assertIn(found[2], done.stdout, found[1] + done.stderr)
            count += 1
        self.assertGreater(count, 40)

    def test_all_that_theirs_has_is_told_of(self):
        told = set()
        for theirs, _, _ in rows():
            told |= set(re.findall(r"\w+", theirs))
        self.assertEqual(set(THEIRS) - told, set())

    def test_what_has_no_example_says_why(self):
        for theirs, ours, example in rows():
            if example == "–":
                self.assertRegex(ours, r"^(not there|not needed|none|taken|inputs)",
                                 theirs)


if __name__ == "__main__":
    unittest.main()
