"""The first system over sizes of its file: the table of docs/performance.md, which it writes: python3 -m drive.sizes [--runs N]."""

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import date
from statistics import median

from .csv_system import PROGRAM, ingest, train
from .page import MODULES, PRIORITY, modules
from .results import output
from .runs import BIN, OUT, ROOT, data_file, warm
from .served import Service

ROWS, FEATURES = (1_000, 10_000, 100_000, 1_000_000), (10, 50, 100)
PAGE = ROOT / "docs/performance.md"
BEGIN, END = "<!-- sizes: deploy/bench sizes -->\n", "<!-- end of sizes -->\n"
HEAD = ("| rows x features | CSV | read | peak | trained by passes | peak | trained at once | peak | as jobs, read and trained | frames |\n"
        "|---|---|---|---|---|---|---|---|---|---|\n")


def size(count):
    """"12 MB"."""
    for unit, bytes_of in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= bytes_of:
            return f"{count / bytes_of:.3g} {unit}"
    return f"{count} B"


def seconds(value):
    return f"{value:.3g} s" if value >= 0.1 else f"{value * 1000:.2g} ms"


def medians(program, rounds):
    for _ in range(rounds):
        program.run()
    if program.problem:
        sys.exit(program.problem)
    return seconds(program.median("seconds")), size(max(program.values("peak_rss_mb")) * 1e6)


def as_jobs(data, rounds):
    took = []
    service = Service(ROOT / PROGRAM, "--threads", "2", data_root=(ROOT / data).parent)
    try:
        for _ in range(rounds):
            began = time.monotonic()
            read = service.submit("ingest", {"data": f"data:{(ROOT / data).name}", "store": "f32"})
            service.until(read, ["done"])
            trained = service.submit("train", {"data": f"result:{read}/rows.tables", "target": "y", "store": "f32", "passes": "5"})
            service.until(trained, ["done"])
            took.append(time.monotonic() - began)
    finally:
        service.end()
    return seconds(median(took))


def frames(tables):
    """Frames a second of the page, by table file, and of an empty page."""
    if not modules():
        sys.exit("npm could not install what drives the browser")
    command = [*PRIORITY, "node", ROOT / "bench/page/sizes.mjs", ROOT / BIN, OUT / "data", *tables]
    said = subprocess.run(command, env={**os.environ, "LEAT_PAGE_MODULES": str(MODULES)}, capture_output=True, text=True, check=False)
    if said.returncode != 0:
        sys.exit(said.stderr)
    return json.loads(said.stdout)


def main():
    options = argparse.ArgumentParser(prog="deploy/bench sizes", description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=3, help="runs of each size")
    rounds = options.parse_args().runs
    made = {}
    for rows in ROWS:
        for features in FEATURES:
            data = data_file(rows, features)
            warm(data)
            name = f"{rows:,} x {features}"
            print(f"  {name}", flush=True)
            table = f"{data}.tables"
            read = medians(ingest("read", data, table, "--store", "f32"), rounds)
            passes = medians(train("passes", table, "--passes", "5", "--store", "f32"), rounds)
            once = medians(train("once", table, "--method", "least_squares"), rounds)
            made[(ROOT / table).name] = [name, size((ROOT / data).stat().st_size), *read, *passes, *once, as_jobs(data, rounds)]
    shown = frames(made)
    lines = "".join("| " + " | ".join([*cells, f"{shown[table] / shown['empty']:.2f}"]) + " |\n" for table, cells in made.items())
    revision = output("git", "describe", "--always", "--dirty")
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}Measured {date.today()}, leat {revision}; medians of {rounds}.\n\n{HEAD}{lines}{END}{after}", encoding="utf-8")
    print("written: docs/performance.md")


if __name__ == "__main__":
    main()
