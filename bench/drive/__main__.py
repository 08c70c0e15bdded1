"""Runs leat and its peers in turns: python3 -m drive [NAME ...], from the folder bench/.

Writes build/bench/NAME.json and bench/RESULTS.md. A program that is missing is named, and its
rows are marked as not measured. The exit status tells whether the run went through, not whether
every criterion holds.
"""

import argparse
import json
import sys

from . import before, cluster, csv, csv_system, expressions, files, groups, lines, model, progress, results, slow, small, stages, start
from . import page, recovery, service, tables, verbs
from .runs import OUT

BENCHMARKS = {"stages": stages, "small": small, "slow": slow, "csv": csv, "lines": lines, "model": model, "csv-system": csv_system,
              "start": start, "expressions": expressions, "tables": tables, "files": files,
              "groups": groups, "verbs": verbs, "progress": progress, "service": service,
              "page": page, "cluster": cluster, "recovery": recovery}
FEWEST_ROUNDS = 5


def verdict(row):
    if not row["must"]:
        return "also seen"
    return {True: "holds", False: "does NOT hold", None: "not measured"}[row["holds"]]


def measure(name, rounds):
    print(f"{name}: {BENCHMARKS[name].TITLE}", flush=True)
    rows = BENCHMARKS[name].measure(rounds)
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for row in rows:
        print(f"  {verdict(row):14} {row['what']}: {results.number(row['figure'])} {row['unit']}"
              + (f", ratio {row['ratio']:.2f}" if row["ratio"] is not None else "")
              + (f" (must: {row['must']})" if row["must"] else ""))
    for note in dict.fromkeys(row["note"] for row in rows if row["note"]):
        print(f"  not measured: {note}")


def main():
    options = argparse.ArgumentParser(prog="deploy/bench", description=__doc__.splitlines()[0])
    options.add_argument("names", nargs="*", metavar="NAME",
                         help="one of " + ", ".join(BENCHMARKS) + "; all of them without a name")
    options.add_argument("--runs", type=int, default=FEWEST_ROUNDS, help="runs of each program")
    options.add_argument("--before", metavar="FOLDER",
                         help="compare with another build's programs, in pairs, instead of peers")
    args = options.parse_args()
    unknown = [name for name in args.names if name not in BENCHMARKS]
    if unknown:
        options.error(f"no benchmark is called '{unknown[0]}': use " + ", ".join(BENCHMARKS))
    if args.before:
        names = [name for name in args.names or before.PAIRS if name in before.PAIRS]
        return 0 if before.compare(names, args.before, args.runs) else 1
    for name in args.names or BENCHMARKS:
        measure(name, args.runs)
    results.write(BENCHMARKS, args.names or BENCHMARKS)
    print("written: bench/RESULTS.md and build/bench/*.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
