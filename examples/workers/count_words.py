#!/usr/bin/env python3
"""Counts the words of {"text": "…"}: a worker without any library.

    count_words.py [URL]     the service, http://127.0.0.1:8484 if not given
"""

import json
import os
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8484"
WORKER = f"words-{os.getpid()}"
LEASE = 30


def post(path, body):
    request = urllib.request.Request(
        f"{URL}/api/v1/{path}", json.dumps(body).encode(),
        {"Content-Type": "application/json"}, method="POST")
    if token := os.environ.get("ORCHESTRATOR_TOKEN"):
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def heartbeats(task, over):
    """Says that we still work on the task, however long that takes."""
    while not over.wait(LEASE / 3):
        post(f"task/{task['_id']}/heartbeat",
             {"workerId": WORKER, "leaseSecs": LEASE})


def count_words(task):
    return {"words": len(task["input"]["text"].split())}


def do(task):
    over = threading.Event()
    threading.Thread(target=heartbeats, args=(task, over), daemon=True).start()
    try:
        result = {"output": count_words(task)}
    except (KeyError, TypeError, AttributeError) as problem:
        result = {"error": f"no text: {problem!r}"}
    finally:
        over.set()
    post(f"task/{task['_id']}/release", dict(result, workerId=WORKER))


def main():
    channel = urllib.parse.quote("words")
    while True:
        # Waits for a task, instead of asking again and again.
        given = post(f"channel/{channel}/acquire?waitSecs=20",
                     {"workerId": WORKER, "leaseSecs": LEASE})
        if given["task"]:
            do(given["task"])


if __name__ == "__main__":
    main()
