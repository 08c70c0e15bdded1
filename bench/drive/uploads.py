"""Rows of the benchmark `service`: uploads, and who watches meanwhile."""

import os
import statistics
import subprocess
import threading
import time

from .rows import row
from .runs import BIN, ROOT
from .served import REST, memory, tus_client

BYTES, AT_ONCE, WATCHERS = 512 << 20, 4, 100
KILLED = 2 << 30  # bytes of the one whose client is killed
TUS = {"Tus-Resumable": "1.0.0"}


def content(folder, size=BYTES):
    """A file to upload, which nothing makes smaller."""
    path = folder / "content"
    with open(path, "wb") as file:
        for _ in range(size >> 20):
            file.write(os.urandom(1 << 20))
    return path


def upload(service, path):
    """Those at once, by curl: seconds from the first to the last."""
    begun = [service.ask("POST", "/api/v1/uploads", headers={**TUS, "Upload-Length": str(BYTES)})[1]["Location"] for _ in range(AT_ONCE)]
    fields = {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0", "Authorization": f"Bearer {service.token}"}
    headers = [word for name, value in fields.items() for word in ("-H", f"{name}: {value}")]
    began = time.monotonic()
    clients = [subprocess.Popen(["curl", "-sS", "-f", "-X", "PATCH", "-T", str(path), *headers, f"http://{service.host}:{service.port}{one}"]) for one in begun]
    failed = sum(client.wait() != 0 for client in clients)
    took = time.monotonic() - began
    for one in begun:
        service.ask("DELETE", one, headers=TUS)
    if failed:
        raise RuntimeError(f"{failed} uploads have failed")
    return took


def copied(folder, path):
    """As many copies by dd."""
    copies = [folder / f"copy-{number}" for number in range(AT_ONCE)]
    os.sync()
    began = time.monotonic()
    running = [subprocess.Popen(["dd", f"if={path}", f"of={copy}", "bs=64K", "conv=fsync", "status=none"]) for copy in copies]
    for one in running:
        one.wait()
    took = time.monotonic() - began
    for copy in copies:
        copy.unlink()
    os.sync()
    return took


def beside_dd(service, rounds):
    path, ours, theirs = content(service.at), [], []
    for _ in range(rounds):
        ours.append(upload(service, path))
        theirs.append(copied(service.at, path))
    size = AT_ONCE * BYTES / 2**20
    ratios = [dd / mine for mine, dd in zip(ours, theirs)]
    ratio = statistics.median(ratios)
    made = row("four uploads of 512 MiB at once, against four of dd", size / statistics.median(ours), "MiB/s", "dd conv=fsync",
               size / statistics.median(theirs), ratio, "ratio >= 0.5", ratio >= 0.5)
    made["between"] = [min(ratios), max(ratios)]
    return [made]


def killed_half_way(service):
    """One by tus-js-client, whose process is killed half-way; another one goes on."""
    what = "an upload of 2 GiB by tus-js-client, killed half-way"
    modules = tus_client.installed((ROOT / BIN).parent / "tus")
    if modules is None:
        return [row(what, None, "", note="tus-js-client is not there: it comes from npm.")]
    path, known = content(service.at, KILLED), service.at / "known.json"
    began = time.monotonic()
    tus_client.Client(service, modules, path, known).killed_at(KILLED // 2)
    first, upload = tus_client.Client(service, modules, path, known).ended()
    took = time.monotonic() - began
    kept = service.at / f"state/service/uploads/{upload}.data"
    same = tus_client.hash_of(kept) == tus_client.hash_of(path)
    made = [row(what + ": the hash is the same", int(same), "", must="1", holds=same),
            row(what + ": went on at", first / 2**20, "MiB", must=">= 768 MiB", holds=first >= 768 << 20),
            row(what + ": both attempts together", KILLED / 2**20 / took, "MiB/s")]
    service.ask("DELETE", f"/api/v1/uploads/{upload}", headers=TUS)
    path.unlink()
    return made


def watched(service):
    """The service's largest RSS with so many who watch and those uploads, while jobs come and go."""
    path, ends, heard = content(service.at), threading.Event(), [0] * WATCHERS
    sockets = [service.events() for _ in range(WATCHERS)]

    def hear(number):
        while not ends.is_set():
            try:
                sockets[number].next()
                heard[number] += 1
            except (OSError, ValueError):
                return

    def come_and_go():
        while not ends.is_set():
            number = service.submit("spin", REST, threads=1)
            service.ask("POST", f"/api/v1/jobs/{number}/cancel")

    threads = [threading.Thread(target=hear, args=(number,)) for number in range(WATCHERS)]
    threads.append(threading.Thread(target=come_and_go))
    for one in threads:
        one.start()
    upload(service, path)
    most = memory(service.process, "VmHWM")
    ends.set()
    threads[-1].join()
    last = service.submit("spin", REST, threads=1)  # who waits hears of it, and ends
    service.ask("POST", f"/api/v1/jobs/{last}/cancel")
    for one in threads:
        one.join()
    for one in sockets:
        one.__exit__()
    return [row(f"the service's largest RSS with {WATCHERS} watchers and those uploads", most / 2**20, "MiB", must="< 64 MiB", holds=most < 64 << 20),
            row("events that the one who heard least of them has heard", min(heard), "", must=">= 1", holds=min(heard) >= 1)]
