#!/usr/bin/env python3
"""Does a page that it fetches itself, for a source of kind `processor`.

Says where the next page begins before it does its own, so that both are done at
the same time. Saying nothing ends the batch.
"""

import json
import sqlite3
import sys

SIZE = 1000


def main():
    page = json.loads(sys.stdin.readline())
    with sqlite3.connect("products.db") as db:
        rows = db.execute("SELECT id, name FROM products WHERE id > ? ORDER BY id"
                          " LIMIT ?",
                          (int(page["cursor"] or 0), SIZE + 1)).fetchall()
    if len(rows) > SIZE:
        print(json.dumps({"nextCursor": str(rows[SIZE - 1][0])}), flush=True)
    for number, (product, name) in enumerate(rows[:SIZE]):
        if not name:
            print(json.dumps({"item": number,
                              "error": f"product {product} has no name"}))
    print(json.dumps({"items": len(rows[:SIZE])}))


if __name__ == "__main__":
    main()
