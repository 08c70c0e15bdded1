#!/usr/bin/python3
"""restored_test.py PROGRAMS [TEST...]: jobs of a service with checkpoints: killed or cancelled, and restored by one call."""

import csv
import os
import signal
import tempfile
import threading
from pathlib import Path

from made import DATA, PROGRAMS, SCRATCH, run
from service import Service

COPIES = 60
ARGS = {"data": "data:long.csv", "out": "hours.csv"}


def long_service():
    """Whose data root has a file that takes some seconds to read."""
    root = Path(tempfile.mkdtemp(dir=SCRATCH.name))
    header, rows = (DATA / "flights-200k.csv").read_bytes().split(b"\n", 1)
    (root / "long.csv").write_bytes(header + b"\n" + rows * COPIES)
    service = Service(PROGRAMS / "service", "--threads", "4", data_root=root)
    service.root = root
    return service


def begun(service, **args):
    """A job that runs and has a checkpoint, and its process."""
    number = service.submit("delays", {**ARGS, **args}, threads=1, checkpoints=0.02)
    journal = service.at / f"state/service/jobs/{number}/checkpoints/journal"
    while not (journal / "0000000002").exists():
        assert service.job(number)["stage"] in ("queued", "running"), service.job(number)
    while not (taken := service.job(number)["process"].get("checkpoints", {})).get("published"):
        pass
    assert taken["latest"] > 0 and taken["bytes"] > 0 and taken["seconds"] > 0 and taken["age_s"] < 60 and taken["restarts"] == 0, taken
    return number, service.until(number, ["running"])["pid"]


def rows_of(service, number):
    status, _, content = service.ask("GET", f"/api/v1/jobs/{number}/results/hours.csv")
    assert status == 200, content
    return list(csv.DictReader(content.decode().splitlines()))


def restored(service, number, status=200):
    got, _, answer = service.ask("POST", f"/api/v1/jobs/{number}/restore")
    assert got == status, (got, answer)
    return answer if status == 200 else answer["error"]["sentence"]


def a_job_whose_process_is_killed_goes_on_by_one_call():
    service = long_service()
    try:
        whole = service.submit("delays", ARGS)
        service.until(whole, ["done"])
        number, pid = begun(service)
        assert "has not ended" in restored(service, number, 409)
        os.kill(pid, signal.SIGKILL)
        job = service.until(number, ["crashed"])
        assert job["checkpoints"] == 0.02 and "restored" not in job, job
        assert service.ask("GET", f"/api/v1/jobs/{number}/results")[2]["results"] == []
        service.kill()  # who restores it may be a later one
        service.begin()
        assert restored(service, number)["stage"] in ("queued", "running")
        job = service.until(number, ["done"])
        assert job["restored"] == 1 and "sentence" not in job, job
        assert len(rows_of(service, number)) == 24
        for one, other in zip(rows_of(service, number), rows_of(service, whole)):
            assert (one["hour"], one["flights"]) == (other["hour"], other["flights"]), (one, other)
            assert abs(float(one["delay"]) - float(other["delay"])) < 1e-9, (one, other)
        assert not list((service.at / f"state/service/jobs/{number}/checkpoints/cuts").iterdir())
        assert "is done" in restored(service, number, 409)
    finally:
        service.end()


def a_job_that_was_cancelled_goes_on_and_one_that_failed_again_too():
    service = long_service()
    try:
        number, _ = begun(service)
        service.ask("POST", f"/api/v1/jobs/{number}/cancel")
        service.until(number, ["cancelled"])
        for restored_before in range(2):
            restored(service, number)
            job = service.until(number, ["running"])
            assert job["restored"] == restored_before + 1, job
            os.kill(job["pid"], signal.SIGKILL)
            service.until(number, ["crashed"])
        restored(service, number)
        service.until(number, ["done"])
        assert sum(int(one["flights"]) for one in rows_of(service, number)) == COPIES * 200_000
    finally:
        service.end()


