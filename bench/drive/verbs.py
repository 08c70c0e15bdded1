"""What the verbs that look at a job, and those that end it, take of it and of who waits: real processes."""

import json
import os
import resource
import select
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from .rows import row
from .runs import BIN, ROOT

TITLE = "the verbs that look at a job and end it"
ABOUT = ("`leat_spin`, whose source never ends: `dump` where every thread of the crew is in an endless loop; `cancel`"
         " from the command to its end, 50 times, in every phase of a run; ten `top`s of one job; what 20 that are gone"
         " have left.")
SPIN = ROOT / BIN / "leat_spin"
CANCELS = 50
DUMPS = 50
SECONDS = 20
TICKS = os.sysconf("SC_CLK_TCK")


class Run:
    """One run in a folder of its own, with sockets of its own."""

    def __init__(self, *words):
        self.folder = tempfile.TemporaryDirectory(prefix="leat-verbs-")
        self.at = Path(self.folder.name)
        (self.at / "out").mkdir()
        self.environment = {**os.environ, "LEAT_STATE": str(self.at / "state")}
        self.process = subprocess.Popen([str(SPIN), "run", "--quiet", *words], cwd=self.at, env=self.environment,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask(self, *words):
        """(what it printed, seconds that it took)."""
        began = time.monotonic()
        done = subprocess.run([str(SPIN), *words], cwd=self.at, env=self.environment, capture_output=True, text=True,
                              check=False)
        return (done.stdout if done.returncode == 0 else ""), time.monotonic() - began

    def until(self, said, *words):
        """Asks until it is said; a run that has ended says no more."""
        while self.process.poll() is None:
            if said in self.ask(*words)[0]:
                return
        raise RuntimeError(f"the run ended before it said '{said}'")

    def top(self):
        """A `top` that goes on, into a terminal of its own."""
        upper, lower = os.openpty()
        shown = subprocess.Popen([str(SPIN), "top", "1"], cwd=self.at, env=self.environment, stdin=lower, stdout=lower,
                                 stderr=lower, start_new_session=True)
        os.close(lower)
        return Top(shown, upper)

    def threads(self):
        return json.loads(self.ask("dump", "1", "--json")[0])["threads"]

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def resident(self):
        return int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()

    def left(self):
        """What is there of its output."""
        return sorted(str(path.relative_to(self.at)) for path in (self.at / "out").rglob("*"))

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.folder.cleanup()


class Top:
    def __init__(self, process, screen):
        self.process, self.screen = process, screen

    def drain(self):
        os.set_blocking(self.screen, False)
        try:
            while os.read(self.screen, 1 << 16):
                pass
        except OSError:
            pass

    def cpu(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def end(self):
        self.process.kill()
        self.process.wait()
        os.close(self.screen)


def p95(values):
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def dumps():
    run = Run("--stage", "spin", "--threads", "2")
    try:
        run.until("visit turn", "dump", "1")
        took = [run.ask("dump", "1") for _ in range(DUMPS)]
        seconds = [time for said, time in took if "threads" in said]
        worst = max(seconds) * 1000 if len(seconds) == DUMPS else None
        return row(f"`dump`, all threads in endless loops, the slowest of {DUMPS}", worst, "ms", must="< 100 ms",
                   holds=worst is not None and worst < 100)
    finally:
        run.end()


def drain(run):
    run.until("spin, running", "describe", "1")
    run.ask("drain", "1")


# What a run has come to when it is cancelled.
PHASES = {"as its socket is there": lambda run: run.until("leat_spin", "jobs", "--json"),
          "as its cells run": lambda run: run.until("spin, running", "describe", "1"),
          "as it writes": lambda run: run.until("rows ", "describe", "1"),
          "as it drains": drain}


def cancelled(phase, *words):
    """(seconds, whether the process is gone and has left all or nothing)."""
    run = Run("--threads", "2", *words)
    try:
        PHASES[phase](run)
        _, took = run.ask("cancel", "1")
        gone = ended_by_now(run.process)
        status = run.process.wait()
        whole = run.left() == ["out/kept"] if status == 0 else status == 130 and not run.left()
        return took, gone and whole
    finally:
        run.end()


def ended_by_now(process):
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def cancels():
    took = [cancelled(list(PHASES)[number % len(PHASES)]) for number in range(CANCELS - 1)]
    took.append(cancelled("as its cells run", "--stage", "spin"))
    figure = p95([seconds for seconds, _ in took])
    clean = all(clean for _, clean in took)
    return [row(f"`cancel`, {CANCELS} in {len(PHASES)} phases and one stuck in a visit, p95", figure, "s", must="< 1 s",
                holds=figure < 1 and clean, note="" if clean else "a cancelled run has left something."),
            row("`cancel`, stuck in a visit", took[-1][0], "s")]


def watchers():
    """CPU of the job's thread that answers, and of those that ask, by watcher; and what 20 more have left."""
    run = Run("--stage", "spin", "--threads", "1")
    try:
        run.until("visit turn", "dump", "1")
        tops = [run.top() for _ in range(10)]
        for _ in range(2):
            before = answering(run), [top.cpu() for top in tops], time.monotonic()
            wait(tops, SECONDS / 2)
        took = time.monotonic() - before[2]
        job = (answering(run) - before[0]) / took / len(tops)
        theirs = statistics.mean(top.cpu() - then for top, then in zip(tops, before[1])) / took
        for top in tops:
            top.end()
        return [row("a `top`: CPU of the job it looks at, of one of ten", job * 100, "% of a core", must="<= 1 %",
                    holds=job <= 0.01),
                row("a `top`: its own CPU", theirs * 100, "% of a core", must="<= 1 %", holds=theirs <= 0.01), *gone(run)]
    finally:
        run.end()


def answering(run):
    return next(thread["cpu_s"] for thread in run.threads() if thread["name"] == "inspect")


def wait(tops, seconds):
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        select.select([top.screen for top in tops], [], [], left)
        for top in tops:
            top.drain()


def gone(run):
    before = run.descriptors(), len(run.threads()), run.resident()
    tops = [run.top() for _ in range(20)]
    wait(tops, 3)
    for top in tops:
        top.end()
    while run.descriptors() > before[0]:
        run.ask("jobs")
    more = len(run.threads()) - before[1]
    grown = (run.resident() - before[2]) / 2**20
    return [row("20 `top`s that are gone: threads more", more, "", must="<= 0", holds=more <= 0),
            row("20 `top`s that are gone: RSS more", grown, "MiB", must="<= 1 MiB", holds=grown <= 1)]


def measure(_rounds):
    if not SPIN.exists():
        return [row("`dump`, `cancel`, `top`", None, "", note=f"{SPIN} is not built.")]
    return [dumps(), *cancels(), *watchers()]
