#!/usr/bin/env python3
"""Migrates one page of products: prices in cents become prices in dollars.

To do it twice does no harm: what is written follows from what is read. When the
database is locked, which happens with many writers, it asks to be tried again.
"""

import json
import sqlite3
import sys

TRY_AGAIN = 75

head = json.loads(sys.stdin.readline())
items = [json.loads(line) for line in sys.stdin]
try:
    db = sqlite3.connect(head["args"]["db"], timeout=1)
    with db:
        db.executemany("UPDATE products SET price_usd = ? WHERE id = ?",
                       [(x["price_cents"] / 100, x["id"]) for x in items])
except sqlite3.OperationalError as problem:
    print(problem, file=sys.stderr)
    sys.exit(TRY_AGAIN)
