"""An implementation of the Apify API that owes its clients nothing but what the
API document requires: no optional field, no kindness, every fault on request.

It shares no code with the emulator. A run does what its input says: `ms` is how
long it takes, `outcome` how it ends, `items` how many items it leaves.
"""

import base64
import datetime
import http.server
import itertools
import json
import random
import string
import threading
import time
import urllib.parse

LIVE = ("READY", "RUNNING", "TIMING-OUT", "ABORTING")
FULL = {"memory": ("actor-memory-limit-exceeded",
                   "By launching this job you will exceed the memory limit of "
                   "{limit}MB for all your Actor runs and builds"),
        "slots": ("concurrent-runs-limit-exceeded",
                  "By launching this job you will exceed your limit of {limit} "
                  "concurrent Actor runs.")}


def stamp(seconds):
    at = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def make_id():
    return "".join(random.choices(string.ascii_letters + string.digits, k=17))


class Run:
    """A run of the platform; its state follows from the clock."""

    def __init__(self, body, memory, user_agent, actor):
        self.id = make_id()
        self.store = make_id()
        self.dataset = make_id()
        self.actor = actor
        self.body = body
        self.input = json.loads(body or "{}")
        self.memory = memory
        self.user_agent = user_agent
        self.started = time.time()
        self.ends = self.started + self.input.get("ms", 100) / 1000
        self.outcome = self.input.get("outcome", "SUCCEEDED")
        self.resurrected = 0

    @property
    def status(self):
        return "RUNNING" if time.time() < self.ends else self.outcome

    def abort(self):
        if self.status in LIVE:
            self.ends = time.time()
            self.outcome = "ABORTED"

    def resurrect(self):
        self.resurrected += 1
        self.ends = time.time() + self.input.get("ms", 100) / 1000
        self.outcome = self.input.get("resurrectedOutcome", "SUCCEEDED")

    def short(self, tell_user_agent):
        meta = {"origin": "API"}
        if tell_user_agent:
            meta["userAgent"] = self.user_agent
        return {"id": self.id, "actId": self.actor, "status": self.status,
                "startedAt": stamp(self.started), "buildId": "b" * 17,
                "meta": meta, "usageTotalUsd": 0,
                "defaultKeyValueStoreId": self.store,
                "defaultDatasetId": self.dataset,
                "defaultRequestQueueId": "q" * 17}

    def full(self, tell_user_agent):
        result = self.short(tell_user_agent)
        del result["usageTotalUsd"]
        result.update(
            userId="u" * 17, generalAccess="RESTRICTED",
            stats={"restartCount": 0, "resurrectCount": self.resurrected,
                   "computeUnits": 0},
            options={"build": "latest", "timeoutSecs": 300,
                     "memoryMbytes": self.memory,
                     "diskMbytes": self.memory * 2})
        return result


