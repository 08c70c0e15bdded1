"""Four stages over 256 KiB chunks: chained and isolated, kernels read and make."""

from .rows import against, same_work, seen, within
from .runs import BIN, Program, interleave, leat

TITLE = "Four stages over 256 KiB chunks"
ABOUT = ("A source fills each chunk, four stages run the kernel on it: *read* sums every byte, "
         "*make* writes a new chunk. oneTBB's source filter is serial; its stages are serial in "
         "order or parallel, as each row says. Peers reuse their buffers.")
CHUNKS = 100_000
PLAIN_CHUNKS = 8_000  # unbounded: all of them can be resident at once, about 2 GB


def pipelines(kernel, filters):
    """oneTBB at one and two threads, with two and four chunks in flight."""
    return [Program(f"oneTBB parallel_pipeline, {filters}, {threads} thread(s), {tokens} in flight",
                    f"{BIN}/tbb_pipeline", "--kernel", kernel, "--filters", filters,
                    "--threads", threads, "--tokens", tokens, "--source", "fill",
                    "--chunks", CHUNKS)
            for threads, tokens in ((1, 4), (2, 2), (2, 4))]


def fused(kernel):
    return [Program(f"limit: fused loop, *{kernel}*, {threads} thread(s)", f"{BIN}/fused_loop",
                    "--kernel", kernel, "--source", "fill", "--threads", threads,
                    "--chunks", CHUNKS) for threads in (1, 2)]


def ours(kernel, mode):
    return Program(f"leat, {mode}, *{kernel}*", *leat("stages", "--kernel", kernel, "--mode", mode,
                                                   "--chunks", CHUNKS, "--threads", 2))


def caf(label, *words):
    return [Program(f"{label}, {threads} thread(s)", f"{BIN}/caf_plain", "--threads", threads,
                    "--chunks", PLAIN_CHUNKS, *words) for threads in (1, 2)]


def measure(rounds):
    chained, isolated = ours("read", "chained"), ours("read", "isolated")
    make = ours("make", "chained")
    serial, parallel = pipelines("read", "serial"), pipelines("read", "parallel")
    serial_make, parallel_make = pipelines("make", "serial"), pipelines("make", "parallel")
    plain = caf("one plain CAF message per stage")
    window = caf("CAF, 16 in flight and buffers reused by hand", "--window", 16,
                 "--buffers", "reused")
    limits = fused("read") + fused("make")
    interleave([chained, isolated, make, *serial, *parallel, *serial_make, *parallel_make,
                *plain, *window, *limits], rounds)
    return [
        same_work(against("chained, *read*, against serial-in-order filters", chained, serial,
                          (">=", 1.2)), chained, serial[0]),
        same_work(against("chained, *read*, against parallel filters", chained, parallel,
                          (">=", 0.9)), chained, parallel[0]),
        same_work(against("chained, *make*", make, serial_make + parallel_make, (">=", 0.9)),
                  make, serial_make[0]),
        same_work(against("every stage isolated, *read*", isolated, serial + parallel,
                          (">=", 0.5)), isolated, serial[0]),
        against("every stage isolated, *read*, against plain CAF", isolated, plain, (">=", 2)),
        within("every stage isolated, *read*: peak RSS", isolated, "peak_rss_mb", "MB",
               ("<=", 40), worst=True),
        against("every stage isolated, *read*, against CAF with a window by hand", isolated,
                window, None),
        *[seen(limit) for limit in limits],
    ]
