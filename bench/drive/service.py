"""What the service of a program takes and gives: real processes, clients on loopback."""

import datetime
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from .rows import row
from .runs import BIN, ROOT
from .verbs import p95

sys.path.append(str(ROOT / "tests/gateway"))
from service import Service  # pylint: disable=wrong-import-position

TITLE = "the job service"
ABOUT = ("`leat_spin serve`, whose jobs run until somebody ends them: from the request to cells that run; from an event to who"
         " hears it; `cancel` over HTTP; uploads against `dd conv=fsync`; what many queued jobs take.")
JOBS, CANCELS, UPLOAD = 50, 50, 512 << 20
QUEUED, TENANTS = 2000, 20
TUS = {"Tus-Resumable": "1.0.0"}
REST = {"stage": "rest"}


def resident(process):
    return int(Path(f"/proc/{process.pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def until_running(service, number):
    while (service.job(number).get("process") or {}).get("state") != "running":
        pass


def starts_and_cancels(service):
    started, cancelled = [], []
    for _ in range(JOBS):
        began = time.monotonic()
        number = service.submit("spin", REST, threads=1)
        until_running(service, number)
        started.append(time.monotonic() - began)
        began = time.monotonic()
        service.ask("POST", f"/api/v1/jobs/{number}/cancel")
        service.until(number, ["cancelled"])
        cancelled.append(time.monotonic() - began)
    clean = not service.pids()
    return [row(f"from the request to cells that run, {JOBS} jobs, p95", p95(started) * 1000, "ms", must="< 200 ms", holds=p95(started) < 0.2),
            row(f"cancel over HTTP, {CANCELS} jobs, p95", p95(cancelled), "s", must="< 1 s", holds=p95(cancelled) < 1 and clean)]


def events(service):
    """From the time that an event tells, in whole milliseconds, to the time at which it is heard."""
    late = []

    def hear(heard):
        while len(late) < 100:
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
    return [row("from an event to who hears it, p95 of 100", p95(late) * 1000, "ms", must="< 10 ms", holds=p95(late) < 0.01)]


def upload(service, content):
    status, fields, _ = service.ask("POST", "/api/v1/uploads", headers={**TUS, "Upload-Length": str(UPLOAD)})
    assert status == 201, status
    with open(content, "rb") as file:
        status, _, _ = service.ask("PATCH", fields["Location"], file, headers={
            **TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0", "Content-Length": str(UPLOAD)})
    assert status == 204, status


def uploads(service, rounds):
    with tempfile.TemporaryDirectory(dir=service.at) as folder:
        content = Path(folder) / "content"
        with open(content, "wb") as file:
            for _ in range(UPLOAD >> 20):
                file.write(os.urandom(1 << 20))
        ratios, most = [], 0
        for _ in range(rounds):
            began = time.monotonic()
            clients = [threading.Thread(target=upload, args=(service, content)) for _ in range(4)]
            for one in clients:
                one.start()
            for one in clients:
                one.join()
            ours = time.monotonic() - began
            most = max(most, resident(service.process))
            for one in service.ask("GET", "/api/v1/uploads")[2]["uploads"]:
                service.ask("DELETE", f"/api/v1/uploads/{one['id']}", headers=TUS)
            began = time.monotonic()
            copies = [subprocess.Popen(["dd", f"if={content}", f"of={folder}/copy-{i}", "bs=64K", "conv=fsync", "status=none"]) for i in range(4)]
            for one in copies:
                one.wait()
            ratios.append((time.monotonic() - began) / ours)
            for i in range(4):
                Path(f"{folder}/copy-{i}").unlink()
    ratio = sorted(ratios)[len(ratios) // 2]
    made = row("four uploads of 512 MiB at once, against four of dd", 4 * UPLOAD / 2**20 / ours, "MiB/s", "dd conv=fsync", ratio=ratio,
               must="ratio >= 0.5", holds=ratio >= 0.5)
    made["between"] = [min(ratios), max(ratios)]
    return [made, row("the service's RSS with those", most / 2**20, "MiB", must="< 64 MiB", holds=most < 64 << 20)]


def queued(service):
    first = service.submit("spin", REST, threads=4)
    service.until(first, ["running"])
    began = time.monotonic()
    for _ in range(QUEUED):
        service.submit("spin", REST, threads=4)
    took = time.monotonic() - began
    service.ask("GET", "/api/v1/jobs?limit=1000")
    held = resident(service.process)
    return [row(f"{QUEUED} queued jobs: the service's RSS", held / 2**20, "MiB", must="< 128 MiB at 10,000", holds=held * 10_000 / QUEUED < 128 << 20),
            row("submitting them, one after the other", QUEUED / took, "/s")]


def measure(rounds):
    if not (ROOT / BIN / "leat_spin").exists():
        return [row("the job service", None, "", note="leat_spin is not built.")]
    rows = []
    for part in (starts_and_cancels, events, lambda one: uploads(one, rounds), queued):
        service = Service(ROOT / BIN / "leat_spin", "--threads", "4")
        try:
            rows += part(service)
        finally:
            service.end()
            shutil.rmtree(service.at, ignore_errors=True)
    return rows
