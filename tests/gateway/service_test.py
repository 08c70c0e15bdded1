#!/usr/bin/env python3
"""service_test.py PROGRAMS [TEST...]: the service of examples/service and of leat_spin, as clients see it: real processes,
real kills, one folder each."""

import base64
import gzip
import hashlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from service import Service

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "examples/data"
PROGRAMS = Path(sys.argv[1]).resolve()
SCRATCH = tempfile.TemporaryDirectory(prefix="leat-service-data-")


def spinning(*options):
    """A service whose jobs run until somebody ends them."""
    return Service(PROGRAMS / "leat_spin", "--threads", "4", *options)


def delays(*options):
    """A service of flights' delays, whose data root has a file that breaks off in its last row."""
    root = tempfile.mkdtemp(dir=SCRATCH.name)
    shutil.copy(DATA / "flights-200k.csv", root)
    rows = (DATA / "flights-200k.csv").read_bytes()
    (Path(root) / "bad.csv").write_bytes(rows + b"1,2,x,y,z\n")
    return Service(PROGRAMS / "service", "--threads", "4", *options, data_root=root)


def a_job_runs_and_its_results_are_there():
    service = delays()
    try:
        number = service.submit("delays", {"data": "data:flights-200k.csv", "out": "hours.csv"})
        job = service.until(number, ["done"])
        assert job["outcome"]["ending"] == "complete" and job["tenant"] == "admin", job
        status, _, listed = service.ask("GET", f"/api/v1/jobs/{number}/results")
        assert status == 200 and [one["name"] for one in listed["results"]] == ["hours.csv"], listed
        status, fields, whole = service.ask("GET", f"/api/v1/jobs/{number}/results/hours.csv")
        assert status == 200 and whole.startswith(b"hour,flights,delay\n") and len(whole.splitlines()) == 25, whole
        assert int(fields["Content-Length"]) == len(whole) == listed["results"][0]["bytes"]
        status, fields, part = service.ask("GET", f"/api/v1/jobs/{number}/results/hours.csv", headers={"Range": "bytes=5-9"})
        assert (status, part, fields["Content-Range"]) == (206, whole[5:10], f"bytes 5-9/{len(whole)}")
        status, fields, _ = service.ask("GET", f"/api/v1/jobs/{number}/results/hours.csv", headers={"Range": "bytes=99999-"})
        assert (status, fields["Content-Range"]) == (416, f"bytes */{len(whole)}")
        assert service.ask("GET", f"/api/v1/jobs/{number}/results/other.csv")[0] == 404
        assert service.ask("GET", f"/api/v1/jobs/{number}/results/..%2Foutcome.json")[0] == 404
        status, _, refused = service.ask("POST", "/api/v1/jobs", {"graph": "delays", "args": {"data": f"result:{number}/hours.csv"}})
        assert status == 400 and "wants column time" in refused["error"]["sentence"], refused
        again = service.submit("delays", {"data": "data:bad.csv"})
        job = service.until(again, ["failed"])
        assert "bad.csv" in job["sentence"], job
        assert service.ask("GET", f"/api/v1/jobs/{again}/results")[2]["results"] == []
        status, _, log = service.ask("GET", f"/api/v1/jobs/{number}/log")
        assert status == 200 and b"rows" in log, log
    finally:
        service.end()


def what_cannot_be_a_job_is_one_sentence():
    service = delays("--memory", "100MiB")
    try:
        def refused(body):
            status, _, answer = service.ask("POST", "/api/v1/jobs", body)
            assert list(answer) == ["error"] and answer["error"]["status"] == status, (status, answer)
            return status, answer["error"]["sentence"]
        good = {"data": "data:flights-200k.csv"}
        for body, status, part in [
                ("{", 400, "no JSON"), ({}, 400, "graph is missing"), ({"graph": "delay"}, 400, "did you mean delays?"),
                ({"graph": "delays"}, 400, "data is missing"), ({"graph": "delays", "args": {"data": "data:none.csv"}}, 400, "no file none.csv"),
                ({"graph": "delays", "args": {"data": "/etc/passwd"}}, 400, "not by a path"),
                ({"graph": "delays", "args": {**good, "out": "../x"}}, 400, "name of a result"),
                ({"graph": "delays", "args": {**good, "ouch": "x"}}, 400, "ouch"),
                ({"graph": "delays", "args": good, "threads": 9}, 400, "9 threads"),
                ({"graph": "delays", "args": good, "threads": 4}, 400, "most of it is"),
                ("x" * (2 << 20), 413, "bytes")]:
            said = refused(body)
            assert said[0] == status and part in said[1], (body, said)
        assert service.ask("GET", "/api/v1/jobs")[2] == {"jobs": [], "next": None}
        assert service.pids() == []
        assert not any(one.is_dir() for one in (service.at / "state/service/jobs").iterdir())
    finally:
        service.end()


