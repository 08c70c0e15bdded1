"""CSV to a linear model."""

import math
import statistics

from .rows import COMPARE, against, notes, row, seen, with_commands, within
from .runs import BIN, Program, data_file, interleave, leat, node, warm

TITLE = "The same file to a linear model"
ABOUT = ("All rows, no hold-out, no ridge; f32 cells. The reference is a Householder QR in f64 of "
         "the same f32 values; the error is the norm of the difference of [intercept, "
         "coefficients] over the norm of the reference. pandas is given float32 too when that is "
         "faster.")
ROWS, MORE_ROWS = 1_000_000, 3_000_000


def relative_error(found, reference):
    if len(found) != len(reference):
        return math.inf
    gap = math.sqrt(sum((a - b) ** 2 for a, b in zip(found, reference)))
    return gap / math.sqrt(sum(b * b for b in reference))


def accuracy(ours, reference):
    """The worst error of all runs against the reference."""
    made = row("error of the coefficients", None, "", reference.label, must="<= 1e-06",
               note=notes(ours, reference))
    exact = reference.last("coefficients")
    found = ours.values("coefficients")
    if exact and found:
        made["figure"] = max(relative_error(each, exact) for each in found)
        made["holds"] = made["figure"] <= 1e-6
    return with_commands(made, ours, reference)


def over_parse(ours, parse):
    """Seconds to the model over seconds of the parse alone, in the same rounds."""
    made = row("time over the parse alone", ours.median("seconds"), "s", parse.label,
               parse.median("seconds"), must="time / parse <= 1.3",
               note=notes(ours, parse))
    found = [a["seconds"] / b["seconds"] for a, b in zip(ours.results, parse.results) if a and b]
    if found:
        made["ratio"] = statistics.median(found)
        made["holds"] = COMPARE["<="](made["ratio"], 1.3)
    return with_commands(made, ours, parse)


def model_of(label, data):
    return Program(label, *leat("model", "--data", data, "--threads", 2))


def measure(rounds):
    data, more = data_file(ROWS), data_file(MORE_ROWS)
    warm(data)
    ours, larger = model_of("leat", data), model_of("leat, three times the rows", more)
    parse = Program("leat, the parse alone", *leat("csv", "--data", data, "--threads", 2))
    python = ["/usr/bin/python3", "bench/pandas_sklearn.py", "--data", data]
    pandas = [Program("pandas + scikit-learn", *python),
              Program("pandas + scikit-learn, float32", *python, "--f32")]
    duckdb = Program("DuckDB's sums", *node("duckdb.mjs", "--data", data, "--mode", "gram",
                                            "--threads", 2))
    reference = Program("QR in f64", f"{BIN}/qr_reference", "--data", data, "--f32")
    interleave([ours, parse, *pandas, duckdb], rounds)
    interleave([reference, larger], 1)
    return [
        against("CSV to a model, against pandas + scikit-learn", ours, pandas, (">=", 4),
                "seconds", "s", higher=False),
        against("CSV to a model, against DuckDB's sums", ours, [duckdb], (">=", 3), "seconds",
                "s", higher=False),
        accuracy(ours, reference),
        over_parse(ours, parse),
        within("peak RSS, 1 M rows", ours, "peak_rss_mb", "MB", ("<=", 64), worst=True),
        within("peak RSS, 3 M rows", larger, "peak_rss_mb", "MB", ("<=", 64), worst=True),
        *[seen(each, "seconds", "s") for each in (*pandas, duckdb)],
    ]
