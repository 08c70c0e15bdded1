#!/usr/bin/env python3
"""affected.py BUILD: which tests a change can break, from what would be built anew.

A test can break when an object of its program has to be rebuilt, or has been since the tests last passed
(BUILD/tested), and the test's own object needs it: directly, or through others, by the symbols they take
from each other. A script's test needs the programs in its label, "programs: regression leat", and what is in the
folders of another, "files: framework/page". Tests with the label "long" are named and left out. Prints what deploy/test wants to know, a word and its values a line:

  targets leat_tests_actors regression
  tests ^(actors\\.csv_parse|programs\\.usage)$
  long cluster.processes_losses
"""
import json
import pathlib
import re
import subprocess
import sys

BUILD = pathlib.Path(sys.argv[1]).resolve()
STRONG = set("TDBRGS")


def output(*command):
    done = subprocess.run(command, cwd=BUILD, capture_output=True, text=True, check=True)
    return done.stdout


def to_rebuild():
    """Objects that are older than what they are made of, or newer than the stamp; and the stamp's time.

    Ninja's own dry run would stop at the check of globbed folders, which always comes first.
    """
    stamp = BUILD / "tested"
    since = stamp.stat().st_mtime_ns if stamp.exists() else 0
    times, changed, made, when = {}, set(), None, 0

    def time_of(path):
        if path not in times:
            times[path] = (BUILD / path).stat().st_mtime_ns if (BUILD / path).exists() else sys.maxsize
        return times[path]

    for line in output("ninja", "-t", "deps").splitlines():
        if not line.startswith("    "):
            made = line.split(": #deps")[0]
            when = time_of(made) if made else 0
            if made and when > since and made.endswith(".o"):
                changed.add(made)
        elif made.endswith(".o") and time_of(line.strip()) > when:
            changed.add(made)
    return changed, since


def all_objects():
    return [str(path.relative_to(BUILD)) for path in BUILD.glob("*/**/*.o") if "/CMakeFiles/" in str(path)
            and "/install/" not in str(path) and (BUILD / path).suffix == ".o"]


def symbols(objects):
    """By object: the symbols it defines for others, and those it takes."""
    defines, takes, now = {}, {path: set() for path in objects}, None
    for line in output("nm", "-A", "-g", "-P", *objects).splitlines():
        path, rest = line.split(": ", 1)
        name, kind = rest.split(" ")[:2]
        if kind in STRONG:
            defines.setdefault(name, set()).add(path)
        elif kind in "Uw":
            takes[path].add(name)
    return defines, takes


def needers(changed, objects):
    """All objects that need one of `changed`, those included."""
    defines, takes = symbols(objects)
    needed_by = {}
    for path, names in takes.items():
        for name in names:
            for owner in defines.get(name, ()):
                needed_by.setdefault(owner, set()).add(path)
    reached, front = set(changed), list(changed)
    while front:
        for path in needed_by.get(front.pop(), ()):
            if path not in reached:
                reached.add(path)
                front.append(path)
    return reached


def suite_objects():
    """By program and suite: the object that the suite's file is compiled into (cmake/LeatGrouped.cmake)."""
    found = {}
    for path in all_objects():
        program = re.search(r"/(leat_tests_\w+)\.dir/", path)
        if not program:
            continue
        grouped = BUILD / "tests" / "grouped" / pathlib.Path(path).name.removesuffix(".o")
        text = grouped.read_text() if "/grouped/" in path and grouped.exists() else f'"{path.removesuffix(".o")}"'
        for suite in re.findall(r'/(\w+)_test\.cpp"', text):
            found[program[1], suite] = path
    return found


def needs(program, reached):
    """Whether the program's own file, that of its main, needs what has changed."""
    return any(path.endswith(f"/{program}.cpp.o") and not path.startswith("tests/CMakeFiles") for path in reached)


def labelled(labels, word):
    """What a test's label says after that word and a colon."""
    return next((label.split(": ")[1].split() for label in labels if label.startswith(f"{word}: ")), [])


def newer(folder, since):
    """Whether a file of the folder, beneath the root of the sources, has changed since the tests passed."""
    files = (BUILD.parents[1] / folder).rglob("*")
    return since > 0 and any(path.is_file() and path.stat().st_mtime_ns > since for path in files if "node_modules" not in path.parts)


def affected(test, reached, since, suites):
    """Whether the test can break, what must be built for it, and whether it takes long."""
    command = test.get("command", [])
    labels = next((p["value"] for p in test.get("properties", []) if p["name"] == "LABELS"), [])
    programs = labelled(labels, "programs")
    takes_long = "long" in labels
    if any(needs(program, reached) for program in programs) or any(newer(folder, since) for folder in labelled(labels, "files")):
        return True, programs, takes_long
    if any(path.is_file() and path.suffix in (".sh", ".py") and path.stat().st_mtime_ns > since > 0
           for path in map(pathlib.Path, command)):
        return True, programs, takes_long
    if command and BUILD / "bin" == pathlib.Path(command[0]).parent:
        program = pathlib.Path(command[0]).name
        suite = next((word.split("=")[1] for word in command if word.startswith("--run_test=")), None)
        hit = suites.get((program, suite)) in reached if suite else needs(program, reached)
        return hit, [program], takes_long
    return False, programs, takes_long


def main():
    changed, since = to_rebuild()
    reached = needers(changed, all_objects())
    suites = suite_objects()
    tests = json.loads(output("ctest", "--show-only=json-v1"))["tests"]
    targets, names, left = set(), [], []
    for test in tests:
        hit, programs, takes_long = affected(test, reached, since, suites)
        if not hit:
            continue
        (left if takes_long else names).append(test["name"])
        targets.update([] if takes_long else programs)
    print("targets", *sorted("leat_program" if target == "leat" else target for target in targets))
    print("tests", "^(" + "|".join(map(re.escape, names)) + ")$" if names else "")
    print("long", *left)


main()
