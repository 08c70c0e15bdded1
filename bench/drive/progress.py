"""What a run says of its own end, against when it then came: shipped graphs, alone and on a cluster."""

import json
import os
import statistics
import subprocess
import time
from pathlib import Path

from .nodes import Cluster, environment
from .rows import row
from .runs import BIN, OUT, ROOT, data_file

TITLE = "progress, and the time that it says is left"
ABOUT = ("Every line of `--json` after the first tenth of a run says a range of seconds; the run then takes so long as"
         " it takes. Several passes, a slow last stage, three nodes.")
FLIGHTS = "examples/data/flights-200k.csv"
COPIES = 200


def flights():
    """The shipped flights, many times over."""
    path = OUT / "data" / f"flights-{COPIES}.csv"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        head, rows = (ROOT / FLIGHTS).read_bytes().split(b"\n", 1)
        path.write_bytes(head + b"\n" + rows * COPIES)
    return path.relative_to(ROOT)


def copies(path, number):
    """The file under so many names."""
    path = Path(path)
    names = [path.with_name(f"{path.stem}-{copy}{path.suffix}") for copy in range(1, number)]
    for name in names:
        if not (ROOT / name).exists():
            os.link(ROOT / path, ROOT / name)
    return [path, *names]


def graphs():
    """(what it shows, its command line)."""
    wide, made = data_file(1_000_000), OUT / "made"
    made.mkdir(parents=True, exist_ok=True)
    made = made.relative_to(ROOT)
    regression = [f"{BIN}/regression", "run"]
    train = ["train", "--data", ",".join(map(str, copies(wide, 4))), "--target", "y", "--features", "", "--hour", "", "--out", made / "model.bin"]
    return [("two passes", [f"{BIN}/leat", "run", "examples/toml/standardise.toml", "--data", flights(), "--columns",
                            "delay,distance", "--out", made / "scaled.csv"]),
            ("tables at the end", [f"{BIN}/delays", "run", "--data", flights(), "--hours", made / "hours.csv", "--bands",
                                   made / "bands.csv", "--top", made / "delays.db"]),
            ("a model", [*regression, *train]),
            ("a slow last stage", [*regression, "predict", "--data", wide, "--hour", "", "--model", made / "model.bin",
                                   "--out", made / "predictions.csv"]),
            ("a model on three nodes", [*regression, *train, "--cluster", None, "--nodes", "3"])]


def lines_of(command):
    """(the seconds that it took, its lines of progress with the time of each), or why not."""
    began = time.monotonic()
    run = subprocess.Popen([str(word) for word in [*command, "--json"]], cwd=ROOT, stdout=subprocess.PIPE, text=True,
                           stderr=subprocess.PIPE, env=environment())
    said = [(time.monotonic() - began, json.loads(line)) for line in run.stdout]
    errors = run.stderr.read()
    if run.wait() != 0:
        raise RuntimeError(f"'{' '.join(str(word) for word in command)}' failed: {errors.strip()}")
    return time.monotonic() - began, [(at, line) for at, line in said if line["type"] == "progress"]


def judged(took, lines):
    """Of the lines after the first tenth: those that tell no time, those whose range holds the truth, the relative
    width of the ranges, and the most that was said to be done."""
    late = [(took - at, line) for at, line in lines if at >= took / 10]
    told = [(left, line) for left, line in late if line.get("eta_most_s") is not None]
    held = [line["eta_least_s"] <= left <= line["eta_most_s"] for left, line in told]
    widths = [(line["eta_most_s"] - line["eta_least_s"]) / took for _, line in told]
    return len(late) - len(told), held, widths, max((line.get("done") or 0 for _, line in late), default=0)


def measure(rounds):
    rows, cluster = [], Cluster(3, ROOT / BIN / "regression")
    try:
        for what, command in graphs():
            command = [cluster.address if word is None else word for word in command]
            silent, held, widths, most = 0, [], [], 0
            for _ in range(rounds):
                without, these, wide, done = judged(*lines_of(command))
                silent, held, widths, most = silent + without, held + these, widths + wide, max(most, done)
            part = 100 * sum(held) / len(held) if held else None
            rows += [row(f"{what}: ranges that hold the truth, of {len(held)}; {silent} lines tell none", part, "%",
                         must=">= 90 %", holds=part is not None and part >= 90),
                     row(f"{what}: the ranges' width, of the whole time", 100 * statistics.median(widths or [0]), "%"),
                     row(f"{what}: most done before the end", 100 * most, "%", must="< 100 %", holds=most < 1)]
    finally:
        cluster.stop()
    return rows
