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


def most_over_parse():
    """With AVX-512 the sums of products in double-double take half as long as with AVX2."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return 1.2 if "avx512dq" in file.read() else 1.3


def over_parse(numbers, ours, parse):
    """Seconds to the model over seconds of the parse alone, in the same rounds."""
    most = most_over_parse()
    made = row(f"time over the parse alone, {numbers}", ours.median("seconds"), "s", parse.label,
               parse.median("seconds"), must=f"time / parse <= {most}",
               note=notes(ours, parse))
    found = [a["seconds"] / b["seconds"] for a, b in zip(ours.results, parse.results) if a and b]
    if found:
        made["ratio"] = statistics.median(found)
        made["holds"] = COMPARE["<="](made["ratio"], most)
    return with_commands(made, ours, parse)


def model_of(label, data, numbers="f32"):
    return Program(label, *leat("model", "--data", data, "--threads", 2, "--numbers", numbers))


def parse_of(label, data, numbers="f32"):
    return Program(label, *leat("csv", "--data", data, "--threads", 2, "--numbers", numbers))


def measure(rounds):
    data, more = data_file(ROWS), data_file(MORE_ROWS)
    warm(data)
    ours, larger = model_of("leat", data), model_of("leat, three times the rows", more)
    parse = parse_of("leat, the parse alone", data)
    wide, wide_parse = model_of("leat, f64", data, "f64"), parse_of("leat, the parse alone, f64", data, "f64")
    python = ["/usr/bin/python3", "bench/pandas_sklearn.py", "--data", data]
    pandas = [Program("pandas + scikit-learn", *python),
              Program("pandas + scikit-learn, float32", *python, "--f32")]
    duckdb = Program("DuckDB's sums", *node("duckdb.mjs", "--data", data, "--mode", "gram",
                                            "--threads", 2))
    reference = Program("QR in f64", f"{BIN}/qr_reference", "--data", data, "--f32")
    interleave([ours, parse, wide, wide_parse, *pandas, duckdb], rounds)
    interleave([reference, larger], 1)
    return [
        against("CSV to a model, against pandas + scikit-learn", ours, pandas, (">=", 4),
                "seconds", "s", higher=False),
        against("CSV to a model, against DuckDB's sums", ours, [duckdb], (">=", 3), "seconds",
                "s", higher=False),
        accuracy(ours, reference),
        over_parse("f32", ours, parse),
        over_parse("f64", wide, wide_parse),
        within("peak RSS, 1 M rows", ours, "peak_rss_mb", "MB", ("<=", 64), worst=True),
        within("peak RSS, 3 M rows", larger, "peak_rss_mb", "MB", ("<=", 64), worst=True),
        *[seen(each, "seconds", "s") for each in (*pandas, duckdb)],
    ]
