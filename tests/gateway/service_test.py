#!/usr/bin/python3
"""service_test.py PROGRAMS [TEST...]: the service of examples/service and of leat_spin, as clients see it: real processes,
real kills, one folder each."""

import os
import signal
import subprocess
import threading
import time

from made import PROGRAMS, delays, run, spinning, toml


def a_job_runs_and_its_results_are_there():
    service = delays()
    try:
        number = service.submit("delays", {"data": "data:flights-200k.csv", "out": "hours.csv"})
        job = service.until(number, ["done"])
        assert job["outcome"]["ending"] == "complete" and job["tenant"] == "admin", job
        charts = {one["name"]: one["points"] for one in service.ask("GET", f"/api/v1/jobs/{number}/charts")[2]["charts"]}
        assert max(point[1] for point in charts["rows/s"]) > 1e5 and max(point[1] for point in charts["bytes/s"]) > 1e6, charts
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


def graphs_of_a_folder_are_jobs():
    service = toml()
    try:
        graphs = {one["name"]: one for one in service.ask("GET", "/api/v1/graphs")[2]["graphs"]}
        assert sorted(graphs) == ["delays", "late", "predict", "regression", "standardise"], graphs
        assert {one["name"] for one in graphs["delays"]["params"]} == {"data", "hours", "bands", "top"}, graphs["delays"]
        number = service.submit("delays", {"data": "data:flights-200k.csv", "hours": "by-hour.csv"})
        service.until(number, ["done"])
        names = [one["name"] for one in service.ask("GET", f"/api/v1/jobs/{number}/results")[2]["results"]]
        assert names == ["bands.csv", "by-hour.csv", "delays.db"], names
        status, _, refused = service.ask("POST", "/api/v1/jobs", {"graph": "delays", "args": {"graph": "name = \"x\""}})
        assert status == 400, refused
        for folder, part in [(service.at / "none", "No such file"), (service.at, "has no graph")]:
            said = subprocess.run([PROGRAMS / "leat", "serve", "--graphs", folder], capture_output=True, text=True, timeout=60)
            assert said.returncode == 2 and part in said.stderr and len(said.stderr.splitlines()) == 1, said
        said = subprocess.run([PROGRAMS / "leat", "serve"], capture_output=True, text=True, timeout=60)
        assert said.returncode == 2 and "--graphs FOLDER" in said.stderr, said
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
        # What it last waited for is kept, where it ran long enough to be looked at.
        assert service.ask("GET", f"{path}/why")[0] in (200, 409)
        assert service.ask("GET", f"{path}/snapshot")[0] == 409
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


def one_job_is_watched_whole():
    service = spinning()
    try:
        other = service.submit("spin", {"stage": "rest"}, threads=1)
        number = service.submit("spin", {"stage": "rest"}, threads=1)
        with service.events(query=f"job={number}") as heard, service.events(query=f"job={number}") as second:
            while not (picture := heard.picture())["why"]:
                pass
            assert list(picture) == ["type", "number", "job", "snapshot", "why"] and picture["type"] == "job", picture
            job = service.job(number)
            job.pop("why", None)  # which a picture has beside it
            assert sorted(picture["job"]) == sorted(job) and picture["job"]["process"]["graph"] == "spin", picture
            assert picture["snapshot"]["snapshot"]["cells"] and picture["why"]["type"] == "why", picture
            began, count, seconds = time.monotonic(), 0, picture["snapshot"]["snapshot"]["seconds"]
            while time.monotonic() < began + 1:
                picture, count = heard.picture(), count + 1
                assert picture["snapshot"]["snapshot"]["seconds"] > seconds, "one that is older came later"
                seconds = picture["snapshot"]["snapshot"]["seconds"]
            assert 3 <= count <= 11, count
            # Encoded once: the same picture comes to both.
            while second.picture()["number"] < picture["number"]:
                pass
            with service.events(query=f"job={number}&form=cbor") as packed:
                assert not packed.binary  # what it says first is no picture
                told, said = packed.picture(), heard.picture()
                assert packed.binary
                at = lambda picture: picture["snapshot"]["snapshot"]["seconds"]
                while at(told) != at(said):  # each is sent the latest, and may leave some out
                    if at(told) < at(said):
                        told = packed.picture()
                    else:
                        said = heard.picture()
                assert told == said, (told, said)
            service.ask("POST", f"/api/v1/jobs/{other}/cancel")
            service.until(other, ["cancelled"])
            service.ask("POST", f"/api/v1/jobs/{number}/cancel")
            events = [heard.next()]
            while events[-1].get("stage") != "cancelled":
                events.append(heard.next())
            assert all(one["job"] == number for one in events), events
            while (last := heard.picture())["job"]["stage"] != "cancelled":
                pass
            assert last["number"] >= events[-1]["number"] and last["snapshot"] is None, last
            assert last["job"] == service.job(number), last
            service.ask("DELETE", f"/api/v1/jobs/{number}")
            while heard.picture()["job"] is not None:
                pass
        with service.events(query=f"job={other}&jobs=true") as heard:
            kinds = set()  # in any order, and of one perhaps two before the other
            while kinds != {"job", "jobs"}:
                kinds.add(heard.picture()["type"])
        status, _, refused = service.ask("GET", "/api/v1/live?job=99")
        assert status == 404 and "no job 99" in refused["error"]["sentence"], refused
    finally:
        service.end()


