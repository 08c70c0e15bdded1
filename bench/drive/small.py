"""Three million eight-byte chunks, each its own message."""

from .rows import against, seen, within
from .runs import BIN, Program, interleave, leat

TITLE = "Eight-byte chunks, each its own message"
ABOUT = ("Three million chunks of eight bytes through four stages. oneTBB carries them by value, "
         "without allocating.")
CHUNKS = 3_000_000


def pipeline(threads, filters, tokens):
    return Program(f"oneTBB parallel_pipeline, {filters}, {threads} thread(s), {tokens} in flight",
                   f"{BIN}/tbb_pipeline", "--kernel", "small", "--filters", filters, "--threads",
                   threads, "--tokens", tokens, "--chunks", CHUNKS)


def measure(rounds):
    chained = Program("leat, chained", *leat("small", "--mode", "chained", "--chunks", CHUNKS))
    isolated = Program("leat, isolated", *leat("small", "--mode", "isolated", "--chunks", CHUNKS))
    two = [pipeline(2, "serial", tokens) for tokens in (2, 4, 16)]
    others = [pipeline(1, "serial", 4), pipeline(1, "parallel", 8), pipeline(2, "parallel", 4)]
    interleave([chained, isolated, *two, *others], rounds)
    return [
        within("four chained stages", chained, "per_second", "/s", (">=", 5_000_000)),
        against("four chained stages, against serial-in-order filters on two threads", chained,
                two, (">=", 1.5)),
        within("between Cells", isolated, "per_second", "/s", (">=", 2_500_000)),
        *[seen(other) for other in others],
    ]