def cancelled_in_every_stage_nothing_is_left():
    service = spinning()
    try:
        running = service.submit("spin", {"stage": "rest"}, threads=4)
        waiting = service.submit("spin", {"stage": "rest"}, threads=4)
        job = service.until(running, ["running"])
        assert service.job(waiting)["position"] == 1 and "4 threads" in service.job(waiting)["reason"]
        assert service.ask("POST", f"/api/v1/jobs/{waiting}/cancel")[2]["stage"] == "cancelled"
        status, _, job = service.ask("POST", f"/api/v1/jobs/{running}/cancel")
        assert status == 200 and (job.get("cancelling") or job["stage"] == "cancelled"), job
        job = service.until(running, ["cancelled"])
        assert service.ask("POST", f"/api/v1/jobs/{running}/cancel")[2]["stage"] == "cancelled"
        assert service.pids() == []
        assert not (service.at / f"state/service/jobs/{running}/results").exists()
        assert service.ask("POST", "/api/v1/jobs/99/cancel")[0] == 404
        assert service.ask("DELETE", f"/api/v1/jobs/{running}")[0] == 204
        assert service.ask("GET", f"/api/v1/jobs/{running}")[0] == 404
    finally:
        service.end()


def jobs_outlive_a_service_that_is_killed():
    service = spinning()
    try:
        running = service.submit("spin", {"stage": "rest"}, threads=3)
        waiting = service.submit("spin", {"stage": "rest"}, threads=3)
        pid = service.until(running, ["running"])["pid"]
        service.kill()
        os.kill(pid, 0)
        began = time.monotonic()
        service.begin()
        job = service.job(running)
        adopted = time.monotonic() - began
        assert (job["stage"], job["pid"]) == ("running", pid), job
        assert service.job(waiting)["stage"] == "queued"
        service.ask("POST", f"/api/v1/jobs/{running}/cancel")
        service.until(running, ["cancelled"])
        service.until(waiting, ["running"])
        service.kill()
        os.kill(service.pids()[0], signal.SIGKILL)
        service.begin()
        job = service.until(waiting, ["crashed"])
        assert "not said how it ended" in job["sentence"], job
        print(f"  adopted within {adopted:.2f} s of the start")
        assert service.stop() == 0
    finally:
        service.end()


def a_crash_fails_that_job_alone():
    service = spinning()
    try:
        one = service.submit("spin", {"stage": "rest"}, threads=1)
        other = service.submit("spin", {"stage": "rest"}, threads=1)
        pid = service.until(one, ["running"])["pid"]
        service.until(other, ["running"])
        with service.events() as heard:
            began = time.monotonic()
            os.kill(pid, signal.SIGSEGV)
            while heard.next().get("stage") != "crashed":
                pass
            took = time.monotonic() - began
        job = service.job(one)
        assert job["stage"] == "crashed" and "Segmentation fault" in job["sentence"], job
        assert service.job(other)["stage"] == "running"
        print(f"  told after {took * 1000:.0f} ms")
    finally:
        service.end()


def a_running_job_is_asked_as_on_the_command_line():
    service = spinning()
    try:
        number = service.submit("spin", {"stage": "rest"}, threads=1)
        service.until(number, ["running"])
        while service.job(number).get("process", {}).get("state") != "running":
            pass
        path = f"/api/v1/jobs/{number}"
        assert service.ask("GET", f"{path}/describe")[2]["graph"] == "spin"
        assert service.ask("GET", f"{path}/why?over=0.2")[2]["type"] == "why"
        assert service.ask("GET", f"{path}/dump")[2]["threads"]
        assert service.ask("GET", f"{path}/snapshot")[2]["snapshot"]["cells"]
        assert service.ask("GET", f"{path}/lines")[2]["lines"]
        assert service.ask("GET", f"{path}/why?over=99")[0] == 400
        assert service.ask("GET", f"{path}/why?ower=1")[2]["error"]["sentence"] == "there is no parameter ower, did you mean over?"
        assert service.ask("POST", f"{path}/drain")[2]["drained"] is True
        job = service.until(number, ["done"])
        assert job["drained"] is True, job
        assert service.ask("GET", f"{path}/why")[0] == 409
    finally:
        service.end()


