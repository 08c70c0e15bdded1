#!/usr/bin/env python3
"""Every <leat/...> that the sources include is found in framework/include, without a build.

  includes_test.py ROOT    prints what is not, and ends with 1; what is generated from schemas is not looked for
"""

import re
import sys
from pathlib import Path

INCLUDE = re.compile(r"^#include <(leat/(?!schemas/)[^>]+)>", re.M)


def missing(root):
    """A sentence for each include that leads nowhere; none at all is one too."""
    tree = root / "framework" / "include"
    found, seen = [], 0
    for folder in ("framework", "actors", "nodes", "examples", "tests", "bench"):
        for file in sorted((root / folder).rglob("*.[ch]pp")):
            for header in INCLUDE.findall(file.read_text(encoding="utf-8")):
                seen += 1
                if not (tree / header).is_file():
                    found.append(f"{file.relative_to(root)} includes <{header}>, which is not in framework/include")
    return found if seen else [f"{root}: nothing includes <leat/...>"]


def main():
    found = missing(Path(sys.argv[1]))
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
