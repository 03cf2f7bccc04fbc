#!/usr/bin/env python3
"""An HTTP API over products.db, a page a request:

    PRODUCTS_TOKEN=secret python3 products_api.py [PORT]

    GET /products?limit=100&cursor=7   ->   {"items": [...], "next": 107}

It wants `Authorization: Bearer …`, gives 250 products at most, and asks now and
then to be left alone for a second, as APIs do.
"""

import http.server
import json
import os
import sqlite3
import sys
import urllib.parse

MOST = 250


class Products(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    requests = 0

    def do_GET(self):
        Products.requests += 1
        if self.headers["Authorization"] != f"Bearer {os.environ['PRODUCTS_TOKEN']}":
            return self.answer(401, {"error": "who are you?"})
        if Products.requests % 20 == 3:
            return self.answer(429, {"error": "slow down"}, {"Retry-After": "1"})
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        size = min(int(query.get("limit", MOST)), MOST)
        with sqlite3.connect("products.db") as db:
            rows = db.execute("SELECT id, name, price FROM products WHERE id > ?"
                              " ORDER BY id LIMIT ?",
                              (int(query.get("cursor", 0)), size + 1)).fetchall()
        items = [dict(zip(("id", "name", "price"), row)) for row in rows[:size]]
        more = items[-1]["id"] if len(rows) > size else None
        return self.answer(200, {"items": items, "next": more})

    def answer(self, status, body, headers=()):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8099
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Products) as server:
        print(f"http://127.0.0.1:{server.server_port}/products", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
