#!/usr/bin/env python3
"""Every function that framework/README.md links to is where the link says.

  chunk_path_test.py FILE    prints what is not, and ends with 1
"""

import re
import sys
from pathlib import Path

LINK = re.compile(r"\[`([\w:]+)`\]\(([^)#]+)\)", re.S)


def wrong(readme):
    """A sentence for each link that leads nowhere; none at all is one too."""
    links = LINK.findall(readme.read_text(encoding="utf-8"))
    if not links:
        return [f"{readme}: names no function"]
    found = []
    for name, target in links:
        path = (readme.parent / target).resolve()
        if not path.is_file():
            found.append(f"{readme}: `{name}` is said to be in {target}, which is not there")
            continue
        defined = rf"\b{re.escape(name)}\(" if "::" in name else rf"\b(struct|class) {re.escape(name)}\b|\b{re.escape(name)}\("
        text = path.read_text(encoding="utf-8")
        inside = re.search(rf"class {name.split('::')[0]}\b", text) and re.search(rf"\b{name.split('::')[-1]}\(", text)
        if not re.search(defined, text) and not inside:
            found.append(f"{readme}: there is no {name} in {target}")
    return found


def main():
    found = wrong(Path(sys.argv[1]))
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
