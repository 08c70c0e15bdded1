"""bench/RESULTS.md, made anew from every build/bench/NAME.json there is."""

import json
import os
import platform
import subprocess
from datetime import date

from .runs import OUT, ROOT

PACKAGES = ["g++", "libtbb-dev", "libcaf-dev", "libeigen3-dev", "libfast-float-dev",
            "libboost-dev", "libssl-dev", "libisal-dev",
            "python3-pandas", "python3-sklearn", "libopenblas0-pthread"]


def first_line(path, start):
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith(start):
                return line.split(":", 1)[1].strip()
    return "unknown"


def output(*command):
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True,
                              check=False).stdout.strip()
    except FileNotFoundError:
        return ""


def congestion_control():
    with open("/proc/sys/net/ipv4/tcp_congestion_control", encoding="utf-8") as file:
        return file.read().strip()


def machine():
    """Sentences about the machine; never its name."""
    memory = int(first_line("/proc/meminfo", "MemTotal").split()[0]) * 1024 / 1e9
    return (f"{first_line('/proc/cpuinfo', 'model name')}, "
            f"{len(os.sched_getaffinity(0))} CPUs, {memory:.0f} GB, Linux {platform.release()}, "
            f"TCP {congestion_control()}")


def versions():
    found = [f"leat {output('git', 'describe', '--always', '--dirty') or 'uncommitted'}"]
    for package in PACKAGES:
        version = output("dpkg-query", "-W", "-f=${Version}", package)
        found.append(f"{package} {version or 'not installed'}")
    with open(ROOT / "bench" / "package.json", encoding="utf-8") as file:
        wanted = json.load(file)["dependencies"]
    found += [f"{name} {version}" for name, version in wanted.items()]
    return ", ".join(found + [f"node {output('node', '--version') or 'not installed'}"])


def number(value):
    if value is None:
        return "not measured"
    if value == 0 or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"


def line(row):
    holds = {True: "yes", False: "**no**", None: ""}[row["holds"]]
    if row["must"] and row["holds"] is None:
        holds = "not measured"
    figure, peer = number(row["figure"]), row["peer"] or ""
    if row["figure"] is not None:
        figure += f" {row['unit']}"
    if row["peer_figure"] is not None:
        peer += f": {number(row['peer_figure'])} {row['unit']}"
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
    if row.get("between"):
        ratio += " [{:.2f}, {:.2f}]".format(*row["between"])
    return f"| {row['what']} | {figure} | {peer} | {ratio} | {row['must']} | {holds} |"


def section(title, about, rows):
    revision = output("git", "describe", "--always", "--dirty") or "uncommitted"
    text = [f"## {title}", "", about, "", f"Measured {date.today().isoformat()}, leat {revision}.", "",
            "| what | leat, or the program named | peer | ratio | must | holds |",
            "|---|---|---|---|---|---|", *map(line, rows), ""]
    notes = dict.fromkeys(row["note"] for row in rows if row["note"])
    text += [f"- {note}" for note in notes] + ([""] if notes else [])
    commands = dict.fromkeys(row[key] for row in rows
                             for key in ("command", "peer_command") if row.get(key))
    if not commands:
        return text
    return text + ["Commands, medians of " + f"{max(row.get('runs', 0) for row in rows)} run(s):", "",
                   "```", *(one.replace(f"{ROOT}/", "") for one in commands), "```", ""]


def sections(text):
    """Title -> the lines of its section, as an earlier run wrote them."""
    found, title = {}, None
    for line_ in text.splitlines():
        if line_.startswith("## "):
            title = line_[3:]
            found[title] = []
        if title is not None:
            found[title].append(line_)
    return found


def write(benchmarks, measured):
    """`benchmarks`: name -> module with TITLE and ABOUT. What is not among the names `measured` stays as it was written."""
    results = ROOT / "bench" / "RESULTS.md"
    before = sections(results.read_text(encoding="utf-8")) if results.exists() else {}
    text = ["# Results", "",
            f"Made by `deploy/bench`; do not edit. {date.today().isoformat()}.", "", f"- Machine: {machine()}", f"- Versions: {versions()}",
            "- Figures are medians; memory is the largest of all runs, in MB of 10^6 bytes. A "
            "ratio is the median of the ratios within each round of one interleaved run, with the least and the greatest, not the "
            "quotient of the medians; unless the row says otherwise, above 1 leat is better. "
            "Peers are shown at their best of one or two threads.", ""]
    for name, module in benchmarks.items():
        path = OUT / f"{name}.json"
        if name in measured and path.exists():
            rows = json.loads(path.read_text(encoding="utf-8"))
            text += section(module.TITLE, module.ABOUT, rows)
        else:
            text += before.get(module.TITLE, [])
    results.write_text("\n".join(text).rstrip("\n") + "\n", encoding="utf-8")
