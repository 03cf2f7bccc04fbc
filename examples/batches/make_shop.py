#!/usr/bin/env python3
"""Makes shop.db: a table of products, of which none is migrated yet.

    make_shop.py [FILE] [PRODUCTS]
"""

import sqlite3
import sys

path = sys.argv[1] if len(sys.argv) > 1 else "shop.db"
count = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000

with sqlite3.connect(path) as db:
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, "
               "price_cents INTEGER, price_usd REAL)")
    db.executemany("INSERT INTO products VALUES (?, ?, ?, NULL)",
                   ((i, f"product {i}", i * 7 % 10_000)
                    for i in range(1, count + 1)))
print(f"{count} products in {path}")
