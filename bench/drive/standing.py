"""Rows of the benchmark `service`: requests through a standing graph, with the service on one core and who asks on another."""

import os
import re
import shutil
import statistics
import subprocess

from .rows import row
from .runs import BIN, ROOT
from .served import Service

CLIENTS, SECONDS, PATH = 32, 8, "/longest/10"


def milliseconds(text):
    number, unit = re.fullmatch(r"([0-9.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def standing(rounds):
    if not shutil.which("wrk") or os.cpu_count() < 2:
        return [row("requests through a standing graph", None, "/s", must=">= 5000/s, p99 < 10 ms", note="wrk is not installed, or there is one core only.")]
    service = Service(ROOT / BIN / "service", "--threads", "2")
    rates, late, errors = [], [], 0
    try:
        subprocess.run(["taskset", "-a", "-c", "-p", "0", str(service.process.pid)], check=True, capture_output=True)
        for _ in range(rounds):
            said = subprocess.run(["taskset", "-c", "1", "wrk", "-t1", f"-c{CLIENTS}", f"-d{SECONDS}s", "--latency", "-H", f"Authorization: Bearer {service.token}",
                                   f"http://{service.host}:{service.port}{PATH}"], capture_output=True, text=True, check=True).stdout
            rates.append(float(re.search(r"Requests/sec:\s+([0-9.]+)", said)[1]))
            late.append(milliseconds(re.search(r"99%\s+(\S+)", said)[1]))
            errors += "Non-2xx" in said or "Socket errors" in said
    finally:
        service.end()
    rate, p99 = statistics.median(rates), statistics.median(late)
    return [row(f"requests through a standing graph on one core, {CLIENTS} clients", rate, "/s", must=">= 5000/s", holds=rate >= 5000 and errors == 0),
            row("requests through a standing graph on one core: p99", p99, "ms", must="< 10 ms", holds=p99 < 10)]
