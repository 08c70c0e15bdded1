"""Rows of the benchmark `service`: many jobs that wait, of many tenants, one of which floods."""

import datetime
import http.client
import json
import os
import shutil
import signal
import tempfile
import threading
import time
from pathlib import Path

from .rows import row
from .runs import BIN, ROOT
from .served import REST, Tenants, memory
from .verbs import p95

TENANTS, QUEUED, EACH, FLOOD = 20, 10_000, 10, 10
CLIENTS = 4
ROWS, LONG = 2000, 40


def submit_all(service, requests):
    """All of (token, request), in their order but for CLIENTS at a time: their numbers and tokens."""
    waiting, numbers, lock = iter(requests), [], threading.Lock()

    def client():
        connection = http.client.HTTPConnection(service.host, service.port, timeout=120)
        while True:
            with lock:
                token, request = next(waiting, (None, None))
            if token is None:
                return connection.close()
            connection.request("POST", "/api/v1/jobs", body=json.dumps(request), headers={"Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            said = json.loads(answer.read())
            if answer.status != 201:
                raise RuntimeError(f"not taken: {answer.status} {said}")
            with lock:
                numbers.append((said["id"], token))

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return numbers


def in_turns(counts, request):
    """Requests of tenants who each have so many, one of each in turn."""
    for turn in range(max(counts.values())):
        for token, count in counts.items():
            if turn < count:
                yield token, request


def many(_):
    """So many jobs wait as the issue wants, of tenants of which one has ten times as many as another."""
    service = Tenants(ROOT / BIN / "leat_spin", TENANTS, "--threads", "4")
    try:
        service.until(service.submit("spin", REST, threads=4), ["running"])
        counts = {token: QUEUED // (TENANTS - 1 + FLOOD) for token in service.tokens}
        counts[service.tokens[0]] = QUEUED - sum(counts.values()) + counts[service.tokens[0]]
        began = time.monotonic()
        queued = submit_all(service, in_turns(counts, {"graph": "spin", "args": REST, "threads": 4}))
        took = time.monotonic() - began
        looks = []
        for _ in range(20):
            began = time.monotonic()
            service.ask("GET", "/api/v1/jobs?limit=1000")
            looks.append(time.monotonic() - began)
        most = memory(service.process, "VmHWM")
        return [row(f"{len(queued):,} queued jobs of {TENANTS} tenants: the service's largest RSS", most / 2**20, "MiB",
                    must="< 128 MiB", holds=len(queued) == QUEUED and most < 128 << 20),
                row(f"submitting them, by {CLIENTS} clients", len(queued) / took, "/s"),
                row("a list of 1,000 of them, p95", p95(looks) * 1000, "ms")]
    finally:
        service.end()
        shutil.rmtree(service.at, ignore_errors=True)


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").timestamp()


def waited(service, flood):
    """Seconds from the time when there is room to the starts of the others' jobs; `flood`: jobs of the first."""
    blocks = service.submit("delays", {"data": "data:long.csv"}, threads=4)
    process = service.until(blocks, ["running"])["pid"]
    os.kill(process, signal.SIGSTOP)
    counts = {token: EACH for token in service.tokens}
    counts[service.tokens[0]] = flood
    numbers = submit_all(service, in_turns(counts, {"graph": "delays", "args": {"data": "data:short.csv"}, "threads": 2}))
    if service.job(blocks)["stage"] != "running":
        raise RuntimeError("the job that the others wait for has ended before they were there")
    os.kill(process, signal.SIGCONT)
    room = moment(service.until(blocks, ["done"])["ended"])
    for number, _ in numbers:
        service.until(number, ["done"])
    return [moment(service.job(number)["started"]) - room for number, token in numbers if token != service.tokens[0]]


def waits(_):
    """The others' waiting, with one tenant that has ten times as many jobs, and without; twice each, in turns."""
    root = Path(tempfile.mkdtemp(prefix="leat-tenants-"))
    rows = (ROOT / "examples/data/flights-200k.csv").read_bytes().splitlines(keepends=True)
    (root / "short.csv").write_bytes(b"".join(rows[:ROWS]))
    (root / "long.csv").write_bytes(rows[0] + b"".join(rows[1:]) * LONG)
    times = {EACH: [], EACH * FLOOD: []}
    try:
        for flood in (*times, *times):
            service = Tenants(ROOT / BIN / "service", TENANTS, "--threads", "4", data_root=root)
            try:
                times[flood] += waited(service, flood)
            finally:
                service.end()
                shutil.rmtree(service.at, ignore_errors=True)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    calm, flooded = (p95(times[flood]) for flood in times)
    return [row(f"one of {TENANTS} tenants has {FLOOD} times as many jobs: the others' wait for a start, p95", flooded, "s", "without", calm,
                flooded / calm, "with / without <= 1.5", flooded / calm <= 1.5)]