def what_a_job_has_drawn_is_kept_however_it_ends():
    def charts(service, number):
        status, _, told = service.ask("GET", f"/api/v1/jobs/{number}/charts")
        assert status == 200, told
        return {one["name"]: one for one in told["charts"]}

    def seen(service, number):
        """Waits until the service has looked at it twice."""
        path = service.at / f"state/service/jobs/{number}/history"
        while not path.exists() or not path.read_text().startswith("{"):
            time.sleep(0.05)
    service = spinning()
    try:
        crashes, ends = (service.submit("spin", {"stage": "rest"}, threads=1) for _ in range(2))
        for number in crashes, ends:
            service.until(number, ["running"])
            seen(service, number)
        drawn = charts(service, ends)
        assert list(drawn) == ["chunks", "bytes/s", "rows/s", "memory"], drawn
        assert drawn["chunks"]["x"] == "step" and drawn["chunks"]["stage"] == "endless" and drawn["chunks"]["points"][:2] == [[1, 2], [2, 4]], drawn
        times = [point[0] for point in drawn["rows/s"]["points"]]
        assert abs(times[-1] - time.time()) < 30 and times == sorted(times), drawn
        assert drawn["memory"]["points"][-1][1] > 1 << 20 and drawn["memory"]["x"] == "time", drawn
        status, fields, _ = service.ask("GET", f"/api/v1/jobs/{ends}/graph")
        assert service.ask("GET", f"/api/v1/jobs/{ends}/graph", headers={"If-None-Match": fields["ETag"]})[0] == 304
        service.kill()
        service.begin()
        os.kill(service.until(crashes, ["running"])["pid"], signal.SIGKILL)
        service.until(crashes, ["crashed"])
        service.ask("POST", f"/api/v1/jobs/{ends}/drain")
        service.until(ends, ["done"])
        after = charts(service, ends)
        assert len(after["chunks"]["points"]) >= len(drawn["chunks"]["points"]) and after["rows/s"]["points"][0] == drawn["rows/s"]["points"][0], after
        assert [name for name in charts(service, crashes)] == list(drawn)
        kept = [service.ask("GET", f"/api/v1/jobs/{number}/{what}")[2] for number in (crashes, ends) for what in ("charts", "why", "graph")]
        assert [one.get("type") or list(one)[0] for one in kept] == 2 * ["charts", "why", "graph"], kept
        assert str(service.at) not in str(kept[2]) and [one["name"] for one in kept[2]["stages"]] == ["endless", "turn", "keep"], kept[2]
        assert service.stop() == 0
        service.begin()
        again = [service.ask("GET", f"/api/v1/jobs/{number}/{what}")[2] for number in (crashes, ends) for what in ("charts", "why", "graph")]
        assert again == kept
        assert service.ask("DELETE", f"/api/v1/jobs/{ends}")[0] == 204
        assert service.ask("GET", f"/api/v1/jobs/{ends}/charts")[0] == 404
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


run([a_job_runs_and_its_results_are_there, graphs_of_a_folder_are_jobs, what_cannot_be_a_job_is_one_sentence, cancelled_in_every_stage_nothing_is_left,
     jobs_outlive_a_service_that_is_killed, a_crash_fails_that_job_alone, a_running_job_is_asked_as_on_the_command_line,
     events_are_told_as_they_happen_and_again, a_job_is_started_once_whatever_is_changed_meanwhile,
     a_cancel_outlives_the_service_and_numbers_are_given_once, one_job_is_watched_whole, what_a_job_has_drawn_is_kept_however_it_ends,
     only_one_service_has_a_folder])
