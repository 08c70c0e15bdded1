"""What the service of a program takes and gives: real processes, clients on loopback."""

import datetime
import os
import shutil
import threading
import time

from . import clients, standing, tenants, uploads
from .rows import row
from .runs import BIN, ROOT
from .served import REST, Service
from .verbs import p95

TITLE = "the job service"
ABOUT = ("`PROGRAM serve`. Jobs of `leat_spin` run until somebody ends them: from the request to the first chunk that its"
         " last stage has; from an event to who hears it; `cancel` over HTTP. Uploads are by curl, four of 512 MiB at once"
         " against four `dd conv=fsync`; one of 2 GiB is by tus-js-client, killed half-way and begun again. 10,000 jobs wait behind one that runs, of twenty tenants, one of which has ten"
         " times as many; how long the others' wait for their start is measured with 10 jobs each and 10 or 100 of the"
         " one, with `service` and a small file. The cached answer is `/api/v1/graphs`, asked by wrk over 100 connections,"
         " each with a token of its own; its peer answers the same bytes with Boost.Beast alone. Through the standing graph of"
         " `examples/service` 32 connections ask, the service on one core and wrk on another.")
JOBS, EVENTS = 50, 100


def until_first_chunk(service, number):
    """Asks until the last stage has worked."""
    while True:
        status, _, said = service.ask("GET", f"/api/v1/jobs/{number}/snapshot")
        if status == 200 and any(cell["stage_ns"][-1] > 0 for cell in said["snapshot"]["cells"] if cell["stage_ns"]):
            return
        if status != 200 and service.job(number)["stage"] not in ("queued", "running"):
            raise RuntimeError(f"job {number} has ended")


def starts_and_cancels(service):
    started, cancelled = [], []
    for _ in range(JOBS):
        began = time.monotonic()
        number = service.submit("spin", REST, threads=2)
        until_first_chunk(service, number)
        started.append(time.monotonic() - began)
        began = time.monotonic()
        service.ask("POST", f"/api/v1/jobs/{number}/cancel")
        service.until(number, ["cancelled"])
        cancelled.append(time.monotonic() - began)
    left = len(service.pids()) + len(list((service.at / "state/service/jobs").glob("*/results")))
    return [row(f"from the request to the first chunk, {JOBS} jobs, p95", p95(started) * 1000, "ms", must="< 200 ms", holds=p95(started) < 0.2),
            row(f"cancel over HTTP, {JOBS} jobs, p95", p95(cancelled), "s", must="< 1 s", holds=p95(cancelled) < 1),
            row("cancel over HTTP: processes and results that are left", left, "", must="0", holds=left == 0)]


def events(service):
    """From the time that an event tells, in whole milliseconds, to the time at which it is heard."""
    late = []

    def hear(heard):
        while len(late) < EVENTS:
            event = heard.next()
            told = datetime.datetime.strptime(event["time"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=datetime.timezone.utc)
            late.append(time.time() - told.timestamp())

    first = service.submit("spin", REST, threads=4)
    with service.events() as heard:
        hears = threading.Thread(target=hear, args=(heard,))
        hears.start()
        while hears.is_alive():
            number = service.submit("spin", REST, threads=4)
            service.ask("POST", f"/api/v1/jobs/{number}/cancel")
    service.ask("POST", f"/api/v1/jobs/{first}/cancel")
    return [row(f"from an event to who hears it, p95 of {EVENTS}", p95(late) * 1000, "ms", must="< 10 ms", holds=p95(late) < 0.01)]


def measure(rounds):
    spin = ROOT / BIN / "leat_spin"
    if not spin.exists():
        return [row("the job service", None, "", note="leat_spin is not built.")]
    made, only = [], os.environ.get("LEAT_BENCH_PARTS", "").split()  # for who mends one of them
    for part in (starts_and_cancels, events, uploads.beside_dd, uploads.killed_half_way, uploads.watched, tenants.many, tenants.waits, clients.cached, standing.standing):
        if only and part.__name__ not in only:
            continue
        print(f"  {part.__name__}", flush=True)
        if part in (tenants.many, tenants.waits, clients.cached, standing.standing):
            made += part(rounds)
            continue
        service = Service(spin, "--threads", "4")
        try:
            made += part(service, rounds) if part is uploads.beside_dd else part(service)
        finally:
            service.end()
            shutil.rmtree(service.at, ignore_errors=True)
    return made
