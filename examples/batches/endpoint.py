#!/usr/bin/env python3
"""An endpoint that does pages: counts the items it gets. Listens on port 8085,
or on the one that is given."""

import http.server
import json
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        page = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        bad = [{"item": i, "error": "has no price"}
               for i, x in enumerate(page["items"]) if x["price_cents"] is None]
        body = json.dumps({"itemErrors": bad}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


port = int(sys.argv[1]) if len(sys.argv) > 1 else 8085
server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
