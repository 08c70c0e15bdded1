"""leat of today against leat of before: deploy/bench NAME... --before FOLDER [--runs N].

FOLDER holds the programs of another build (its build/release/bin, benchmarks built). Each program
of leat's runs in pairs, today's and the other's, who goes first in turn; no peers. A row is the
mean ratio of the pairs with its 95% interval (Student's t over the logarithms); above 1 today is
better. A row whose whole interval lies under LEAST is slower, and the exit status is then 1.
"""

import json
import math
import statistics
from pathlib import Path

from . import certificates, cluster, csv, small, stages
from .nodes import Cluster, Training
from .runs import BIN, OUT, Program, data_file, leat, warm

LEAST = 0.98
T_975 = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306,
         10: 2.262, 11: 2.228, 12: 2.201, 13: 2.179, 14: 2.160, 15: 2.145}  # by number of pairs
NODES = 3


class Pair:
    """One program as it is built today and as it was, and the figures that are compared."""

    def __init__(self, now, folder, figures, then=None):
        self.now, self.figures = now, figures  # figures: (key, higher is better)
        self.then = then or moved(now, folder)

    def run(self, number):
        for program in (self.now, self.then)[::1 if number % 2 else -1]:
            program.run()

    def rows(self):
        problem = self.now.problem or self.then.problem
        if problem:
            print(f"  not measured: {self.now.label}: {problem}")
        return [] if problem else [self.row(*figure) for figure in self.figures]

    def row(self, key, higher):
        logs = [math.log(a[key] / b[key]) * (1 if higher else -1)
                for a, b in zip(self.now.results, self.then.results)]
        mean, width = statistics.mean(logs), math.inf
        if len(logs) > 1:
            width = T_975.get(len(logs), 2.1) * statistics.stdev(logs) / math.sqrt(len(logs))
        low, high = math.exp(mean - width), math.exp(mean + width)
        return {"what": f"{self.now.label}: {key}", "now": self.now.median(key),
                "before": self.then.median(key), "ratio": math.exp(mean), "low": low, "high": high,
                "pairs": len(logs), "slower": high < LEAST}


def moved(program, folder):
    """The same command line with the programs of `folder`."""
    name = program.command[0]
    return Program(program.label, str(folder / Path(name).name), *program.command[1:])


def rate(program, folder):
    return Pair(program, folder, [("per_second", True)])


def of_stages(folder):
    return [rate(stages.ours(*which), folder)
            for which in (("read", "chained"), ("read", "isolated"), ("make", "chained"))]


def of_small(folder):
    return [rate(Program(f"small, {mode}", *leat("small", "--mode", mode, "--chunks",
                                                  small.CHUNKS)), folder)
            for mode in ("chained", "isolated")]


def of_table(which):
    def pairs(folder):
        data = data_file(csv.ROWS)
        warm(data)
        return [Pair(Program(which, *leat(which, "--data", data, "--threads", 2)), folder,
                     [("seconds", False)])]
    return pairs


def of_slow(folder):
    program = Program("a slow consumer", *leat("slow", "--chunks", 3000))
    return [Pair(program, folder, [("cpu_seconds", False)])]


def of_cluster(folder):
    moves = [Pair(ours, folder, [("gb_per_second", True), ("cpu_per_gb", False)])
             for tls in (False, True) for ours, _ in cluster.transfers(tls).values()]
    trips = [cluster.pings("64 B, Link to Link", "leat_links"),
             Program("64 B, Cell to Cell", f"{BIN}/leat_cells", "--count", cluster.TURNS,
                     "--scheduling", "stealing")]
    full = Program("control round trip over full links", f"{BIN}/leat_control", "--certs",
                   certificates.folder())
    return (moves + [Pair(trip, folder, [("p50_us", False), ("p99_us", False)]) for trip in trips]
            + [Pair(full, folder, [("p99_us", False)])] + trained(folder))


def trained(folder):
    """A regression in one process and on three nodes."""
    data, model = data_file(csv.ROWS), folder / "leat_model"
    warm(data)
    made = []
    for ordered in (False, True):
        name = ", ordered" if ordered else ""
        made.append(Pair(Training(f"one process{name}", data, None, ordered), folder,
                         [("seconds", False), ("cpu", False)],
                         Training("before", data, None, ordered, model=model)))
        now, then = Cluster(NODES), Cluster(NODES, model)
        made.append(Pair(Training(f"{NODES} nodes{name}", data, now, ordered), folder,
                         [("seconds", False), ("cpu", False)],
                         Training("before", data, then, ordered, model=model)))
    return made


PAIRS = {"stages": of_stages, "small": of_small, "csv": of_table("csv"), "model": of_table("model"),
         "slow": of_slow, "cluster": of_cluster}


def close(pairs):
    for pair in pairs:
        for program in (pair.now, pair.then):
            if getattr(program, "cluster", None):
                program.cluster.stop()


def compare(names, folder, pairs_of_each):
    """Prints and keeps the rows of `names`; whether none of them is slower."""
    folder, rows = Path(folder).resolve(), []
    for name in names:
        pairs = PAIRS[name](folder)
        try:
            for number in range(pairs_of_each):
                for pair in pairs:
                    pair.run(number)
                print(f"  {name}: pair {number + 1} of {pairs_of_each}", flush=True)
        finally:
            close(pairs)
        rows += [row for pair in pairs for row in pair.rows()]
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "before.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for row in rows:
        print(f"{'SLOWER' if row['slower'] else 'holds':6} {row['what']}: {row['ratio']:.3f} "
              f"[{row['low']:.3f}, {row['high']:.3f}] of {row['pairs']} pairs; "
              f"{row['now']:.4g}, before {row['before']:.4g}")
    return not any(row["slower"] for row in rows)
