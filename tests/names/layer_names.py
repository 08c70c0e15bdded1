#!/usr/bin/env python3
"""layer_names.py ROOT: says which names of anonymous namespaces two files of one layer of framework both define: under
sanitizers several files of a layer are compiled as one, where such names clash, with each other and with what the
layer's headers define. And which types two headers define: a program that links both layers has one name for two
things."""
import collections
import glob
import os
import re
import sys

CONSTANT = re.compile(r"(?:inline |static )*constexpr .*?\b(k[A-Z]\w*)\s*(?:\[|=|\{)")
TYPE = re.compile(r"(?:class|struct|enum class|enum)\s+(\w+)(?:\s+final)?\s*[:{]")
ALIAS = re.compile(r"using\s+(\w+)\s*=\s*(.*);")
FUNCTION = re.compile(r".*?\b(\w+)\((.*?)\)\s*(?:const|noexcept)?\s*(?:->.*)?[{;]")


def parameters(text):
    """The types of parameters, without names and defaults."""
    found, depth, one = [], 0, ""
    for letter in text + ",":
        depth += (letter in "<(") - (letter in ">)")
        if letter == "," and depth == 0:
            one = re.sub(r"=.*", "", one).strip()
            found.append(re.sub(r"(?<=[\s&*])\w+$", "", one).strip())
            one = ""
        else:
            one += letter
    return ",".join(filter(None, found))


def definitions(lines):
    """The names of a file's anonymous namespace: what stands at the beginning of a line there."""
    inside, head = False, ""
    for line in lines:
        if line.startswith("namespace {"):
            inside = True
        elif line.startswith("}  // namespace\n"):
            inside = False
        elif inside and (one := CONSTANT.match(line) or TYPE.match(line)):
            yield one[1], ""
        elif inside and (one := ALIAS.match(line)):
            yield one[1], one[2]
        elif inside:
            starts = re.match(r"(?!template|using|namespace|return)[A-Za-z_].*\b\w+\(", line)
            head = f"{head} {line.strip()}" if head else line.strip() if starts else ""
            if "{" in head or ";" in head:
                one = FUNCTION.match(head)
                if one and "::" not in head.split("(")[0].split()[-1]:
                    yield f"{one[1]}({parameters(one[2])})", ""
                head = ""


def clashes(files):
    seen = collections.defaultdict(dict)
    for path in sorted(files):
        with open(path, encoding="utf-8") as source:
            for name, meaning in definitions(source):
                seen[name][path] = meaning
    for name, places in seen.items():
        # Aliases of one thing are one.
        if len(places) > 1 and (len(set(places.values())) > 1 or "" in places.values()):
            yield name, sorted(places)


def names_of(path, constants):
    """The types that a header defines, and its constants if they are wanted, with their namespace."""
    namespace = ""
    with open(path, encoding="utf-8") as header:
        for line in header:
            if opened := re.match(r"namespace ([\w:]+) \{", line):
                namespace = opened[1]
            elif (one := TYPE.match(line)) and ";" not in line.split("//")[0].split("{")[0]:
                yield f"{namespace}::{one[1]}"
            elif constants and not line.startswith(" ") and (one := CONSTANT.match(line)):
                yield f"{namespace}::{one[1]}"


def clashes_with_headers(layer):
    """The names of a layer's files that a header of the layer defines too."""
    headers = collections.defaultdict(set)
    for path in glob.glob(layer + "*.hpp"):
        for name in names_of(path, constants=True):
            headers[name.rsplit("::", 1)[1]].add(path)
    for path in sorted(glob.glob(layer + "*.cpp")):
        with open(path, encoding="utf-8") as source:
            for name in sorted({one for one, _ in definitions(source)} & headers.keys()):
                yield name, [path, *sorted(headers[name])]


def headers_that_clash(root):
    seen = collections.defaultdict(set)
    for path in glob.glob(os.path.join(root, "framework", "*", "*.hpp")) + glob.glob(os.path.join(root, "actors", "**", "*.hpp"), recursive=True):
        for name in names_of(path, constants=True):
            seen[name].add(os.path.relpath(path, root))
    return [(name, sorted(places)) for name, places in seen.items() if len(places) > 1]


def main():
    root = sys.argv[1]
    found = 0
    for name, places in headers_that_clash(root):
        found += 1
        print(f"{name} is in several headers: {', '.join(places)}")
    for layer in sorted(glob.glob(os.path.join(root, "framework", "*", ""))):
        for name, places in [*clashes(glob.glob(layer + "*.cpp")), *clashes_with_headers(layer)]:
            found += 1
            print(f"{name} is in several files of a layer: {', '.join(os.path.relpath(one, root) for one in places)}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
