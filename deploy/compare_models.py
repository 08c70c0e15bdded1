#!/usr/bin/env python3
"""compare_models.py ONE OTHER: shows the linear model of OTHER.bin, trained on a cluster as OTHER.json tells,
and how far it is from ONE.bin's. Fails when a coefficient agrees to fewer than 13 digits, or as many fewer as the
condition of its data is beyond 1e7, or when their errors on the rows held out are not the same."""
import json
import math
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DIGITS = 13  # partial sums added in another order
CONDITION = 1e7  # up to which they agree so far


def model(path):
    with open(path, "rb") as file:
        done = subprocess.run(["capnp", "convert", "binary:json", ROOT / "schemas/model.capnp", "LinearModel"],
                              stdin=file, capture_output=True, text=True, check=True)
    saved = json.loads(done.stdout)
    # JSON has no infinities or NaN; Cap'n Proto writes them as texts, which float() reads.
    names = ["intercept", *saved["features"]]
    numbers = dict(zip(names, map(float, [saved["intercept"], *saved["coefficients"]])))
    return numbers, int(saved["rows"]), float(saved.get("condition", "nan"))


def agreed_digits(one, other):
    if one == other:
        return math.inf
    return -math.log10(abs(one - other) / max(abs(one), abs(other)))


def report(path):
    return json.loads(path.read_text().splitlines()[-1])


def parsed_by(node):
    return sum(stage["counts"].get("rows", 0) for stage in node["stages"] if stage["name"].startswith("parse"))


def main():
    one, other = (pathlib.Path(word) for word in sys.argv[1:])
    (single, rows, condition), (spread, spread_rows, _) = (model(f"{name}.bin") for name in (one, other))
    reports = report(one.with_suffix(".json")), report(other.with_suffix(".json"))
    for name, value in spread.items():
        print(f"{name}: {value:.12g}")
    results = [{name: value for name, value in each["results"].items() if name != "model"} for each in reports]
    for name, value in results[1].items():
        print(f"{name}: {value}")
    parsed = {node["node"]: parsed_by(node) for node in reports[1]["nodes"]}
    for node, count in parsed.items():
        print(f"{node} parsed {count} rows, {100 * count / max(1, sum(parsed.values())):.0f}%")
    least = DIGITS - max(0, math.log10(condition / CONDITION)) if condition > 0 else DIGITS
    digits = min(agreed_digits(single[name], spread.get(name, math.nan)) for name in single)
    same = single.keys() == spread.keys() and digits >= least and rows == spread_rows and results[0] == results[1]
    if not same:
        print(f"deploy/demo: one process trains another model, alike in {digits:.1f} digits where {least:.1f} is the "
              f"least: {single} over {rows} rows, not {spread_rows}, with {results[0]}", file=sys.stderr)
        return 1
    alike = "every bit" if digits == math.inf else f"{digits:.1f} digits"
    print(f"one process trains the same model: alike in {alike} of every coefficient, condition {condition:.3g}")
    return 0


sys.exit(main())
