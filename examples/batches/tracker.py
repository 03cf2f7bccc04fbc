#!/usr/bin/env python3
"""A tracker: warns of pages that are stuck and of a batch that takes too long."""

import datetime
import json
import sys

x = json.load(sys.stdin)
began = datetime.datetime.fromisoformat(x["startedAt"].replace("Z", "+00:00"))
hours = (datetime.datetime.now(datetime.timezone.utc) - began).total_seconds() / 3600
if x["stuck"] > 0:
    print(f"{x['name']}: {x['stuck']} pages are stuck", file=sys.stderr)
if hours > x["args"]["hours"]:
    print(f"{x['name']}: has taken {hours:.1f} hours", file=sys.stderr)