def events_are_told_as_they_happen_and_again():
    service = spinning()
    try:
        with service.events() as heard:
            number = service.submit("spin", {"stage": "rest"}, threads=1)
            stages = []
            while "running" not in stages:
                event = heard.next()
                stages.append(event["stage"])
            assert stages == ["queued", "running"] and event["job"] == number, stages
        service.ask("POST", f"/api/v1/jobs/{number}/cancel")
        service.until(number, ["cancelled"])
        with service.events(after=event["number"]) as heard:
            missed = [heard.next(), heard.next()]
            assert [one.get("stage") for one in missed] == ["running", "cancelled"] and missed[0]["cancelling"], missed
            assert missed[0]["number"] == event["number"] + 1
        with service.events(after=10_000) as heard:
            assert heard.next()["type"] == "gap"
    finally:
        service.end()


def nobody_does_what_he_may_not():
    service = spinning()
    try:
        tokens = service.at / "state/service/tokens"
        service.stop()
        tokens.write_text(tokens.read_text() + "reader read 0123456789abcdefr\nanna run 0123456789abcdefa\nbert run 0123456789abcdefb\n")
        service.begin()
        api = service.ask("GET", "/api/v1/openapi.json", token=False)[2]
        rank = {"none": 0, "read": 1, "run": 2, "admin": 3}
        for path, methods in api["paths"].items():
            for method, operation in methods.items():
                at = path.replace("{id}", "7").replace("{name}", "x")
                role = rank[operation["x-role"]]
                nobody = service.ask(method.upper(), at, token=False)[0]
                assert (nobody == 401) == (role > 0), (method, path, nobody)
                reader = service.ask(method.upper(), at, token="0123456789abcdefr")[0]
                assert (reader == 403) == (role > 1) or path == "/login", (method, path, reader)
                wrong = service.ask(method.upper(), at, headers={"Host": "evil.example"})[0]
                assert wrong == 403, (method, path, wrong)
                foreign = service.ask(method.upper(), at, headers={"Origin": "http://evil.example"})[0]
                assert foreign == 403, (method, path, foreign)
                missing = service.ask("BREW", at)[0]
                assert missing == 405, (path, missing)
        _, _, job = service.ask("POST", "/api/v1/jobs", {"graph": "spin", "args": {"stage": "rest"}, "threads": 1}, token="0123456789abcdefa")
        assert job["tenant"] == "anna", job
        assert service.ask("POST", f"/api/v1/jobs/{job['id']}/cancel", token="0123456789abcdefb")[0] == 403
        assert service.ask("POST", f"/api/v1/jobs/{job['id']}/cancel", token="0123456789abcdefa")[0] == 200
        link = service.said[1].split()[1].split("/", 3)[3]
        status, fields, _ = service.ask("GET", "/" + link, token=False)
        assert status == 303 and "HttpOnly; SameSite=Strict" in fields["Set-Cookie"], fields
        cookie = {"Cookie": fields["Set-Cookie"].split(";")[0]}
        assert service.ask("GET", "/" + link, token=False)[0] == 403
        assert service.ask("GET", "/api/v1/jobs", token=False, headers=cookie)[0] == 200
        body = {"graph": "spin", "args": {"stage": "rest"}, "threads": 1}
        assert service.ask("POST", "/api/v1/jobs", body, token=False, headers=cookie)[0] == 403
        cookie["Origin"] = f"http://{service.host}:{service.port}"
        assert service.ask("POST", "/api/v1/jobs", body, token=False, headers=cookie)[0] == 201
    finally:
        service.end()


