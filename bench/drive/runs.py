"""Runs the measured programs in turns and keeps what each said about itself."""

import json
import resource
import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = "build/release/bin"
OUT = ROOT / "build" / "bench"
TIMEOUT_SECONDS = 300


class Program:
    """One command line, run once per round. `results` has one entry a round, None if it failed."""

    def __init__(self, label, *command):
        self.label = label
        self.command = [str(word) for word in command]
        self.results = []
        self.problem = None  # a sentence, once it could not be measured

    def text(self):
        """As it is written from the root of the repository."""
        return " ".join(self.command).replace(f"{ROOT}/", "")

    def run(self):
        """Runs once; after a failure it is not tried again."""
        if self.problem is None:
            result, self.problem = one_run(self.command)
            self.results.append(result)
        else:
            self.results.append(None)

    def values(self, key):
        return [result[key] for result in self.results if result and key in result]

    def median(self, key):
        values = self.values(key)
        return statistics.median(values) if values else None

    def last(self, key):
        values = self.values(key)
        return values[-1] if values else None


def one_run(command):
    """(what the program printed and "cpu_seconds", None) or (None, a sentence that says why not)."""
    name = command[0]
    if name.startswith(BIN) and not (ROOT / name).exists():
        return None, f"{name} is not built: configure with -DLEAT_BENCH=ON and build."
    before = cpu_of_children()
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True,
                              timeout=TIMEOUT_SECONDS, check=False)
    except FileNotFoundError:
        return None, f"{name} is not installed."
    except subprocess.TimeoutExpired:
        return None, f"'{' '.join(command)}' took more than {TIMEOUT_SECONDS} s."
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()
        reason = next((line for line in said if "rror" in line), said[-1])
        return None, f"'{' '.join(command)}' ended with {done.returncode}: {reason.strip()}"
    try:
        printed = json.loads(done.stdout.strip().splitlines()[-1])
        return {"cpu_seconds": cpu_of_children() - before, **printed}, None
    except (ValueError, IndexError):
        return None, f"'{' '.join(command)}' did not print a line of JSON."


def cpu_of_children():
    """CPU seconds, user and system, of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def interleave(programs, rounds):
    """`rounds` rounds of all programs in turn, so that a noisy moment hits all of them."""
    for number in range(1, rounds + 1):
        for program in programs:
            program.run()
            shown = program.last("per_second")
            outcome = program.problem or (f"{shown:,.0f} items/s" if shown else "done")
            print(f"  {number}/{rounds}  {program.label}: {outcome}", flush=True)


def leat(*words):
    """Our side: the program leat_bench, one sub-command per benchmark."""
    return [f"{BIN}/leat_bench", *words]


def node(script, *words):
    return ["node", f"bench/{script}", *words]


def data_file(rows, columns=50):
    """The CSV file for a benchmark, made once; its path from the root of the repository."""
    path = f"build/bench/data/floats-{rows}x{columns}.csv"
    if not (ROOT / path).exists():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        print(f"  making {path}", flush=True)
        _, problem = one_run([f"{BIN}/make_csv", "--rows", str(rows),
                              "--columns", str(columns), path])
        if problem:
            print(f"  {problem}", flush=True)
    return path


def warm(path):
    """Brings a file into the page cache, so that all programs find it there."""
    if (ROOT / path).exists():
        with open(ROOT / path, "rb") as file:
            while file.read(1 << 24):
                pass
