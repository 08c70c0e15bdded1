"""A consumer that takes 1 ms per chunk: who stays small?"""

from .rows import seen, under_bound, within
from .runs import BIN, Program, interleave, leat

TITLE = "A consumer at 1 ms per chunk"
ABOUT = ("Four stages over 256 KiB chunks, the last one busy for 1 ms with each. MB are 10^6 "
         "bytes, the largest of all runs (VmHWM). The unbounded peers grow with the number of "
         "chunks.")
CHUNKS = 3_000


def measure(rounds):
    ours = Program("leat", *leat("slow", "--chunks", CHUNKS))
    flow = Program("oneTBB flow graph, unbounded", f"{BIN}/tbb_flow", "--chunks", CHUNKS)
    caf = Program("one plain CAF message per stage", f"{BIN}/caf_plain", "--chunks", CHUNKS,
                  "--delay-us", 1000)
    interleave([ours, flow, caf], rounds)
    return [
        within("peak RSS", ours, "peak_rss_mb", "MB", ("<=", 40), peer=flow, worst=True),
        under_bound("peak RSS under the planned bound", ours),
        seen(flow, "peak_rss_mb", "MB"),
        seen(caf, "peak_rss_mb", "MB"),
        seen(ours, "per_second", "/s"),
    ]
