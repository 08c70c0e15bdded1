"""From execve to the first chunk at the sink."""

from .rows import within
from .runs import Program, interleave, leat, warm

TITLE = "execve to the first chunk at the sink"
ABOUT = "`regression` on the shipped flights, warm cache, the median of 20 starts."
DATA = "examples/data/flights-200k.csv"


def measure(_rounds):
    warm(DATA)
    ours = Program("leat", *leat("start", "--data", DATA))
    interleave([ours], 1)
    return [within("first chunk at the sink", ours, "median_ms", "ms", ("<", 50))]
