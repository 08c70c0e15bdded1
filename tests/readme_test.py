#!/usr/bin/env python3
"""Runs what the READMEs show: usage readme_test.py PROGRAMS.

Every ```cpp and ```toml block of the top README and of nodes/README.md must stand, to the letter, in a
file under examples/. Every command of their ```sh blocks is run from the project's root, with PROGRAMS in place of
build/release/bin; those of deploy/ that build are what CI itself runs, and must be there. What it links to must
exist, in every README.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = sys.argv[1]
RUN = [ROOT / "README.md", ROOT / "nodes/README.md"]


def blocks(text, language):
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


def check_code(readme, language, pattern):
    sources = [path.read_text() for path in (ROOT / "examples").rglob(pattern)]
    for block in blocks(readme.read_text(), language):
        if not any(block in source for source in sources):
            yield f"{readme.relative_to(ROOT)} shows code that no example has:\n{block}"


def check_command(readme, command):
    name = readme.relative_to(ROOT)
    words = command.split("#")[0].split()
    if words[0].startswith("deploy/") and words[0] != "deploy/local-cluster":
        ci = (ROOT / ".ci/run").read_text()
        if not (ROOT / words[0]).is_file() or words[0] not in ci:
            yield f"{name} shows {words[0]}, which is not there or not run by .ci/run"
        return
    shown = " ".join(words).replace("build/release/bin", PROGRAMS)
    done = subprocess.run(shown, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        yield f"{name} shows `{' '.join(words)}`, which ends with {done.returncode}: {done.stderr}"


def check_links(readme):
    prose = re.sub(r"```.*?```", "", readme.read_text(), flags=re.S)
    for target in re.findall(r"\]\(([^)#:]+)\)", prose):
        if not (readme.parent / target).exists():
            yield f"{readme.relative_to(ROOT)} links to {target}, which is not there"


def main():
    (ROOT / "build").mkdir(exist_ok=True)
    wrong = []
    run = 0
    for readme in RUN:
        wrong += check_code(readme, "cpp", "*.[ch]pp")
        wrong += check_code(readme, "toml", "*.toml")
        for block in blocks(readme.read_text(), "sh"):
            for command in filter(str.strip, block.splitlines()):
                wrong += check_command(readme, command)
                run += 1
    for readme in ROOT.rglob("*.md"):
        if not {"build", "node_modules"} & set(readme.relative_to(ROOT).parts):
            wrong += check_links(readme)
    print("\n".join(wrong) if wrong else f"{run} commands of {len(RUN)} READMEs")
    return 1 if wrong or not run else 0


sys.exit(main())
