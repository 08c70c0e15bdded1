#!/usr/bin/env python3
"""What a sentence advises must be there in the program that prints it: leat::run has no command line.

  advice_test.py ROOT    prints each string below framework/app that names an option of the command line, ends with 1
"""

import re
import sys
from pathlib import Path

OPTION = re.compile(r'"(?:[^"\\]|\\.)*--[a-z](?:[^"\\]|\\.)*"')
FOLDERS = ("framework/chunk", "framework/actor", "framework/graph", "framework/runtime", "framework/net",
           "framework/cluster", "actors")
# These speak of a program's parameters, to who has given them.
MAY = {"framework/graph/args.cpp"}


def named(root):
    """A sentence for each; a tree without any string is a mistake."""
    found, seen = [], 0
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*.[ch]pp")):
            path = str(file.relative_to(root))
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                seen += line.count('"')
                if path not in MAY and not line.lstrip().startswith("//") and OPTION.search(line):
                    found.append(f"{path}:{number}: names an option that only a command line has")
    return found if seen else [f"{root}: there are no strings"]


def main():
    found = named(Path(sys.argv[1]))
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
