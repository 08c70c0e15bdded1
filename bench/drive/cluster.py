"""Chunks between two processes on loopback, and a job on three."""

from . import certificates
from .rows import against, no_more, seen, under_bound, within
from .runs import BIN, Program, interleave
from .three import Three

TITLE = "Between processes"
ABOUT = ("Two processes on loopback, all programs in turns in one run. A chunk is one message of the "
         "size named; each sender sends the same 16 in turn, each receiver receives into 16. The "
         "raw Asio peer writes and reads with scatter-gather from one I/O thread a process; it and "
         "CAF compute CRC32C of each payload at both ends, as leat does on plain connections; under "
         "TLS 1.3 nobody does. CAF has 16 chunks in flight and is shown at its best of one and two "
         "scheduler threads. CPU is user and system, of both processes. Round trips are of 64 bytes; "
         "'thread hops' are from the I/O thread to a worker's and back, in both processes, as between "
         "cells. On loopback leat's connections are not paced (Reno); its peers have the system's "
         "congestion control, which the head of this page names, but where a row says unpaced. GB and MB "
         "are 10^9 and 10^6 bytes.")
SIZES = {64 * 1024: "64 KiB", 256 * 1024: "256 KiB", 1024 * 1024: "1 MiB"}
PLAIN_BYTES, TLS_BYTES = 3 << 30, 1 << 30
TURNS = 20_000


def transfers(tls):
    """By size: (leat, the raw Asio peer)."""
    words = ["--tls", certificates.folder()] if tls else []
    name = "TLS" if tls else "plain"
    pairs = {}
    for size, text in SIZES.items():
        moved = ["throughput", "--bytes", size, "--count", (TLS_BYTES if tls else PLAIN_BYTES) // size,
                 *words]
        pairs[size] = (Program(f"leat's links, {text}, {name}", f"{BIN}/leat_links", *moved),
                       Program(f"raw Asio, {text}, {name}", f"{BIN}/raw_asio", *moved))
    return pairs


def caf(size, *words):
    return [Program(f"CAF's network layer, {threads} thread(s)", f"{BIN}/caf_net", "--bytes", size,
                    "--count", PLAIN_BYTES // 2 // size, "--threads", threads, *words)
            for threads in (1, 2)]


def pings(label, program, *words):
    return Program(label, f"{BIN}/{program}", "pingpong", "--count", TURNS, *words)


def round_trips(name, ours, peer):
    return [no_more(f"{name}, {part}", ours, peer, 1.5, f"{part}_us", "µs") for part in ("p50", "p99")]


def measure(rounds):
    plain, tls = transfers(False), transfers(True)
    checked = {size: caf(size, "--crc") for size in SIZES}
    unchecked = caf(256 * 1024)
    unpaced = [Program(f"raw Asio, {text}, plain, unpaced", *plain[size][1].command, "--unpaced")
               for size, text in SIZES.items()]
    links, raw = pings("leat", "leat_links"), pings("raw Asio", "raw_asio")
    threads = [pings("leat, a thread at each end", "leat_links", "--hops", "threads"),
               pings("raw Asio with thread hops", "raw_asio", "--hops", "threads")]
    cells = [Program(f"leat, Cell to Cell, {scheduling}", f"{BIN}/leat_cells", "--count", TURNS,
                     "--scheduling", scheduling) for scheduling in ("stealing", "sharing")]
    full = Program("control round trip over full links", f"{BIN}/leat_control", "--certs",
                   certificates.folder())
    idle = Program("control round trip without chunks", *full.command, "--idle")
    stalled = Program("leat", f"{BIN}/leat_links", "stalled")
    stopped = Program("leat", f"{BIN}/leat_links", "stopped")
    three = Three()
    interleave([*(p for pair in (*plain.values(), *tls.values()) for p in pair),
                *(p for each in checked.values() for p in each), *unchecked, *unpaced, links, raw, *threads,
                *cells, full, idle, stalled, stopped, *three.programs], rounds)
    three.close()
    made = []
    for pairs, name in ((plain, "plain"), (tls, "TLS 1.3")):
        for size, (ours, peer) in pairs.items():
            made.append(against(f"chunks of {SIZES[size]}, {name}", ours, [peer], (">=", 0.9),
                                "gb_per_second", "GB/s"))
            if pairs is plain:
                made.append(against(f"chunks of {SIZES[size]}, {name}, against CAF", ours,
                                    checked[size], (">=", 1.25), "gb_per_second", "GB/s"))
            made.append(no_more(f"CPU per GB, {SIZES[size]}, {name}", ours, peer, 1.15, "cpu_per_gb",
                                "s/GB"))
    made += round_trips("64 B, Link to Link", links, raw)
    made += round_trips("64 B, Cell to Cell", cells[0], threads[1])
    made.append(within("control round trip over full links: p99", full, "p99_us", "µs",
                       ("<=", 5000)))
    made.append(within("200 links, one consumer stopped: rate the others keep", stalled, "kept", "",
                       (">=", 0.95)))
    made.append(under_bound("receiver stopped with SIGSTOP: sender's peak RSS", stopped))
    made += three.rows(plain[256 * 1024][1])
    made += [seen(full, "bulk_gb_per_second", "GB/s", "chunks beside those control round trips"),
             seen(idle, "p99_us", "µs", "control round trip without chunks: p99")]
    made += [seen(each, "p50_us", "µs", f"64 B, {each.label}: p50") for each in (threads[0], cells[1])]
    for each in unpaced:
        made += [seen(each, "gb_per_second", "GB/s"), seen(each, "cpu_per_gb", "s/GB", f"{each.label}: CPU per GB")]
    return made + [against("chunks of 256 KiB, plain, against CAF without checksums",
                           plain[256 * 1024][0], unchecked, None, "gb_per_second", "GB/s")]