class HostilePlatform:
    """Serves the API on a free port until it is stopped."""

    def __init__(self, **habits):
        # How it behaves; tests set what they need.
        self.tell_user_agent = False
        self.list_lag = 0
        self.hidden_when_fresh = 0
        # Seconds for which a run that has ended still counts.
        self.release_lag = 0
        # Seconds until a data set is told of.
        self.dataset_delay = 0
        self.abort_status = 200
        self.revoked = False
        self.bad_tokens = ()
        self.default_memory = 1024
        self.memory_limit = 1 << 20
        self.slot_limit = 1000
        self.refusal_status = 402
        self.limits_status = 200
        self.chunked = False
        self.close_each = False
        self.redirect_records = False
        self.html_errors = 0
        self.list_status = 200
        self.page_limit = 1000
        # How many lists a proxy refuses before the platform sees them.
        self.refused_lists = 0
        # How many resurrections lose their answers, and how many reads of a
        # resurrected run tell how it ended before.
        self.lost_resurrections = 0
        self.stale_reads = 0
        # Input key -> what happens to its next starts.
        self.start_faults = {}
        self.__dict__.update(habits)
        # What it saw.
        self.runs = {}
        self.start_requests = []
        self.refusals = []
        self.requests = []
        self.user_agents = set()
        self.lock = threading.RLock()
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever,
                                       kwargs={"poll_interval": 0.05})
        self.thread.start()

    def _handler(self):
        platform = self

        class Bound(Handler):
            api = platform
        return Bound

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    # -- what tests ask -------------------------------------------------------

    def starts_by_key(self):
        result = {}
        with self.lock:
            for run in self.runs.values():
                key = run.input.get("key")
                result[key] = result.get(key, 0) + 1
        return result

    def live(self):
        with self.lock:
            return [run for run in self.runs.values() if run.status in LIVE]

    # -- what the API does ----------------------------------------------------

    def next_fault(self, key):
        with self.lock:
            faults = self.start_faults.get(key) or []
            return faults.pop(0) if faults else None

    def counted(self):
        edge = time.time() - self.release_lag
        with self.lock:
            return [run for run in self.runs.values()
                    if run.status in LIVE or run.ends > edge]

    def why_full(self, memory):
        live = self.counted()
        if sum(run.memory for run in live) + memory > self.memory_limit:
            return "memory", self.memory_limit
        if len(live) >= self.slot_limit:
            return "slots", self.slot_limit
        return None

    def limits(self):
        live = self.live()
        numbers = ("maxMonthlyActorComputeUnits",
                   "maxMonthlyExternalDataTransferGbytes",
                   "maxMonthlyProxySerps", "maxMonthlyResidentialProxyGbytes",
                   "maxActorCount", "maxActorTaskCount",
                   "maxTeamAccountSeatCount", "dataRetentionDays")
        return {"monthlyUsageCycle": {"startAt": stamp(0), "endAt": stamp(9e9)},
                "limits": dict(dict.fromkeys(numbers, 10),
                               maxMonthlyUsageUsd=100,
                               maxActorMemoryGbytes=self.memory_limit / 1024,
                               maxConcurrentActorJobs=self.slot_limit),
                "current": {"monthlyUsageUsd": 0,
                            "actorMemoryGbytes":
                                sum(run.memory for run in live) / 1024,
                            "activeActorJobCount": len(live)}}


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    api = None
    protocol_version = "HTTP/1.1"
    # Like servers that send header and body in two writes.
    wbufsize = 0

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.serve()

    do_POST = do_PUT = do_HEAD = do_DELETE = do_GET

    def serve(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        url = urllib.parse.urlsplit(self.path)
        self.query = dict(urllib.parse.parse_qsl(url.query))
        parts = [urllib.parse.unquote(x) for x in url.path.split("/")[1:]]
        with self.api.lock:
            self.api.requests.append((self.command, url.path))
            self.api.user_agents.add(self.headers.get("User-Agent", ""))
        try:
            self.route(parts)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def route(self, parts):
        if parts[:1] == ["signed"]:
            return self.record(parts[1])
        if parts[:1] != ["v2"] or not self.headers.get("Authorization"):
            return self.fail(401, "token-not-provided", "Who are you?")
        parts = parts[1:]
        token = self.headers["Authorization"].removeprefix("Bearer ")
        if self.api.revoked or token in self.api.bad_tokens:
            return self.fail(401, "user-or-token-not-found",
                             "User was not found or token is not valid.")
        if self.api.html_errors > 0 and self.command == "GET":
            self.api.html_errors -= 1
            return self.send(500, b"<html><h1>Bad Gateway</h1></html>",
                             "text/html")
        if parts == ["users", "me"]:
            return self.data(200, {"id": "u" * 17, "username": "stranger"})
        if parts == ["users", "me", "limits"]:
            if self.api.limits_status != 200:
                return self.fail(self.api.limits_status,
                                 "insufficient-permissions", "Not for you.")
            return self.data(200, self.api.limits())
        if parts[0] in ("actors", "acts", "actor-tasks"):
            return self.target(parts)
        if parts[0] == "actor-runs":
            return self.runs(parts[1:])
        if parts[0] == "datasets":
            return self.dataset(parts[1:])
        if parts[0] == "key-value-stores" and parts[2:] == ["records", "INPUT"]:
            if not self.api.redirect_records:
                return self.record(parts[1])
            self.send_response(302)
            self.send_header("Location", f"{self.api.url}/signed/{parts[1]}")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        return self.fail(404, "page-not-found", "We have no such page.")

    # -- routes ---------------------------------------------------------------

    def target(self, parts):
        if len(parts) == 2:
            return self.data(200, {
                "id": "A" * 17, "userId": "u" * 17, "name": "any",
                "username": "stranger", "defaultRunOptions": {
                    "build": "latest", "timeoutSecs": 300,
                    "memoryMbytes": self.api.default_memory}})
        if parts[2] != "runs":
            return self.fail(404, "page-not-found", "We have no such page.")
        if self.command == "POST":
            return self.start()
        return self.list_runs()

    def start(self):
        api = self.api
        key = json.loads(self.body or b"{}").get("key")
        with api.lock:
            api.start_requests.append((key, dict(self.query),
                                       dict(self.headers)))
        fault = api.next_fault(key)
        if fault == "429":
            return self.fail(429, "rate-limit-exceeded", "Slow down.")
        if fault == "429-empty":
            return self.send(429, b"", "text/plain")
        if fault == "500":
            return self.send(500, b"<html>Oops</html>", "text/html")
        if fault == "reset":
            self.close_connection = True
            return None
        memory = int(self.query.get("memory", api.default_memory))
        with api.lock:
            full = api.why_full(memory)
            if full:
                api.refusals.append((time.time(), key))
                kind, message = FULL[full[0]]
                return self.fail(api.refusal_status, kind,
                                 message.format(limit=full[1]))
            run = Run(self.body, memory, self.headers.get("User-Agent"),
                      "A" * 17)
            api.runs[run.id] = run
        if fault == "lost":
            self.close_connection = True
            return None
        if fault == "created-500":
            return self.send(502, b"<html>Bad Gateway</html>", "text/html")
        if fault == "half":
            self.wfile.write(b"HTTP/1.1 201 Created\r\nContent-Type: application"
                             b"/json\r\nContent-Length: 900\r\n\r\n{\"data\":{")
            self.close_connection = True
            return None
        if fault == "unreadable":
            return self.send(201, b"<html>Thank you</html>", "text/html")
        return self.data(201, run.full(api.tell_user_agent))

    def visible(self, lag):
        edge = time.time() - lag
        with self.api.lock:
            return [run for run in self.api.runs.values() if run.started <= edge]

    def list_runs(self):
        api = self.api
        if api.refused_lists > 0:
            api.refused_lists -= 1
            return self.send(403, b"<html>Not this way</html>", "text/html")
        if api.list_status != 200:
            return self.fail(api.list_status, "insufficient-permissions",
                             "Not for you.")
        found = sorted(self.visible(api.list_lag), key=lambda run: run.started)
        if "status" in self.query:
            wanted = self.query["status"].split(",")
            found = [run for run in found if run.status in wanted]
        after = self.query.get("startedAfter")
        if after:
            found = [run for run in found if stamp(run.started) >= after]
        before = self.query.get("startedBefore")
        if before:
            found = [run for run in found if stamp(run.started) <= before]
        if self.query.get("desc") in ("1", "true"):
            found.reverse()
        offset = int(self.query.get("offset", 0))
        limit = min(int(self.query.get("limit", 1000)), api.page_limit)
        items = [run.short(api.tell_user_agent)
                 for run in itertools.islice(found, offset, offset + limit)]
        return self.data(200, {
            "total": len(found), "offset": offset, "limit": limit,
            "count": len(items), "desc": self.query.get("desc") == "1",
            "items": items})

    def runs(self, parts):
        if not parts:
            return self.list_runs()
        run = self.api.runs.get(parts[0])
        if (not run or time.time() - run.started < self.api.hidden_when_fresh):
            return self.fail(404, "record-not-found", "Run was not found")
        verb = parts[1] if len(parts) > 1 else ""
        if verb == "abort":
            if self.api.abort_status != 200:
                return self.fail(self.api.abort_status,
                                 "insufficient-permissions", "Not for you.")
            run.abort()
        elif verb == "resurrect":
            return self.resurrect(run)
        elif verb:
            return self.fail(404, "page-not-found", "We have no such page.")
        elif run.resurrected and self.api.stale_reads > 0:
            self.api.stale_reads -= 1
            return self.data(200, run.before)
        # Does not wait, whatever `waitForFinish` says.
        return self.data(200, run.full(self.api.tell_user_agent))

    def resurrect(self, run):
        if run.status in LIVE:
            return self.fail(400, "run-not-finished", "Run is not finished")
        run.before = run.full(self.api.tell_user_agent)
        run.resurrect()
        if self.api.lost_resurrections > 0:
            self.api.lost_resurrections -= 1
            self.close_connection = True
            return None
        return self.data(200, run.full(self.api.tell_user_agent))

    def dataset(self, parts):
        if not parts:
            return self.data(200, {"total": 0, "offset": 0, "limit": 1000,
                                   "count": 0, "desc": False, "items": []})
        run = next((x for x in list(self.api.runs.values())
                    if x.dataset == parts[0]), None)
        if not run:
            return self.fail(404, "record-not-found", "Dataset was not found")
        count = run.input.get("items", 0)
        if len(parts) == 1:
            time.sleep(self.api.dataset_delay)
            return self.data(200, {
                "id": run.dataset, "userId": "u" * 17,
                "createdAt": stamp(run.started), "modifiedAt": stamp(run.started),
                "accessedAt": stamp(run.started), "itemCount": count,
                "cleanItemCount": count})
        offset = int(self.query.get("offset", 0))
        limit = int(self.query.get("limit", 1 << 30))
        items = [{"key": run.input.get("key"), "n": n}
                 for n in range(count)][offset:offset + limit]
        if self.query.get("format") == "jsonl":
            body = "".join(json.dumps(x) + "\n" for x in items)
        else:
            body = json.dumps(items)
        return self.send(200, body.encode(), "application/json", {
            "X-Apify-Pagination-Offset": str(offset),
            "X-Apify-Pagination-Limit": str(limit),
            "X-Apify-Pagination-Count": str(len(items)),
            "X-Apify-Pagination-Total": str(count)})

    def record(self, store):
        run = next((x for x in list(self.api.runs.values())
                    if x.store == store), None)
        if not run:
            return self.fail(404, "record-not-found", "Record was not found")
        # As the platform does, with the defaults of the input schema.
        stored = dict(run.input, maxPages=10)
        return self.send(200, json.dumps(stored, indent=2).encode(),
                         "application/json; charset=utf-8")

    # -- answers --------------------------------------------------------------

    def data(self, status, value):
        self.send(status, json.dumps({"data": value}).encode(),
                  "application/json; charset=utf-8")

    def fail(self, status, kind, message):
        self.send(status, json.dumps(
            {"error": {"type": kind, "message": message}}).encode(),
            "application/json")

    def send(self, status, body, content_type, headers=None):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if self.api.close_each:
            self.send_header("Connection", "close")
            self.close_connection = True
        if self.api.chunked and self.command != "HEAD":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for at in range(0, len(body), 50):
                part = body[at:at + 50]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            return self.wfile.write(b"0\r\n\r\n")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        return None


def webhooks_of(query):
    """The ad-hoc webhooks of a start request."""
    return json.loads(base64.b64decode(query.get("webhooks", "W10=")))
