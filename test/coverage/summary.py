#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Sum up what gcov says: one JSON document per line on standard input.

A header's function is compiled into many objects: a line was reached if any of
them reached it.
"""

import collections
import json
import os
import sys

FOLDERS = ("lib", "create-diff-object", "klp-relocs", "kpatch-build", "kpatch")


def read(documents):
    """{file: {line: count}}, {file: {function: count}}"""
    lines = collections.defaultdict(collections.Counter)
    functions = collections.defaultdict(collections.Counter)
    for document in documents:
        if not document.strip():
            continue
        for source in json.loads(document)["files"]:
            name = os.path.normpath(source["file"])
            if not name.startswith(FOLDERS):
                continue
            for line in source["lines"]:
                lines[name][line["line_number"]] += line["count"]
            for function in source["functions"]:
                functions[name][function["name"]] += function["execution_count"]
    return lines, functions


def percent(reached, total):
    return f"{100 * reached / total:5.1f} %" if total else "      -"


def main():
    lines, functions = read(sys.stdin)
    by_folder = collections.defaultdict(lambda: [0, 0])
    rows = []
    for name in sorted(lines):
        reached, total = sum(1 for n in lines[name].values() if n), len(lines[name])
        by_folder[os.path.dirname(name)][0] += reached
        by_folder[os.path.dirname(name)][1] += total
        unreached = sorted(f for f, n in functions[name].items() if not n)
        rows.append((name, reached, total, unreached))

    for name, reached, total, unreached in rows:
        print(f"{percent(reached, total)} {reached:5}/{total:<5} {name}")
        if unreached:
            print("        never called: " + ", ".join(unreached))
    print()
    for folder, (reached, total) in sorted(by_folder.items()):
        print(f"{percent(reached, total)} {reached:5}/{total:<5} {folder}/")
    reached, total = (sum(row[i] for row in by_folder.values()) for i in (0, 1))
    print(f"{percent(reached, total)} {reached:5}/{total:<5} lines in all")


if __name__ == "__main__":
    main()