def answers_are_compressed_known_again_and_limited():
    service = delays()
    try:
        status, fields, body = service.ask("GET", "/api/v1/openapi.json", headers={"Accept-Encoding": "gzip"})
        assert status == 200 and fields["Content-Encoding"] == "gzip" and json.loads(gzip.decompress(body))["openapi"] == "3.1.0"
        assert service.ask("GET", "/api/v1/openapi.json", headers={"If-None-Match": fields["ETag"]})[0] == 304
        assert service.ask("GET", "/api/v1/jobs/1/tap")[2]["error"]["sentence"].startswith("the parameter place is missing")
        assert service.ask("GET", "/", headers={"Transfer-Encoding": "xchunked"})[0] == 501
        status, fields, body = service.ask("HEAD", "/api/v1/graphs")
        assert status == 200 and body in (b"", None) and int(fields["Content-Length"]) > 100, fields
        assert service.ask("GET", "/collatz/27")[2] == {"steps": 111}
        assert service.ask("GET", "/collatz/0")[0] == 400
        assert service.ask("GET", "/collatz/x")[2]["error"]["sentence"].startswith("n must be")
        statuses = [service.ask("GET", "/collatz/27")[0] for _ in range(300)]
        assert 429 in statuses and set(statuses) <= {200, 429}, set(statuses)
        assert b'leat_service_requests_total{method="GET",route="/collatz/{n}"} 30' in service.ask("GET", "/metrics")[2]
    finally:
        service.end()


def an_upload_goes_on_where_it_ended():
    service = delays()
    try:
        tus = {"Tus-Resumable": "1.0.0"}
        part = {**tus, "Content-Type": "application/offset+octet-stream"}
        content = (DATA / "flights-200k.csv").read_bytes()
        status, fields, _ = service.ask("OPTIONS", "/api/v1/uploads")
        assert status == 204 and "checksum" in fields["Tus-Extension"], fields
        name = base64.b64encode(b"flights.csv").decode()
        status, fields, _ = service.ask("POST", "/api/v1/uploads", headers={**tus, "Upload-Length": str(len(content)), "Upload-Metadata": f"filename {name},x"})
        assert status == 201 and fields["Tus-Resumable"] == "1.0.0" and fields["Upload-Expires"], fields
        at = fields["Location"]
        half = len(content) // 2
        connection = http.client.HTTPConnection(service.host, service.port, timeout=60)
        connection.putrequest("PATCH", at)
        for field, value in {**part, "Upload-Offset": "0", "Content-Length": str(len(content)), "Authorization": f"Bearer {service.token}"}.items():
            connection.putheader(field, value)
        connection.endheaders()
        connection.send(content[:half])
        while int(service.ask("HEAD", at, headers=tus)[1]["Upload-Offset"]) == 0 and (service.at / f"state/service/uploads/{at.rsplit('/', 1)[1]}.data").stat().st_size < half:
            pass
        assert service.ask("PATCH", at, content[half:], headers={**part, "Upload-Offset": "0"})[0] == 423
        assert service.ask("POST", "/api/v1/jobs", {"graph": "delays", "args": {"data": "upload:" + at.rsplit("/", 1)[1]}})[0] == 400
        service.kill()
        connection.close()
        service.begin()
        offset = int(service.ask("HEAD", at, headers=tus)[1]["Upload-Offset"])
        assert offset == half, (offset, half)
        assert service.ask("PATCH", at, content[offset + 1:], headers={**part, "Upload-Offset": str(offset + 1)})[0] == 409
        assert service.ask("PATCH", at, content[offset:], headers={"Content-Type": part["Content-Type"], "Upload-Offset": str(offset)})[0] == 412
        assert service.ask("PATCH", at, content[offset:], headers={**tus, "Upload-Offset": str(offset)})[0] == 415
        third = content[offset:offset + 1000]
        wrong = "sha1 " + base64.b64encode(hashlib.sha1(b"other").digest()).decode()
        right = "sha256 " + base64.b64encode(hashlib.sha256(third).digest()).decode()
        assert service.ask("PATCH", at, third, headers={**part, "Upload-Offset": str(offset), "Upload-Checksum": wrong})[0] == 460
        assert service.ask("PATCH", at, third, headers={**part, "Upload-Offset": str(offset), "Upload-Checksum": "md5 AA=="})[0] == 400
        assert int(service.ask("HEAD", at, headers=tus)[1]["Upload-Offset"]) == offset
        status, fields, _ = service.ask("PATCH", at, third, headers={**part, "Upload-Offset": str(offset), "Upload-Checksum": right})
        assert (status, int(fields["Upload-Offset"])) == (204, offset + 1000), fields
        status, fields, _ = service.ask("PATCH", at, content[offset + 1000:], headers={**part, "Upload-Offset": str(offset + 1000)})
        assert (status, int(fields["Upload-Offset"])) == (204, len(content)), fields
        assert service.ask("PATCH", at, b"more", headers={**part, "Upload-Offset": str(len(content))})[0] == 413
        listed = service.ask("GET", "/api/v1/uploads")[2]["uploads"]
        assert [(one["name"], one["complete"]) for one in listed] == [("flights.csv", True)], listed
        number = service.submit("delays", {"data": "upload:" + listed[0]["id"], "out": "hours.csv"})
        service.until(number, ["done"])
        assert service.ask("DELETE", at, headers=tus)[0] == 204
        assert service.ask("HEAD", at, headers=tus)[0] == 404
        assert list((service.at / "state/service/uploads").glob("*.data")) == []
        assert service.ask("POST", "/api/v1/uploads", headers={**tus, "Upload-Length": str(10**17)})[0] == 413
        assert service.ask("POST", "/api/v1/uploads", headers={**tus, "Upload-Length": str(10**12)})[0] == 507
        assert service.ask("POST", "/api/v1/uploads", headers=tus)[0] == 400
    finally:
        service.end()


