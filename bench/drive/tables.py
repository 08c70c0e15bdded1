"""Tables as people use them: words, groups, the top, against a loop by hand, DuckDB and Polars."""

from .rows import against, seen, under_bound
from .runs import BIN, OUT, ROOT, Program, interleave, leat, node, one_run, warm

TITLE = "Word count, and a narrow CSV file (10 M x 5) read, grouped, and its top"
ABOUT = ("Two threads, files in the page cache, types declared to every program. The loop that counts words is one "
         "thread with a std::unordered_map; it is compared by CPU seconds.")


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


def peers(mode, data):
    return [Program("DuckDB", *node("tables_duckdb.mjs", "--data", data, "--mode", mode, "--threads", 2)),
            Program("Polars", *node("tables_polars.mjs", "--data", data, "--mode", mode, "--threads", 2))]


def hand(mode, data):
    return Program("limit: a loop by hand", f"{BIN}/tables_hand", mode, "--data", data)


def measure(rounds):
    OUT.mkdir(parents=True, exist_ok=True)
    words = made("words", "--bytes", "100000000")
    flights = made("flights", "--rows", "10000000")
    rows = []

    count = Program("leat", *leat("words", "--data", words))
    loop, polars = hand("words", words), peers("words", words)[1]
    interleave([count, loop, polars], rounds)
    rows += [against("word count, 100 MB, per CPU second, against a loop with a hash map", count, [loop], (">=", 0.7),
                     "cpu_seconds", "s", higher=False),
             against("word count, 100 MB, against Polars", count, [polars], (">=", 1.0), "seconds", "s", higher=False),
             under_bound("word count: peak RSS under its bound", count)]

    for mode, must in (("narrow", 1.8), ("groups", 1.3), ("top", 1.3)):
        ours = Program("leat", *leat("hours" if mode == "groups" else mode, "--data", flights))
        others = peers(mode, flights)
        limits = [hand(mode, flights)] if mode != "top" else []
        interleave([ours, *others, *limits], rounds)
        rows.append(against(f"{mode}, against the better of DuckDB and Polars", ours, others, (">=", must), "seconds",
                            "s", higher=False))
        rows += [against(f"{mode}, against a loop by hand", ours, [limit], (">=", 0.9) if mode == "narrow" else None,
                         "seconds", "s", higher=False) for limit in limits]
        rows.append(under_bound(f"{mode}: peak RSS under its bound", ours))
        rows += [seen(other, "seconds", "s") for other in others]
    return rows
