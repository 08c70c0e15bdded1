"""Rows of the benchmark `tables` that say whether results are the same: by hand, in one process, on three nodes."""

import sqlite3
import subprocess

from .nodes import Cluster, environment
from .rows import row
from .runs import BIN, OUT, ROOT

NODES = 3
LEAT = f"{BIN}/leat"

READ_FLIGHTS = """{ name = "read", kind = "csv.blocks", path = "%s" },
  { name = "parse", kind = "csv.parse", from = "read", replicas = 3 },"""
GRAPHS = {
    "words": """{ name = "read", kind = "text.lines", path = "%s" },
  { name = "split", kind = "explode", from = "read", column = "line", replicas = 3 },
  { name = "count", kind = "group", from = "split", by = ["line"], columns = ["words = count()"], replicas = 3 },
  { name = "write", kind = "csv.write", from = "count", path = "%s" }""",
    "groups": READ_FLIGHTS + """
  { name = "band", kind = "compute", from = "parse", columns = ["band = distance // 500"], replicas = 3 },
  { name = "group", kind = "group", from = "band", by = ["hour", "band"], columns = ["flights = count()", "mean = mean(delay)"], replicas = 3 },
  { name = "write", kind = "csv.write", from = "group", path = "%s" }""",
    "json": """{ name = "read", kind = "json.blocks", path = "%s" },
  { name = "parse", kind = "json.parse", from = "read", replicas = 3 },
  { name = "write", kind = "sqlite.write", from = "parse", path = "%s", table = "events" }""",
}


def row_of(what, figure, most):
    return row(what, figure, "", must=f"<= {most}", holds=figure <= most)


def content(path):
    """Rows of a database, in the order of their ids; else the bytes."""
    if path.suffix != ".db":
        return path.read_bytes()
    with sqlite3.connect(path) as database:
        return database.execute("SELECT * FROM events ORDER BY id").fetchall()


def ran(command):
    done = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True, check=False, env=environment())
    return f"'{command[0]}' ended with {done.returncode}: {done.stderr.strip()[-300:]}" if done.returncode else ""


def by_leat(mode, data, out, where):
    graph = OUT / f"same-{mode}.toml"
    graph.write_text(f'name = "{mode}"\nsentence = "A result to compare."\nstage = [\n  {GRAPHS[mode] % (data, out)}\n]\n',
                     encoding="utf-8")
    return ran([LEAT, "run", graph, "--quiet", *where])


def by_hand(mode, data, out):
    if mode == "json":
        return ran([f"{BIN}/json_sqlite_hand", "--data", data, "--out", out])
    return ran([f"{BIN}/tables_hand", mode, "--data", data, "--out", out])


def compared(mode, data, cluster):
    """A row for one process and one for the nodes: how many of them give something else than the program by hand."""
    suffix = "db" if mode == "json" else "csv"
    outs = {name: OUT / f"same-{mode}-{name}.{suffix}" for name in ("hand", "one", "three")}
    for out in outs.values():
        out.unlink(missing_ok=True)
    problems = {"hand": by_hand(mode, data, outs["hand"]), "one": by_leat(mode, data, outs["one"], []),
                "three": by_leat(mode, data, outs["three"], ["--cluster", cluster.address, "--nodes", NODES])}
    for name, where in (("one", "in one process"), ("three", f"on {NODES} nodes")):
        problem = problems["hand"] or problems[name]
        made = row(f"{mode} {where}: other results than by hand", None, "", must="0", note=problem)
        if not problem:
            made["figure"] = int(content(outs[name]) != content(outs["hand"]))
            made["holds"] = made["figure"] == 0
        yield made


def results(words, flights, events):
    cluster = Cluster(NODES, LEAT)
    try:
        return [made for mode, data in (("words", words), ("groups", flights), ("json", events))
                for made in compared(mode, data, cluster)]
    finally:
        cluster.stop()
