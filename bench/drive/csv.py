"""CSV to f32 Tables."""

import subprocess

from .rows import against, seen, within
from .runs import BIN, ROOT, Program, data_file, interleave, leat, node, warm

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


def packed(data, ending):
    """The file as gzip -6 or zstd -3 packs it, made once; its path from the root of the repository."""
    path = f"{data}.{ending}"
    if not (ROOT / path).exists():
        print(f"  making {path}", flush=True)
        words = ["gzip", "--keep", data] if ending == "gz" else [f"{BIN}/unpack_alone", "--data", data, "--make", path]
        subprocess.run(words, cwd=ROOT, check=True)
    return path


def of_packed(data, ending, library, rounds):
    """Packed CSV to Tables, against what the library does by itself."""
    path = packed(data, ending)
    warm(path)
    ours = Program(f"leat, {ending}", *leat("csv", "--data", path, "--threads", 2))
    alone = Program(f"limit: {library} alone, to nowhere", f"{BIN}/unpack_alone", "--data", path)
    interleave([ours, alone], rounds)
    return against(f"CSV to Tables, .{ending}, against the decompressor's own speed", ours, [alone], (">=", 0.9),
                   "seconds", "s", higher=False)


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
        *[of_packed(data, ending, library, rounds) for ending, library in (("gz", "ISA-L"), ("zst", "zstd"))],
        *[seen(other, "seconds", "s") for other in others],
    ]
