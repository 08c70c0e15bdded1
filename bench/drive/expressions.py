"""compute, where and explode, against the same as functions over spans."""

from .rows import seen, within
from .runs import Program, interleave, leat

TITLE = "expressions against functions over spans"
ABOUT = ("`compute` and `where` with three terms on chunks of 6,000 rows of four f64, and the same as loops over spans "
         "that make the same tables; the words of lines by `explode`, to Tables. One thread, in turns in one process, the "
         "best of 20 rounds.")


def measure(rounds):
    ours = Program("leat", *leat("expressions"))
    interleave([ours], rounds)
    return [
        within("compute, three terms, against a function", ours, "compute_ratio", "x", (">=", 0.7)),
        within("where, three terms, against a function", ours, "where_ratio", "x", (">=", 0.7)),
        seen(ours, "explode_mb_per_s", "MB/s"),
        seen(ours, "words_by_hand_mb_per_s", "MB/s"),
    ]
