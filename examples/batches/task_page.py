#!/usr/bin/env python3
"""Does a page that is a task: checks its products. What it prints is the output
of the task: items that failed, by their places."""

import json
import sys

page = json.load(sys.stdin)
bad = [{"item": i, "error": "has no price"}
       for i, x in enumerate(page["items"]) if x["price_cents"] is None]
print(json.dumps({"itemErrors": bad}))
