"""A job with checkpoints on three nodes of this machine, of which one is killed or stopped, or the coordinator; and what
checkpoints cost a job that nothing happens to."""

import json
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from .rows import row
from .runs import BIN, OUT, ROOT, cpu_of_children, warm

TITLE = "What crashes comes back"
ABOUT = ("`examples/regression` over flights written out many times, a checkpoint every 100 ms. A time is from the kill, or the"
         " coordinator's start, until it has begun anew and whoever looks sees more rows than there were (progress is told five times a second). Of what"
         " checkpoints cost, each pair is two runs one after the other, in turns, one thread.")
PROGRAM = ROOT / BIN / "regression"
FLIGHTS = ROOT / "examples/data/flights-200k.csv"
NODES = ("node-1", "node-2", "node-3")
DEAD_AFTER = 3  # seconds of silence


def flights(copies):
    """As many times the flights in one file, made once."""
    path = OUT / f"data/flights-x{copies}.csv"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        header, rows = FLIGHTS.read_bytes().split(b"\n", 1)
        with open(path, "wb") as file:
            file.write(header + b"\n")
            for _ in range(copies):
                file.write(rows)
    warm(path)
    return path


class Job:
    """A coordinator, three nodes and a job on them."""

    def __init__(self, data):
        self.at = Path(tempfile.mkdtemp(prefix="leat-recovery-"))
        self.environment = {**os.environ, "LEAT_STATE": str(self.at / "state")}
        self.processes, self.rows = {}, []
        self.address = "127.0.0.1:0"
        self.coordinator()
        for name in NODES:
            self.node(name)
        self.start("run", "run", "--data", data, "--out", "model.bin", "--cluster", self.address, "--nodes", "3",
                   "--checkpoints", "kept", "--every", "100ms", "--json")
        threading.Thread(target=self.read, args=(self.processes["run"].stdout,), daemon=True).start()

    def start(self, name, *words):
        with open(self.at / f"{name}.err", "ab") as err:
            self.processes[name] = subprocess.Popen([PROGRAM, *words], cwd=self.at, env=self.environment, stdout=subprocess.PIPE, stderr=err, text=True)
        return self.processes[name].stdout

    def coordinator(self):
        self.address = self.start("coordinator", "coordinator", "--listen", self.address).readline().split()[-1]

    def node(self, name):
        self.start(name, "node", "--join", self.address, "--name", name, "--cpus", "1", "--join-within", "60").readline()

    # Each with when it was said; counts of an epoch go on from those of the one before.
    def read(self, lines):
        for line in lines:
            said = json.loads(line)
            if said.get("type") == "progress":
                self.rows.append((time.monotonic(), said["rows"], said["bytes"]))

    def until(self, holds):
        """Waits until what was said last holds, and returns when that was."""
        while not (self.rows and holds(*self.rows[-1])):
            if self.processes["run"].poll() is not None:
                raise RuntimeError("the job has ended too early: " + (self.at / "run.err").read_text(encoding="utf-8"))
            time.sleep(0.002)
        return self.rows[-1][0]

    def under_way(self, bytes_done):
        while not (self.at / "kept/journal/0000000002").exists():
            time.sleep(0.002)
        self.until(lambda _, __, done: done >= bytes_done)

    def flows_again(self, since):
        """Seconds from then until the job has begun anew and rows flow: more than there were, or than it was told of first. Those
        of a stopped node's neighbours flow for a while, beyond the checkpoint that it goes on from."""
        said = self.at / "run.err"
        while "begins anew" not in said.read_text(encoding="utf-8"):
            if self.processes["run"].poll() is not None:
                raise RuntimeError("the job has ended without beginning anew: " + said.read_text(encoding="utf-8"))
            time.sleep(0.002)
        anew, had = time.monotonic(), self.rows[-1][1]
        first = []

        def flow(when, rows, _):
            if when <= anew:
                return False
            first.append(rows)
            return rows > min(had, first[0])
        return self.until(flow) - since

    def close(self):
        for process in self.processes.values():
            process.kill()
            process.wait()
        shutil.rmtree(self.at)


def hit(data, bytes_done, strike):
    job = Job(data)
    try:
        job.under_way(bytes_done)
        return strike(job)
    finally:
        job.close()


def kill_node(job):
    began = time.monotonic()
    job.processes["node-2"].kill()
    return job.flows_again(began)


def stop_node(job):
    began = time.monotonic()
    job.processes["node-2"].send_signal(signal.SIGSTOP)
    return job.flows_again(began)


def kill_coordinator(job):
    job.processes["coordinator"].kill()
    job.processes["coordinator"].wait()
    began = time.monotonic()
    job.coordinator()
    return job.flows_again(began)


def times(what, found, median_most=None, p95_most=None):
    found = sorted(found)
    median, p95 = statistics.median(found), found[min(len(found) - 1, int(0.95 * len(found)))]
    made = []
    if median_most:
        made.append(row(f"{what}: median of {len(found)}", median, "s", must=f"< {median_most} s", holds=median < median_most))
    if p95_most:
        made.append(row(f"{what}: p95 of {len(found)}", p95, "s", must=f"< {p95_most} s", holds=p95 < p95_most))
    return made


def rows_per_cpu_second(data, kept, every):
    shutil.rmtree(kept, ignore_errors=True)
    more = ["--checkpoints", kept, "--every", every] if every else []
    before = cpu_of_children()
    done = subprocess.run([PROGRAM, "run", "--data", data, "--out", OUT / "recovery.model", "--threads", "1", "--json", *more],
                          check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])["rows"] / (cpu_of_children() - before)


def costs(data, every, least, pairs):
    kept, found = OUT / "recovery-kept", []
    for turn in range(pairs):
        order = [every, None] if turn % 2 else [None, every]
        seen = {one: rows_per_cpu_second(data, kept, one) for one in order}
        found.append(seen[every] / seen[None])
    found.sort()
    ratio = statistics.median(found)
    made = row(f"CSV to model, a checkpoint every {every}: rows a CPU second against none, {pairs} pairs [{found[0]:.3f}, {found[-1]:.3f}]", ratio, "",
               must=f">= {least}", holds=ratio >= least)
    return made


def measure(rounds):
    pairs = max(9, rounds)
    OUT.mkdir(parents=True, exist_ok=True)
    short, long = flights(120), flights(600)
    rows = [costs(short, "1s", 0.98, pairs), costs(short, "100ms", 0.95, pairs)]
    rows += times("SIGKILL of a node until rows flow", [hit(long, 20e6, kill_node) for _ in range(2 * pairs)], 0.5, 1.5)
    rows += times("SIGSTOP of a node until rows flow", [hit(long, 20e6, stop_node) for _ in range(rounds)], p95_most=DEAD_AFTER + 1.5)
    rows += times("SIGKILL of the coordinator: from its start until rows flow", [hit(long, 20e6, kill_coordinator) for _ in range(pairs)], p95_most=2)
    early = statistics.median(hit(long, 20e6, kill_node) for _ in range(rounds))
    late = statistics.median(hit(long, 2e9, kill_node) for _ in range(rounds))
    rows.append(row("SIGKILL of a node with 2 GB done against 20 MB", late, "s", peer="20 MB", peer_figure=early, ratio=late / early,
                    must="ratio <= 1.2", holds=late / early <= 1.2))
    return rows
