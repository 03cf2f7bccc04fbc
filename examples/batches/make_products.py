#!/usr/bin/env python3
"""Makes a shop of products in this folder, in every form that a batch can read:

    python3 make_products.py [HOW-MANY]       100,000 if not given

products.db (SQLite), products.sql (for PostgreSQL: psql URL -f products.sql),
products.ndjson, products.csv and products.json. Every thousandth product has no
name, so that there is something to find.
"""

import csv
import json
import sqlite3
import sys

COLUMNS = ["id", "name", "price"]


def products(count):
    for i in range(1, count + 1):
        name = "" if i % 1000 == 0 else f"Product {i}"
        yield [i, name, i % 997 / 100 + 1]


def make_database(rows):
    with sqlite3.connect("products.db") as db:
        db.execute("DROP TABLE IF EXISTS products")
        db.execute("CREATE TABLE products (id INTEGER PRIMARY KEY,"
                   " name TEXT NOT NULL, price REAL NOT NULL)")
        db.executemany("INSERT INTO products VALUES (?, ?, ?)", rows)


def make_sql(rows):
    with open("products.sql", "w", encoding="utf-8") as out:
        out.write("DROP TABLE IF EXISTS products;\n"
                  "CREATE TABLE products (id bigint PRIMARY KEY,"
                  " name text NOT NULL, price numeric NOT NULL);\n"
                  "COPY products FROM STDIN;\n")
        for row in rows:
            out.write("\t".join(map(str, row)) + "\n")
        out.write("\\.\n")


def make_files(rows):
    with open("products.ndjson", "w", encoding="utf-8") as lines, \
            open("products.json", "w", encoding="utf-8") as whole, \
            open("products.csv", "w", encoding="utf-8", newline="") as table:
        sheet = csv.writer(table)
        sheet.writerow(COLUMNS)
        whole.write('{"shop": "Example", "products": [')
        for number, row in enumerate(rows):
            item = json.dumps(dict(zip(COLUMNS, row)))
            lines.write(item + "\n")
            whole.write((",\n" if number else "\n") + item)
            sheet.writerow(row)
        whole.write("\n]}\n")


def main():
    rows = list(products(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
    make_database(rows)
    make_sql(rows)
    make_files(rows)


if __name__ == "__main__":
    main()