def only_one_service_has_a_folder():
    service = spinning()
    try:
        second = subprocess.run([str(PROGRAMS / "leat_spin"), "serve"], cwd=service.at, env=service.environment, capture_output=True,
                                text=True, timeout=60, check=False)
        assert second.returncode != 0 and "another service has" in second.stderr, second
    finally:
        service.end()


def a_job_is_started_once_whatever_is_changed_meanwhile():
    service = spinning()
    try:
        ends, following = threading.Event(), [1]

        def change():
            while not ends.is_set():
                service.ask("PATCH", f"/api/v1/jobs/{following[0]}", {"priority": 3})
        changes = [threading.Thread(target=change) for _ in range(3)]
        for one in changes:
            one.start()
        for _ in range(6):
            following[0] = service.submit("spin", {"stage": "rest"}, threads=1) + 1
        ends.set()
        for one in changes:
            one.join()
        jobs = service.ask("GET", "/api/v1/jobs")[2]["jobs"]
        running = [job["id"] for job in jobs if job["stage"] == "running"]
        assert (len(jobs), sorted(running)) == (6, [1, 2, 3, 4]), jobs
        for number in running:
            service.until(number, ["running"])
        while len(service.pids()) < 4:
            pass
        assert len(service.pids()) == 4
        assert [job["position"] for job in jobs if job["stage"] == "queued"] == [2, 1], jobs
    finally:
        service.end()


def a_cancel_outlives_the_service_and_numbers_are_given_once():
    service = spinning()
    try:
        stuck = service.submit("spin", {"stage": "spin"}, threads=1)
        while (service.job(stuck).get("process") or {}).get("state") != "running":
            pass
        service.ask("POST", f"/api/v1/jobs/{stuck}/cancel")
        service.kill()
        service.begin()
        service.until(stuck, ["cancelled"])
        assert service.pids() == []
        assert service.ask("DELETE", f"/api/v1/jobs/{stuck}")[0] == 204
        assert service.stop() == 0
        service.begin()
        number = service.submit("spin", {"stage": "rest"}, threads=1)
        assert number > stuck, number
        pid = service.until(number, ["running"])["pid"]
        (service.at / f"state/service/jobs/{number}/outcome.json").write_text('{"status": "x"}')
        os.kill(pid, signal.SIGKILL)
        assert "Killed" in service.until(number, ["crashed"])["sentence"]
        assert service.stop() == 0
        (service.at / "state/service/jobs/jobs.db").unlink()
        for more in ("-wal", "-shm"):
            (service.at / f"state/service/jobs/jobs.db{more}").unlink(missing_ok=True)
        service.begin()
        later = service.submit("spin", {"stage": "rest"}, threads=1)
        assert later > number, later
    finally:
        service.end()


TESTS = [a_job_runs_and_its_results_are_there, what_cannot_be_a_job_is_one_sentence, cancelled_in_every_stage_nothing_is_left,
         jobs_outlive_a_service_that_is_killed, a_crash_fails_that_job_alone, a_running_job_is_asked_as_on_the_command_line,
         events_are_told_as_they_happen_and_again, nobody_does_what_he_may_not, answers_are_compressed_known_again_and_limited,
         a_job_is_started_once_whatever_is_changed_meanwhile, a_cancel_outlives_the_service_and_numbers_are_given_once,
         only_one_service_has_a_folder, an_upload_goes_on_where_it_ended]

for test in TESTS:
    if len(sys.argv) < 3 or test.__name__ in sys.argv[2:]:
        began = time.monotonic()
        test()
        print(f"{test.__name__}: ok after {time.monotonic() - began:.1f} s", flush=True)
