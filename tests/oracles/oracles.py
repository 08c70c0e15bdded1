#!/usr/bin/env python3
"""Runs leat over the seeded tables and holds what it writes against what DuckDB made of them.

  oracles.py PROGRAMS [--only NAME]

Every input is run with several sizes of chunks and numbers of replicas, on one process and on three nodes. All cases of
an input are one graph. Compared is every cell: whether it is null, and its value to the bit; what the C library
computes to a few units in the last place.
"""
import argparse
import datetime
import json
import math
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from cases import ALL, FOLDS, TYPES, cases  # noqa: E402 (beside this file)

HERE = pathlib.Path(__file__).resolve().parent
LOCAL_CLUSTER = HERE.parent.parent / "deploy/local-cluster"
BLOCKS, REPLICAS = (200, 3000, 262144), (1, 3, 8)
BLOCK_ON_NODES = 3000
EPOCH = datetime.datetime(1970, 1, 1)


def toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {toml(of)}" for name, of in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def stage(name, kind, source, options):
    lines = ["[[stage]]", f"name = {toml(name)}", f"kind = {toml(kind)}"]
    if source:
        lines.append(f"from = {toml(source)}")
    return "\n".join(lines + [f"{key} = {toml(value)}" for key, value in options.items()])


def graph(chosen, data, out, block, replicas):
    """Each case's stages, and a file to write: folds below one parser, the others below one each, that rows keep their
    order."""
    many = {"replicas": replicas}
    parse = {"types": TYPES, **many}
    stages = ['name = "oracles"\nsentence = "Every case of one input."',
              stage("read", "csv.blocks", "", {"path": str(data), "block_bytes": block, "header": True, "delimiter": ","})]
    folds = [case for case in chosen if any(kind in FOLDS for kind, _ in case.stages)]
    if folds:
        stages.append(stage("parse", "csv.parse", "read", parse))
    for case in chosen:
        source, limited, folded = "parse", any(kind == "limit" for kind, _ in case.stages), False
        if case not in folds:
            source = f"{case.name} parsed"
            stages.append(stage(source, "csv.parse", "read", {**parse, "ordered": limited}))
        for place, (kind, options) in enumerate(case.stages):
            name = f"{case.name} {place}"
            settings = {} if limited or folded else dict(many)
            if place + 1 == len(case.stages) and case not in folds and not limited:
                settings["ordered"] = True
            if kind in FOLDS:
                settings["memory"], folded = "4MiB", True
            stages.append(stage(name, kind, source, {**options, **settings}))
            source = name
        stages.append(stage(f"{case.name} written", "csv.write", source, {"path": f"{out}/{case.name}.csv"}))
    return "\n\n".join(stages) + "\n"


def cells(text):
    """Records of cells; None for an empty one without quotes, so that null and empty text differ."""
    records, record, at = [], [], 0
    while at < len(text):
        if text[at] == '"':
            end = at + 1
            while text[end] != '"' or text[end + 1:end + 2] == '"':
                end += 2 if text[end] == '"' else 1
            cell, at = text[at + 1:end].replace('""', '"'), end + 1
        else:
            end = min(place for place in (text.find(",", at), text.find("\n", at)) if place >= 0)
            cell, at = text[at:end] or None, end
        record.append(cell)
        if text[at] == "\n":
            records.append(record)
            record = []
        elif text[at + 1] == "\n":  # a null is the last cell
            records.append(record + [None])
            record, at = [], at + 1
        at += 1
    return records


def value(cell, kind):
    """What a cell of leat's CSV says, as the expected files write it."""
    if cell is None or kind == "VARCHAR":
        return cell
    if kind == "BOOLEAN":
        return {"true": True, "false": False}[cell]
    if kind == "TIMESTAMP":
        at = datetime.datetime.fromisoformat(cell.removesuffix("Z"))
        return str((at - EPOCH) // datetime.timedelta(microseconds=1))
    if kind in ("DOUBLE", "FLOAT"):
        return float(cell)
    return str(int(cell))


def bits(number):
    return "nan" if math.isnan(number) else struct.pack(">d", number)


def same(found, expected, kind, nearly):
    if found is None or expected is None or kind not in ("DOUBLE", "FLOAT"):
        return found == expected
    expected = float(expected)
    return bits(found) == bits(expected) or nearly and math.isclose(found, expected, rel_tol=2e-15)


def differences(case, source, written):
    """The first thing in which a file is not as expected; none when it is."""
    header, *rows = [json.loads(line) for line in
                     (HERE / f"expected/{source}.{case.name}.jsonl").read_text(encoding="utf-8").splitlines()]
    names, *records = cells(written.read_bytes().decode())
    if names != [name for name, _ in header]:
        return f"columns {names}, not {[name for name, _ in header]}"
    for number, (record, row) in enumerate(zip(records, rows)):
        for cell, expected, (name, kind) in zip(record, row, header):
            if not same(value(cell, kind), expected, kind, case.name == "compute_nearly"):
                return f"row {number + 1}, column {name}: {cell!r}, not {expected!r}"
    return "" if len(records) == len(rows) else f"{len(records)} rows, not {len(rows)}"


class Oracles:
    def __init__(self, programs, scratch, only):
        self.leat, self.scratch, self.only = programs / "leat", scratch, only
        self.compared, self.failures = 0, []

    def run(self, source, block, replicas, where=(), nodes=1):
        chosen = [case for case in cases() if source in case.inputs and self.only in case.name]
        said = f"{source}, blocks of {block} bytes, {replicas} replicas, {nodes} nodes"
        out = self.scratch / f"{source}-{block}-{replicas}-{nodes}"
        out.mkdir()
        text = graph(chosen, HERE / f"inputs/{source}.csv", out, block, replicas)
        (out / "graph.toml").write_text(text, encoding="utf-8")
        ran = subprocess.run([self.leat, "run", out / "graph.toml", "--quiet", *where], capture_output=True, text=True, timeout=300)
        if ran.returncode or ran.stderr:
            self.failures.append(f"{said}: status {ran.returncode}: {ran.stderr.strip()}")
            return
        for case in chosen:
            self.compared += 1
            wrong = differences(case, source, out / f"{case.name}.csv")
            if wrong:
                self.failures.append(f"{case.name} of {said}: {wrong}")

    def on_one_process(self):
        for source in ALL:
            for block in BLOCKS:
                for replicas in REPLICAS:
                    self.run(source, block, replicas)

    def on_three_nodes(self):
        state = self.scratch / "cluster"
        up = subprocess.run([LOCAL_CLUSTER, "up", "-n", "3", "--program", self.leat, "--state", state],
                            capture_output=True, text=True, timeout=120)
        try:
            address = (state / "address").read_text().strip()
            os.environ["LEAT_STATE"] = str(state / "leat")
            for source in ALL:
                for replicas in REPLICAS:
                    self.run(source, BLOCK_ON_NODES, replicas, ("--cluster", address, "--nodes", "3"), 3)
        except OSError as error:
            self.failures.append(f"no cluster: {error} {up.stderr}")
        finally:
            subprocess.run([LOCAL_CLUSTER, "down", "--state", state], capture_output=True, timeout=120)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("programs", type=pathlib.Path)
    options.add_argument("--only", default="", help="cases with this in their names")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        oracles = Oracles(given.programs.resolve(), pathlib.Path(scratch), given.only)
        oracles.on_one_process()
        oracles.on_three_nodes()
    print("\n".join(oracles.failures) or f"{oracles.compared} files as expected")
    return 1 if oracles.failures or not oracles.compared else 0


if __name__ == "__main__":
    sys.exit(main())
