"""The first system: CSV to a table file, to a model, in jobs; and gradient descent against a loop by hand."""

import json
import subprocess
import time

from .rows import against, no_more, row, seen, under_bound, with_commands, within
from .runs import BIN, OUT, ROOT, Program, cpu_of_children, data_file, interleave, leat, warm
from .served import Service, memory

TITLE = "Streaming CSV to a model: the first system"
ABOUT = ("`examples/streaming_csv`, two threads, files in the page cache. The whole workflow is a job that ingests and"
         " one that trains, through a service: its peak and the largest of its jobs' together. A pass is the median of"
         " eighteen, cells in memory. By hand there are as many rows in memory, standardised already, for one thread,"
         " compiled for this processor: plain loops over rows, and Eigen's products of batches by rows and by columns,"
         " which are a limit. RMSE is that of the last pass, over the rows it trains on.")
PROGRAM = f"{BIN}/streaming_csv"
STORES = ("f64", "f32", "f16")


class Run(Program):
    """A run of streaming_csv: what its report says, in the words of the other programs."""

    def run(self):
        if self.problem:
            self.results.append(None)
            return
        before = cpu_of_children()
        done = subprocess.run(self.command + ["--json"], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.problem = f"'{self.text()}' ended with {done.returncode}: {done.stderr.strip()}"
            self.results.append(None)
            return
        said = json.loads(done.stdout.strip().splitlines()[-1])
        self.results.append({"seconds": said["seconds"], "items": said["rows"], "per_second": said["rows_per_s"],
                             "peak_rss_mb": said["peak_memory"] / 1e6, "bound_mb": said["bound"] / 1e6,
                             "cpu_seconds": cpu_of_children() - before})


def ingest(label, data, out, *more):
    return Run(label, PROGRAM, "run", "ingest", "--data", data, "--out", out, "--statistics", OUT / "statistics.tables",
               "--threads", "2", *more)


def train(label, data, *more):
    return Run(label, PROGRAM, "run", "train", "--data", data, "--target", "y", "--out", OUT / "csv-system.model",
               "--score", OUT / "score.tables", "--threads", "2", *more)


def stored(data):
    """The rows of a CSV file as a table file, made once."""
    path = f"{data}.tables"
    if not (ROOT / path).exists():
        made = ingest("store", data, path)
        made.run()
        if made.problem:
            print(f"  {made.problem}", flush=True)
    warm(path)
    return path


def through_a_service(data, rounds):
    """Peaks of the service and of its jobs, and seconds, of all rounds."""
    peaks, seconds = [], []
    for _ in range(rounds):
        service = Service(ROOT / PROGRAM, "--threads", "2", data_root=(ROOT / data).parent)
        try:
            began = time.monotonic()
            read = service.submit("ingest", {"data": f"data:{(ROOT / data).name}", "store": "f32"})
            job = service.until(read, ["done"])
            largest = job["outcome"]["peak_memory"]
            trained = service.submit("train", {"data": f"result:{read}/rows.tables", "target": "y", "store": "f32"})
            job = service.until(trained, ["done"])
            largest = max(largest, job["outcome"]["peak_memory"])
            seconds.append(time.monotonic() - began)
            peaks.append((memory(service.process, "VmHWM") + largest) / 1e6)
        finally:
            service.end()
    return [row("100 k x 50 through a service, ingested and trained: peak of service and job", max(peaks), "MB",
                must="< 500 MB", holds=max(peaks) < 500),
            row("100 k x 50 through a service, ingested and trained, 20 passes", sorted(seconds)[len(seconds) // 2], "s")]


def pass_of(store, data):
    return Program(f"leat, {store}", *leat("sgd", "--data", data, "--store", store))


def hand(layout):
    return Program(f"limit: a loop by hand, {layout}", f"{BIN}/sgd_hand", "--layout", layout)


def rmse(ours, wide):
    """How far apart the errors of the two models are, over that of the wider cells."""
    made = row(f"RMSE with {ours.label.split()[-1]} over that with f64, less 1", None, "", must="<= 0.01")
    mine, theirs = ours.last("rmse"), wide.last("rmse")
    if mine and theirs:
        made["figure"] = abs(mine / theirs - 1)
        made["holds"] = made["figure"] <= 0.01
    return with_commands(made, ours, wide)


def measure(rounds):
    OUT.mkdir(parents=True, exist_ok=True)
    narrow, middle, large = data_file(100_000, 20), data_file(100_000), data_file(1_000_000)
    for data in (narrow, middle, large):
        warm(data)
    reads = ingest("leat", narrow, OUT / "narrow.tables")
    trains = train("leat, trained", stored(middle), "--passes", "20")
    interleave([reads, trains], rounds)
    rows = [within("100 k x 20 parsed, stored and looked at", reads, "seconds", "s", ("<", 5)),
            within("100 k x 20 parsed, stored and looked at: peak RSS", reads, "peak_rss_mb", "MB", ("<", 200), worst=True),
            under_bound("100 k x 20: peak RSS under its bound", reads),
            within("100 k x 50 trained in 20 passes, and scored", trains, "seconds", "s", ("<", 30)),
            under_bound("100 k x 50 trained: peak RSS under its bound", trains)]
    rows += through_a_service(middle, rounds)
    small = pass_of("f32", stored(middle))
    passes = {store: pass_of(store, stored(large)) for store in STORES}
    loops = [hand(layout) for layout in ("loops", "rows", "columns")]
    interleave([small, *passes.values(), *loops], rounds)
    rows += [within("samples a second, 100 k x 50, f32, reading and measuring too", small, "samples_per_second", "/s", (">=", 1e6)),
             against("a pass of SGD, 1 M x 50, f32, against loops by hand", passes["f32"], loops[:1], (">=", 0.85)),
             against("a pass of SGD, 1 M x 50, f32, against Eigen's products", passes["f32"], loops[1:], None)]
    for store, most in (("f32", 0.55), ("f16", 0.30)):
        rows += [no_more(f"memory of 1 M x 50 as {store} against f64", passes[store], passes["f64"], most, "peak_rss_mb", "MB"),
                 rmse(passes[store], passes["f64"])]
    rows += [seen(passes[store], what=f"a pass of SGD, 1 M x 50, {store}") for store in STORES]
    return rows + [seen(loop) for loop in loops]
