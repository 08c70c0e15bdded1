"""Tables as people use them: words, groups, the top, JSON into SQLite, against loops by hand, DuckDB and Polars."""

from pathlib import Path

from . import same
from .lines import events
from .rows import against, no_more, seen, under_bound, within
from .runs import BIN, OUT, ROOT, Program, interleave, leat, node, one_run, warm

TITLE = "Word count, and a narrow CSV file (10 M x 5) read, grouped, and its top"
ABOUT = ("Two threads, files in the page cache, types declared to every program. The loop that counts words is one "
         "thread with a std::unordered_map; it is compared by CPU seconds. DuckDB's own table is a database file whose "
         "pages it has in memory; ours is a table file in the page cache. The narrow file's rows are hour, delay, "
         "distance, fare, state.")
LINES = {"examples/words/words.cpp": 12, "examples/delays/delays.cpp": 25, "examples/toml/delays.toml": 30}


def made(what, *options):
    """An input, made once."""
    path = f"build/bench/data/tables-{what}"
    if not (ROOT / path).exists():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        print(f"  making {path}", flush=True)
        _, problem = one_run([f"{BIN}/make_tables", "--what", what, *options, path])
        if problem:
            print(f"  {problem}", flush=True)
    warm(path)
    return path


def stored(data):
    """The same rows as a table file, written by leat."""
    path = f"{data}.tables"
    if not (ROOT / path).exists():
        _, problem = one_run(leat("store", "--data", data, "--out", path))
        if problem:
            print(f"  {problem}", flush=True)
    warm(path)
    return path


def peers(mode, data):
    return [Program("DuckDB", *node("tables_duckdb.mjs", "--data", data, "--mode", mode, "--threads", 2)),
            Program("Polars", *node("tables_polars.mjs", "--data", data, "--mode", mode, "--threads", 2))]


def hand(mode, data):
    return Program("limit: a loop by hand", f"{BIN}/tables_hand", mode, "--data", data)


class Afresh(Program):
    """One that writes a database that is not there."""

    def __init__(self, label, *command, out):
        self.out = out
        super().__init__(label, *command, "--out", out)

    def run(self):
        for name in (self.out, Path(f"{self.out}-journal")):
            name.unlink(missing_ok=True)
        super().run()


def words(rounds, data):
    count = Program("leat", *leat("words", "--data", data))
    loop, polars = hand("words", data), peers("words", data)[1]
    interleave([count, loop, polars], rounds)
    return [against("word count, 100 MB, per CPU second, against a loop with a hash map", count, [loop], (">=", 0.7),
                    "cpu_seconds", "s", higher=False),
            against("word count, 100 MB, against Polars", count, [polars], (">=", 1.0), "seconds", "s", higher=False),
            under_bound("word count: peak RSS under its bound", count)]


def from_csv(rounds, data, mode, must):
    ours = Program("leat", *leat("hours" if mode == "groups" else mode, "--data", data))
    others = peers(mode, data)
    limits = [hand(mode, data)] if mode != "top" else []
    interleave([ours, *others, *limits], rounds)
    what = {"narrow": "the narrow CSV file to Tables", "groups": "by hour and band, from CSV", "top": "top 20, from CSV"}[mode]
    return [against(f"{what}, against the better of DuckDB and Polars", ours, others, (">=", must), "seconds", "s",
                    higher=False),
            *(against(f"{what}, against a loop by hand", ours, [limit], (">=", 0.9) if mode == "narrow" else None,
                      "seconds", "s", higher=False) for limit in limits),
            under_bound(f"{what}: peak RSS under its bound", ours),
            *(seen(other, "seconds", "s", f"{what}: {other.label}") for other in others)]


def from_tables(rounds, data, mode):
    ours = Program("leat", *leat("hours" if mode == "groups" else mode, "--data", stored(data)))
    theirs = peers(f"table-{mode}", data)[0]
    interleave([ours, theirs], rounds)
    what = {"groups": "by hour and band, from a table file", "top": "top 20, from a table file"}[mode]
    return [against(f"{what}, against DuckDB's own table", ours, [theirs], (">=", 0.8), "seconds", "s", higher=False),
            no_more(f"{what}: peak RSS", ours, theirs, 0.33, "peak_rss_mb", "MB"),
            under_bound(f"{what}: peak RSS under its bound", ours)]


def into_sqlite(rounds):
    data = events()
    warm(data)
    ours = Afresh("leat", *leat("json-sqlite", "--data", data), out=OUT / "events.db")
    loop = Afresh("simdjson and a prepared statement", f"{BIN}/json_sqlite_hand", "--data", data, out=OUT / "events-hand.db")
    interleave([ours, loop], rounds)
    return [against("JSON lines into SQLite, 1 M", ours, [loop], (">=", 0.8), "seconds", "s", higher=False),
            under_bound("JSON lines into SQLite: peak RSS under its bound", ours)]


def of_texts(rounds):
    view = Program("leat", *leat("texts"))
    interleave([view], rounds)
    return [within("a cell of a column of texts, beyond the work", view, "beyond_ns", "ns", ("<=", 1))]


def written_lines():
    """Lines as clang-format leaves them, without comments and blank ones."""
    def lines(path):
        text = (ROOT / path).read_text(encoding="utf-8").splitlines()
        return sum(1 for line in text if line.strip() and not line.lstrip().startswith(("//", "# ")))
    return [same.row_of(f"lines of {path}", lines(path), most) for path, most in LINES.items()]


def measure(rounds):
    OUT.mkdir(parents=True, exist_ok=True)
    text = made("words", "--rows", "1000000000", "--bytes", "100000000")
    flights = made("flights", "--rows", "10000000")
    rows = words(rounds, text)
    for mode, must in (("narrow", 1.8), ("groups", 1.3), ("top", 1.3)):
        rows += from_csv(rounds, flights, mode, must)
    for mode in ("groups", "top"):
        rows += from_tables(rounds, flights, mode)
    return rows + into_sqlite(rounds) + of_texts(rounds) + same.results(text, flights, events()) + written_lines()
