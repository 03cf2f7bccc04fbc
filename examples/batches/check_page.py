#!/usr/bin/env python3
"""Does a page: looks whether its products have names.

The first line of standard input tells about the page, the others are its items,
one a line. Items that are wrong are told one a line; the page is done all the
same.
"""

import json
import sys


def main():
    json.loads(sys.stdin.readline())
    for number, line in enumerate(sys.stdin):
        product = json.loads(line)
        if not product["name"]:
            print(json.dumps({"item": number,
                              "error": f"product {product['id']} has no name"}))


if __name__ == "__main__":
    main()
