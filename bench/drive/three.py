"""A regression on three processes: rows of the benchmark `cluster`."""

import math
import statistics

from .nodes import Cluster, Training
from .rows import notes, row, seen, with_commands, within
from .runs import Program, data_file, warm

NODES = 3
ROWS = 1_000_000


class Three:
    """The programs to run in turns with others, and the rows they make. Close it at the end."""

    def __init__(self):
        data = data_file(ROWS)
        warm(data)
        self.cluster, self.programs = None, []
        try:
            self.cluster = Cluster(NODES)
            self.alone, self.alone_ordered = (Training(f"one process{name}", data, None, ordered)
                                              for name, ordered in KINDS)
            self.spread, self.spread_ordered = (
                Training(f"{NODES} nodes{name}", data, self.cluster, ordered) for name, ordered in KINDS)
        except (OSError, RuntimeError) as error:
            missing = [Program(f"{NODES} nodes", "leat_model") for _ in range(4)]
            for program in missing:
                program.problem = f"no cluster: {error}."
            self.alone, self.alone_ordered, self.spread, self.spread_ordered = missing
        self.programs = [self.alone, self.spread, self.alone_ordered, self.spread_ordered]

    def close(self):
        if self.cluster:
            self.cluster.stop()

    def rows(self, raw):
        """`raw`: the raw Asio peer, whose cost of a GB is allowed for what crosses."""
        return [self.error(), self.same_bytes(),
                within(f"regression on {NODES} nodes: least share of the rows parsed by one",
                       self.spread, "least_share", "", (">=", 0.25)),
                cpu(f"regression on {NODES} nodes: CPU", self.spread, self.alone, raw),
                cpu(f"regression on {NODES} nodes, ordered: CPU", self.spread_ordered,
                    self.alone_ordered, raw),
                seen(self.spread_ordered, "least_share", "",
                     f"regression on {NODES} nodes, ordered: least share of the rows parsed by one"),
                seen(self.spread, "seconds", "s"), seen(self.alone, "seconds", "s")]

    def error(self):
        made = row(f"regression on {NODES} nodes: error of the coefficients", None, "",
                   self.alone.label, must="<= 1e-09", note=notes(self.spread, self.alone))
        exact = self.alone.last("text")
        found = self.spread.values("text")
        if exact and found:
            made["figure"] = max(relative_error(text, exact) for text in found)
            made["holds"] = made["figure"] <= 1e-9
        return with_commands(made, self.spread, self.alone)

    def same_bytes(self):
        made = row(f"regression on {NODES} nodes, ordered: different bytes", None, "",
                   self.alone_ordered.label, must="none",
                   note=notes(self.spread_ordered, self.alone_ordered))
        exact = self.alone_ordered.last("text")
        found = self.spread_ordered.values("text")
        if exact and found:
            made["figure"] = sum(a != b for text in found for a, b in zip(text, exact))
            made["holds"] = all(text == exact for text in found)
        return with_commands(made, self.spread_ordered, self.alone_ordered)


KINDS = (("", False), (", ordered", True))


def relative_error(found, exact):
    found, exact = ([float.fromhex(line) for line in text.split()] for text in (found, exact))
    if len(found) != len(exact):
        return math.inf
    return math.dist(found, exact) / math.hypot(*exact)


def cpu(what, spread, alone, raw):
    """CPU of all processes against one process's and 1.15 times raw Asio's for what crosses."""
    made = row(what, spread.median("cpu"), "s", alone.label, alone.median("cpu"),
               must="<= one process + 1.15 x raw Asio's for the bytes that cross",
               note=notes(spread, alone, raw))
    over = [mine["cpu"] / (one["cpu"] + 1.15 * asio["cpu_per_gb"] * mine["crossing_gb"])
            for mine, one, asio in zip(spread.results, alone.results, raw.results)
            if mine and one and asio and "crossing_gb" in mine]
    if over:
        made["ratio"] = statistics.median(over)
        made["holds"] = made["ratio"] <= 1
    return with_commands(made, spread, alone)