def a_job_whose_upload_is_still_coming_goes_on():
    service = long_service()
    try:
        data = (service.root / "long.csv").read_bytes()[:20_000_000]
        data, tus, half = data[:data.rindex(b"\n") + 1], {"Tus-Resumable": "1.0.0"}, 8_000_000
        path = service.ask("POST", "/api/v1/uploads", headers={**tus, "Upload-Length": str(len(data))})[1]["Location"]

        def bring(at, to):
            headers = {**tus, "Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}
            assert service.ask("PATCH", path, data[at:to], headers=headers)[0] == 204
        bring(0, half)
        number, pid = begun(service, data=f"upload:{path.rsplit('/', 1)[1]}")
        os.kill(pid, signal.SIGKILL)
        service.until(number, ["crashed"])
        bring(half, half + 4_000_000)
        restored(service, number)
        service.until(number, ["running"])
        bring(half + 4_000_000, len(data))
        service.until(number, ["done"])
        assert sum(int(one["flights"]) for one in rows_of(service, number)) == data.count(b"\n") - 1
    finally:
        service.end()


def what_a_job_has_used_and_keeps_is_counted_on_and_on():
    service = long_service()
    try:
        number, _ = begun(service)
        used = []
        for _ in range(3):
            os.kill(service.until(number, ["running"])["pid"], signal.SIGKILL)
            job = service.until(number, ["crashed"])
            used.append(job["cpu_seconds"])
            assert job["bytes"] > 0, job
            restored(service, number)
        assert used[0] < used[1] < used[2], used
        service.until(number, ["running"])
        os.kill(service.job(number)["pid"], signal.SIGKILL)
        job = service.until(number, ["crashed"])
        # One that waits keeps what it has, and so does one that is cancelled meanwhile.
        others = [service.submit("delays", ARGS, threads=4) for _ in range(2)]
        assert restored(service, number)["bytes"] == job["bytes"]
        service.ask("POST", f"/api/v1/jobs/{number}/cancel")
        assert service.until(number, ["cancelled", "done"])["bytes"] > 0
        for other in others:
            service.ask("POST", f"/api/v1/jobs/{other}/cancel")
    finally:
        service.end()


def one_that_is_forgotten_while_it_is_restored_does_not_come_back():
    service = long_service()
    try:
        gone, numbers = [], []
        for _ in range(4):
            number, pid = begun(service)
            os.kill(pid, signal.SIGKILL)
            service.until(number, ["crashed"])
            numbers.append(number)
            ask = threading.Thread(target=service.ask, args=("POST", f"/api/v1/jobs/{number}/restore"))
            ask.start()
            if service.ask("DELETE", f"/api/v1/jobs/{number}")[0] == 204:
                gone.append(number)
            ask.join()
        service.kill()
        service.begin()
        there = {one["id"] for one in service.ask("GET", "/api/v1/jobs")[2]["jobs"]}
        assert there == set(numbers) - set(gone), (there, numbers, gone)
    finally:
        service.end()


def one_that_is_killed_after_all_is_visible_is_done():
    service = long_service()
    try:
        number, pid = begun(service)
        journal = service.at / f"state/service/jobs/{number}/checkpoints/journal"
        while any(one.name.isdigit() for one in journal.iterdir()) and service.job(number)["stage"] == "running":
            pass
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it was quicker
        job = service.until(number, ["done"])
        assert job["bytes"] > 0 and sum(int(one["flights"]) for one in rows_of(service, number)) == COPIES * 200_000, job
    finally:
        service.end()


def what_cannot_be_restored_is_one_sentence():
    service = long_service()
    try:
        number = service.submit("delays", ARGS)
        os.kill(service.until(number, ["running"])["pid"], signal.SIGKILL)
        service.until(number, ["crashed"])
        assert "without checkpoints: submit it anew" in restored(service, number, 409)
        number = service.submit("delays", ARGS, checkpoints=3600)
        os.kill(service.until(number, ["running"])["pid"], signal.SIGKILL)
        service.until(number, ["crashed"])
        assert "no checkpoint to go on from: submit it anew" in restored(service, number, 409)
        assert not (service.at / f"state/service/jobs/{number}/results").exists()
        assert "no job 99" in restored(service, 99, 404)
        for every in (0, -1, "10s", True, 1e9):
            status, _, answer = service.ask("POST", "/api/v1/jobs", {"graph": "delays", "args": ARGS, "checkpoints": every})
            assert status == 400 and "seconds between two of them" in answer["error"]["sentence"], (every, answer)
    finally:
        service.end()


run([a_job_whose_process_is_killed_goes_on_by_one_call, a_job_that_was_cancelled_goes_on_and_one_that_failed_again_too,
     a_job_whose_upload_is_still_coming_goes_on, what_a_job_has_used_and_keeps_is_counted_on_and_on,
     one_that_is_forgotten_while_it_is_restored_does_not_come_back, one_that_is_killed_after_all_is_visible_is_done, what_cannot_be_restored_is_one_sentence])
