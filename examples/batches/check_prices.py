#!/usr/bin/env python3
"""A program that fetches its pages itself, as in a data set that only it knows.

It says where the next page begins before it does its own, so that both are done
at the same time.
"""

import json
import os
import sqlite3
import sys

head = json.loads(sys.stdin.readline())
size = int(os.environ["BATCH_PAGE_SIZE"])
db = sqlite3.connect(f"file:{head['args']['db']}?mode=ro", uri=True)
rows = db.execute("SELECT id, price_usd FROM products WHERE id > ? "
                  "ORDER BY id LIMIT ?",
                  (int(head["cursor"] or 0), size)).fetchall()
if len(rows) == size:
    print(json.dumps({"nextCursor": str(rows[-1][0])}), flush=True)
for number, (_, price) in enumerate(rows):
    if price is None:
        print(json.dumps({"item": number, "error": "is not migrated"}))
print(json.dumps({"items": len(rows)}))
