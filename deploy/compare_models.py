#!/usr/bin/env python3
"""compare_models.py ONE OTHER: shows the linear model of OTHER.bin, trained on a cluster as OTHER.json tells,
and how far it is from ONE.bin's. Fails when that is more than 1e-9 in norm, or when their errors on the rows
held out are not the same."""
import json
import math
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MOST = 1e-9  # partial sums added in another order


def model(path):
    with open(path, "rb") as file:
        done = subprocess.run(["capnp", "convert", "binary:json", ROOT / "schemas/model.capnp", "LinearModel"],
                              stdin=file, capture_output=True, text=True, check=True)
    saved = json.loads(done.stdout)
    # JSON has no infinities or NaN; Cap'n Proto writes them as texts, which float() reads.
    names = ["intercept", *saved["features"]]
    return dict(zip(names, map(float, [saved["intercept"], *saved["coefficients"]]))), int(saved["rows"])


def report(path):
    return json.loads(path.read_text().splitlines()[-1])


def parsed_by(node):
    return sum(stage["counts"].get("rows", 0) for stage in node["stages"] if stage["name"].startswith("parse"))


def main():
    one, other = (pathlib.Path(word) for word in sys.argv[1:])
    (single, rows), (spread, spread_rows) = (model(f"{name}.bin") for name in (one, other))
    reports = report(one.with_suffix(".json")), report(other.with_suffix(".json"))
    for name, value in spread.items():
        print(f"{name}: {value:.12g}")
    results = [{name: value for name, value in each["results"].items() if name != "model"} for each in reports]
    for name, value in results[1].items():
        print(f"{name}: {value}")
    parsed = {node["node"]: parsed_by(node) for node in reports[1]["nodes"]}
    for node, count in parsed.items():
        print(f"{node} parsed {count} rows, {100 * count / max(1, sum(parsed.values())):.0f}%")
    norm = math.dist(single.values(), spread.values()) / max(math.hypot(*single.values()), sys.float_info.min)
    same = single.keys() == spread.keys() and norm <= MOST and rows == spread_rows and results[0] == results[1]
    if not same:
        print(f"deploy/demo: one process trains another model, {norm:.2g} away in norm where {MOST:g} is the most: "
              f"{single} over {rows} rows, not {spread_rows}, with {results[0]}", file=sys.stderr)
        return 1
    print(f"one process trains the same model: {norm:.2g} away in norm")
    return 0


sys.exit(main())
