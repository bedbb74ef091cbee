"""Reads a debug log as scripts of license administrators do: line by line, with a regular expression.

Keeps the sessions, the change points of each feature and its highest use, and prints how many lines were about seats.
"""

import re
import sys

SEAT = re.compile(r'^\s*(\d+):(\d\d):(\d\d) \((\w+)\) (OUT|IN|DENIED): "([^"]+)" (\S+)@(\S+)')
STAMP = re.compile(r"\) TIMESTAMP (\d+)/(\d+)/(\d+)")

out = {}
in_use = {}
steps = {}
sessions = []
date = None
lines = 0
with open(sys.argv[1], encoding="latin-1") as log:
    for line in log:
        seat = SEAT.match(line)
        if not seat:
            stamp = STAMP.search(line)
            if stamp:
                date = stamp.groups()
            continue
        lines += 1
        hour, minute, second, _, kind, feature, user, host = seat.groups()
        if kind == "DENIED":
            continue
        at = (date, int(hour) * 3600 + int(minute) * 60 + int(second))
        key = (feature, user, host)
        if kind == "OUT":
            out.setdefault(key, []).append(at)
        elif out.get(key):
            sessions.append((feature, user, host, out[key].pop(0), at))
        in_use[feature] = in_use.get(feature, 0) + (1 if kind == "OUT" else -1)
        steps.setdefault(feature, []).append((at, in_use[feature]))
print(lines, len(sessions), max(n for each in steps.values() for _, n in each))
