"""The live page, in Debian's headless browser: bench/page. Takes longer with LEAT_BENCH_SCROLL and LEAT_BENCH_MESSAGES."""

import gzip
import json
import os
import shutil
import statistics
import subprocess
from pathlib import Path

from .rows import row
from .runs import BIN, OUT, ROOT

TITLE = "The page"
ABOUT = ("In chromium-headless-shell with software rendering, on the machine that serves it, the service beside it. Frames are a share of "
         "an empty page's, right before, in the same browser; the main thread's times are those that it has worked. p95 of 40 tries, "
         "20 of changes; medians of the runs, and the worst where something may be at most so much. Where it may, all of it runs with "
         "real-time priority, so that what else the machine does is not measured.")

SCROLL, MESSAGES = os.environ.get("LEAT_BENCH_SCROLL", "60"), os.environ.get("LEAT_BENCH_MESSAGES", "100000")
PAGE, MODULES = ROOT / "bench/page", ROOT / "build/bench/page-modules"
MOST_KEPT = 2e6  # bytes
PRIORITY = ["chrt", "-r", "1"] if os.geteuid() == 0 and shutil.which("chrt") else []


def run(*command, **more):
    return subprocess.run([str(one) for one in command], check=True, capture_output=True, text=True, **more).stdout


def hundred():
    """A graph of a hundred stages in as many cells."""
    stage = '\n[[stage]]\nname = "{}"\nkind = "{}"\nfrom = "{}"\nisolated = true\n{}'
    text = ('name = "hundred"\nsentence = "Passes rows on from stage to stage."\n[params]\ndata = { type = "paths", sentence = "CSV files" }\n'
            '[[stage]]\nname = "read"\nkind = "csv.blocks"\npath = "${data}"\n') + stage.format("parse", "csv.parse", "read", "")
    # Not one behind the other: what each may need grows with what the one before it may give.
    for number in range(49):
        text += stage.format(f"pass {number}", "select", "parse", 'columns = ["y"]\n') + stage.format(f"end {number}", "discard", f"pass {number}", "")
    return text


def make_data(folder):
    """The files that are looked at, made once; and the graphs."""
    graphs = folder / "graphs"
    graphs.mkdir(parents=True, exist_ok=True)
    for file in (PAGE / "graphs").glob("*.toml"):
        shutil.copy(file, graphs)
    (graphs / "hundred.toml").write_text(hundred(), encoding="ascii")
    for name, rows, columns in (("page-small", 2000, 8), ("page-1m", 1_000_000, 50), ("page-10m", 10_000_000, 2)):
        table, text = folder / f"{name}.tables", folder / f"{name}.csv"
        if not text.exists():
            run(ROOT / BIN / "make_csv", "--rows", rows, "--columns", columns, text)
        if not table.exists():
            run(ROOT / BIN / "leat", "run", graphs / "convert.toml", "--data", text, "--out", table, cwd=folder)
    return graphs


def modules():
    """playwright-core, as the page's tests have it."""
    MODULES.mkdir(parents=True, exist_ok=True)
    script = f'source "{ROOT}/tests/page/installed.sh"; installed "{ROOT}/tests/page" "{MODULES}"'
    return subprocess.run(["bash", "-euc", script], check=False, capture_output=True).returncode == 0


def size():
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in (ROOT / "framework/page/dist").iterdir())


def frames(runs, key, what, least, most=None, rate=None):
    share, task = (statistics.median(one[key][part] for one in runs) for part in ("share", "task"))
    seen = statistics.median(one[key]["rate"] for one in runs)
    made = row(f"{what}: frames", seen, "/s", peer="an empty page", peer_figure=statistics.median(one[key]["rate"] / one[key]["share"] for one in runs),
               ratio=share, must=f">= {rate}/s" if rate else f"ratio >= {least}", holds=seen >= rate if rate else share >= least)
    made["between"] = [min(one[key]["share"] for one in runs), max(one[key]["share"] for one in runs)]
    made["command"] = f"node bench/page/measure.mjs {BIN} build/bench/page {SCROLL} {MESSAGES}"
    made["runs"] = len(runs)
    return [made, row(f"{what}: main thread, a frame", task, "ms", must=f"<= {most} ms" if most else "", holds=task <= most if most else None)]


def within(runs, key, what, unit, most, text=None):
    worst = max(one[key] for one in runs)
    return row(what, worst, unit, must=text or f"< {most} {unit}", holds=worst < most)


def kept(runs, key, what):
    found = [one[key] for one in runs if key in one]
    if not found:
        return []
    heap = max(one["heap"] for one in found)
    more = {part: max(one[part] for one in found) for part in ("nodes", "listeners")}
    return [row(f"{what}: heap", heap / 1e6, "MB", must="<= 2 MB", holds=heap <= MOST_KEPT),
            *(row(f"{what}: {part} more than before", count, "", must="flat", holds=count <= 20) for part, count in more.items())]


def measure(rounds):
    if not shutil.which("chromium-headless-shell") or not shutil.which("npm") or not modules():
        return [row("the page", None, "", must="seen in a browser", note="There is no chromium-headless-shell, or no way to npm's packages: deploy/setup installs what there is.")]
    folder = OUT / "page"
    graphs = make_data(folder)
    environment = {**os.environ, "LEAT_PAGE_MODULES": str(MODULES), "LEAT_PAGE_GRAPHS": str(graphs)}
    runs = []
    for at in range(rounds):
        last = at == rounds - 1  # what takes minutes is done once
        said = run(*PRIORITY, "node", PAGE / "measure.mjs", Path(ROOT / BIN), folder, SCROLL if last else 0, MESSAGES if last else 0, env=environment)
        runs.append(json.loads(said.splitlines()[-1]))
    (folder / "runs.json").write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
    return [
        *frames(runs, "wide", "1 M x 50, every row another one in each frame", 0.95, 13),
        *frames(runs, "phone", "the same, 390 px wide", 0.95),
        *frames(runs, "slow", "the same, 390 px wide, with the CPU slowed four times", None, rate=30),
        *frames(runs, "slowWide", "the same, 1280 px wide, with the CPU slowed four times", None, rate=30),
        within(runs, "firstRows", "first rows, p95", "ms", 100),
        within(runs, "afterJump", "blank rows after a jump, p95", "ms", 150),
        *frames(runs, "hundred", "a graph of 100 stages, 10 updates a second", 0.95, 3),
        within(runs, "zoom", "10 M points, zoom, p95", "ms", 150),
        row("longest task of the main thread: upload, ingest, train", max(one["worked"]["longest"] for one in runs), "ms", must="<= 50 ms",
            holds=all(one["worked"]["longest"] <= 50 for one in runs)),
        within(runs, "changeToPaint", "change to paint, p95", "ms", 250),
        row("the page, gzipped", size() / 1024, "KiB", must="<= 80 KiB", holds=size() <= 80 * 1024),
        within(runs, "usable", "usable, first visit", "s", 1),
        *kept(runs, "replayed", f"{int(MESSAGES):,} snapshots and events"),
        *kept(runs, "scrolled", f"{int(SCROLL) // 60} minutes of scrolling"),
    ]
