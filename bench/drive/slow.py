"""A consumer that takes 1 ms per chunk: who stays small?"""

from .rows import notes, row, seen, with_commands, within
from .runs import BIN, Program, interleave, leat

TITLE = "A consumer at 1 ms per chunk"
ABOUT = ("Four stages over 256 KiB chunks, the last one busy for 1 ms with each. MB are 10^6 "
         "bytes, the largest of all runs (VmHWM). The unbounded peers grow with the number of "
         "chunks.")
CHUNKS = 3_000


def under_bound(ours):
    """Peak RSS against the bound that the plan printed before the run."""
    peak, bound = ours.values("peak_rss_mb"), ours.values("bound_mb")
    made = row("peak RSS under the planned bound", max(peak, default=None), "MB",
               "planned bound", min(bound, default=None), must="figure <= planned bound",
               note=notes(ours))
    if peak and bound:
        made["holds"] = max(peak) <= min(bound)
        made["ratio"] = min(bound) / max(peak)
    return with_commands(made, ours)


def measure(rounds):
    ours = Program("leat", *leat("slow", "--chunks", CHUNKS))
    flow = Program("oneTBB flow graph, unbounded", f"{BIN}/tbb_flow", "--chunks", CHUNKS)
    caf = Program("one plain CAF message per stage", f"{BIN}/caf_plain", "--chunks", CHUNKS,
                  "--delay-us", 1000)
    interleave([ours, flow, caf], rounds)
    return [
        within("peak RSS", ours, "peak_rss_mb", "MB", ("<=", 40), peer=flow, worst=True),
        under_bound(ours),
        seen(flow, "peak_rss_mb", "MB"),
        seen(caf, "peak_rss_mb", "MB"),
        seen(ours, "per_second", "/s"),
    ]
