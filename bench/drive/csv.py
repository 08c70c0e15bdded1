"""CSV to f32 Tables."""

from .rows import against, seen, within
from .runs import BIN, Program, data_file, interleave, leat, node, warm

TITLE = "CSV, 1 M rows x 50 floats, to f32 Tables"
ABOUT = ("About 480 MB in the page cache, two threads, types declared to every program. leat and "
         "the hand-written loop drop the columns; DuckDB and Polars each at their better of "
         "keeping the columns and of one sum per column.")
ROWS = 1_000_000


def engines(data):
    """DuckDB and Polars, each both ways."""
    return [Program(f"DuckDB, {mode}", *node("duckdb.mjs", "--data", data, "--mode", mode,
                                             "--threads", 2)) for mode in ("table", "sums")] + \
           [Program(f"Polars, {mode}", *node("polars.mjs", "--data", data, "--mode", mode,
                                             "--threads", 2)) for mode in ("frame", "sums")]


def measure(rounds):
    data = data_file(ROWS)
    warm(data)
    ours = Program("leat", *leat("csv", "--data", data, "--threads", 2))
    hand = Program("limit: hand-written pread + fast_float loop", f"{BIN}/csv_hand", "--data",
                   data, "--threads", 2)
    others = engines(data)
    interleave([ours, hand, *others], rounds)
    return [
        against("CSV to Tables, against the best of DuckDB and Polars", ours, others, (">=", 1.8),
                "seconds", "s", higher=False),
        against("CSV to Tables, against the hand-written loop", ours, [hand], (">=", 0.9),
                "seconds", "s", higher=False),
        within("CSV to Tables, chunks dropped: peak RSS", ours, "peak_rss_mb", "MB", ("<=", 48),
               worst=True),
        *[seen(other, "seconds", "s") for other in others],
    ]
