#!/usr/bin/python3
"""requests_test.py PROGRAMS [TEST...]: who may ask what of a service, and how it answers: real processes."""

import gzip
import json
import socket
import threading
import time

from pathlib import Path

from made import SCRATCH, delays, run, spinning


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


def a_lent_link_reads_and_a_session_ends():
    service = spinning()
    try:
        tokens = service.at / "state/service/tokens"
        service.stop()
        tokens.write_text(tokens.read_text() + "reader read 0123456789abcdefr\nanna run 0123456789abcdefa\n")
        service.begin()
        assert service.ask("POST", "/api/v1/links", {"hours": 1}, token="0123456789abcdefr")[0] == 403
        assert service.ask("POST", "/api/v1/links", {"hours": 1000}, token="0123456789abcdefa")[0] == 400
        status, _, lent = service.ask("POST", "/api/v1/links", {"hours": 1}, token="0123456789abcdefa")
        place = f"http://{service.host}:{service.port}"
        assert status == 201 and lent["link"].startswith(place + "/login?lent=") and lent["expires"].endswith("Z"), lent
        cookies = []
        for _ in range(2):
            status, fields, _ = service.ask("GET", lent["link"][len(place):], token=False)
            said = fields["Set-Cookie"]
            assert status == 303 and "HttpOnly; SameSite=Strict" in said and 3500 < int(said.split("Max-Age=")[1]) <= 3600, fields
            cookies.append({"Cookie": said.split(";")[0], "Origin": place})
        for cookie in cookies:
            assert service.ask("GET", "/api/v1/jobs", token=False, headers=cookie)[0] == 200
            assert service.ask("POST", "/api/v1/jobs", {"graph": "spin"}, token=False, headers=cookie)[0] == 403
            assert service.ask("POST", "/api/v1/links", {"hours": 1}, token=False, headers=cookie)[0] == 403
        assert service.ask("POST", "/api/v1/session/end", token=False, headers={"Cookie": cookies[0]["Cookie"]})[0] == 403
        status, fields, _ = service.ask("POST", "/api/v1/session/end", token=False, headers=cookies[0])
        assert status == 204 and "Max-Age=0" in fields["Set-Cookie"], fields
        assert service.ask("GET", "/api/v1/jobs", token=False, headers=cookies[0])[0] == 401
        assert service.ask("GET", "/api/v1/jobs", token=False, headers=cookies[1])[0] == 200
        assert service.ask("POST", "/api/v1/session/end")[0] == 400
        assert service.ask("GET", "/login?lent=0123456789abcdefa", token=False)[0] == 403
    finally:
        service.end()


def rows_and_series_of_a_dataset_are_read():
    root = Path(SCRATCH.name) / "tables"
    root.mkdir()
    service = spinning("--data-root", str(root))
    try:
        number = service.submit("spin", {"stage": "rest", "out": "kept.tables"}, threads=1)
        service.until(number, ["running"])
        assert service.ask("GET", f"/api/v1/datasets/{number}%2Fkept.tables")[0] == 404
        service.emits(number, "turn")
        assert service.ask("POST", f"/api/v1/jobs/{number}/drain")[0] == 200
        service.until(number, ["done"])
        at = f"/api/v1/datasets/{number}%2Fkept.tables"
        status, _, one = service.ask("GET", at)
        rows = one["rows"]
        assert status == 200 and rows >= 1000 and rows % 1000 == 0, one
        assert one["columns"] == [{"name": "number", "type": "i64", "nullable": False}], one
        status, _, page = service.ask("GET", f"{at}/rows?from=998&to=1002&columns=number")
        whole = {"columns": ["number"], "from": 998, "next": None, "rows": [[998], [999], [0], [1]][:rows - 998]}
        assert (status, page) == (200, whole), page
        page = service.ask("GET", f"{at}/rows")[2]
        assert len(page["rows"]) == min(rows, 10000) and page["next"] == (10000 if rows > 10000 else None), page["next"]
        assert service.ask("GET", f"{at}/rows?from={rows}")[2]["rows"] == []
        status, _, series = service.ask("GET", f"{at}/series?column=number&to=1000&pixels=4")
        assert status == 200 and (series["min"], series["max"]) == ([0, 250, 500, 750], [249, 499, 749, 999]), series
        for query, part in [("rows?from=99999999", "and none from"), ("rows?from=2&to=1", "before from"), ("rows?columns=numbr", "did you mean number?"),
                            ("rows?columns=number,number", "named twice"), ("rows?from=-1", "from must be"), ("series", "column is missing"),
                            ("series?column=number&pixels=0", "pixels must be")]:
            status, _, refused = service.ask("GET", f"{at}/{query}")
            assert status == 400 and part in refused["error"]["sentence"], (query, refused)
        kept = (service.at / f"state/service/jobs/{number}/results/kept.tables").read_bytes()
        middle = bytearray(kept)
        middle[2000] ^= 1  # in the first chunk
        for name, content, part in [("cut", kept[:-40], "its end is missing"), ("none", b"a,b\n1,2\n" * 20, "no file of tables"), ("empty", b"", "empty"),
                                    ("middle", bytes(middle), "chunk 0, at byte 64: its checksum is another")]:
            (root / name).write_bytes(content)
            status, _, refused = service.ask("GET", f"/api/v1/datasets/data:{name}" + ("/rows?from=0" if name == "middle" else ""))
            sentence = refused["error"]["sentence"]
            assert status == 422 and part in sentence and f"data:{name}" in sentence and str(root) not in sentence, refused
        for at in ["data:other", "data:..%2Fx", "99%2Fkept.tables", f"{number}%2F..%2Foutcome.json", "kept.tables", "%2Fetc%2Fpasswd"]:
            assert service.ask("GET", f"/api/v1/datasets/{at}")[0] == 404, at
    finally:
        service.end()


def quotas_of_a_token_are_held():
    service = spinning()
    try:
        tokens = service.at / "state/service/tokens"
        service.stop()
        names = {"jobs": "jobs=2", "cpu": "cpu=0.02", "bytes": "bytes=2KiB"}
        tokens.write_text(tokens.read_text() + "".join(f"{name} run 0123456789abcdef{name} {quota}\n" for name, quota in names.items()))
        service.begin()

        def submit(name, **more):
            return service.ask("POST", "/api/v1/jobs", {"graph": "spin", "args": {"stage": "rest", **more}, "threads": 1}, token="0123456789abcdef" + name)

        def refused(name, part):
            status, _, answer = submit(name)
            assert status == 429 and part in answer["error"]["sentence"], answer
        jobs = [submit("jobs")[2]["id"] for _ in range(2)]
        refused("jobs", "jobs has 2 jobs that wait or run, and may have 2")
        folders = {one.name for one in (service.at / "state/service/jobs").iterdir() if one.is_dir()}
        assert folders == {str(job) for job in jobs}, folders
        service.ask("POST", f"/api/v1/jobs/{jobs[0]}/cancel")
        service.until(jobs[0], ["cancelled"])
        assert submit("jobs")[0] == 201

        number = submit("cpu")[2]["id"]
        job = service.until(number, ["cancelled"])
        assert job["sentence"].startswith("cancelled: the jobs of cpu have used") and job["cpu_seconds"] >= 0.02, job
        refused("cpu", "of CPU time in the last 30 days, and may use 0.02")
        assert service.ask("DELETE", f"/api/v1/jobs/{number}", token="0123456789abcdefcpu")[0] == 204
        refused("cpu", "of CPU time")
        service.kill()
        service.begin()
        refused("cpu", "of CPU time")

        number = submit("bytes", out="kept.tables")[2]["id"]
        service.until(number, ["running"])
        service.emits(number, "turn")
        service.ask("POST", f"/api/v1/jobs/{number}/drain")
        job = service.until(number, ["done"])
        assert job["bytes"] == service.ask("GET", f"/api/v1/jobs/{number}/results")[2]["results"][0]["bytes"] > 2048, job
        refused("bytes", "the results and uploads of bytes have")
        upload = {"Tus-Resumable": "1.0.0", "Upload-Length": "1500"}
        assert service.ask("POST", "/api/v1/uploads", headers=upload, token="0123456789abcdefbytes")[0] == 429
        assert service.ask("DELETE", f"/api/v1/jobs/{number}", token="0123456789abcdefbytes")[0] == 204
        assert service.ask("POST", "/api/v1/uploads", headers=upload, token="0123456789abcdefbytes")[0] == 201
        assert service.ask("POST", "/api/v1/uploads", headers=upload, token="0123456789abcdefbytes")[0] == 429
        assert submit("bytes")[0] == 201
    finally:
        service.end()


def old_results_and_the_beginning_of_logs_go():
    service = spinning("--keep", "1")
    try:
        def done():
            number = service.submit("spin", {"stage": "rest", "out": "kept.tables"}, threads=1)
            service.until(number, ["running"])
            service.emits(number, "turn")
            return number
        number = done()
        with service.events() as heard:
            service.ask("POST", f"/api/v1/jobs/{number}/drain")
            while heard.next()["type"] != "job_removed":
                pass
        assert service.ask("GET", f"/api/v1/jobs/{number}")[0] == 404
        while (service.at / f"state/service/jobs/{number}").exists():
            pass
        number = done()
        service.ask("PATCH", f"/api/v1/jobs/{number}", {"pinned": True})
        service.ask("POST", f"/api/v1/jobs/{number}/drain")
        service.until(number, ["done"])

        number = done()
        log = service.at / f"state/service/jobs/{number}/log"
        most, line = 64 << 20, b"x" * 63 + b"\n"
        with log.open("ab") as grows:
            grows.write(line * ((most + (8 << 20)) // 64))
            grows.write(b"the last line\n")
        while log.stat().st_blocks * 512 > most + (1 << 20):
            pass
        status, fields, said = service.ask("GET", f"/api/v1/jobs/{number}/log")
        assert status == 200 and len(said) == most == int(fields["Content-Length"]) and said.endswith(b"the last line\n") and b"\0" not in said
        status, fields, said = service.ask("GET", f"/api/v1/jobs/{number}/log", headers={"Range": "bytes=-14"})
        assert (status, said, fields["Content-Range"]) == (206, b"the last line\n", f"bytes {most - 14}-{most - 1}/{most}"), fields
        other = done()
        service.ask("POST", f"/api/v1/jobs/{other}/cancel")
        service.until(other, ["cancelled"])
        assert service.job(number - 1)["pinned"] is True
    finally:
        service.end()


def the_jobs_are_shown_to_all_who_watch():
    service = spinning()
    try:
        running = service.submit("spin", {"stage": "rest"}, threads=4)
        waiting = service.submit("spin", {"stage": "rest"}, threads=4, priority=1)
        service.until(running, ["running"])
        with service.events() as one, service.events() as other, service.events(query="jobs=false") as events:
            for heard in one, other:
                shown = heard.picture()
                assert shown["counts"] == {"queued": 1, "running": 1, "ended": 0} and shown["number"] >= 3, shown
                assert [(job["id"], job["stage"]) for job in shown["running"] + shown["queued"]] == [(running, "running"), (waiting, "queued")], shown
                assert shown["queued"][0]["position"] == 1 and "args" not in shown["queued"][0], shown
            began = time.monotonic()
            for number in range(150):
                assert service.ask("PATCH", f"/api/v1/jobs/{waiting}", {"priority": number % 100})[0] == 200
            pictures, last = 0, one.picture()
            while last["queued"][0]["priority"] != 49:
                pictures, last = pictures + 1, one.picture()
            took = time.monotonic() - began
            assert pictures <= 10 * took + 2, (pictures, took)
            for _ in range(150):
                assert events.message()["type"] == "job"
            service.ask("POST", f"/api/v1/jobs/{waiting}/cancel")
            while other.picture()["counts"] != {"queued": 0, "running": 1, "ended": 1}:
                pass
            cpu = one.picture()["running"][0]["cpu_seconds"]
            while one.picture()["running"][0]["cpu_seconds"] == cpu:
                pass
            print(f"  {pictures} pictures of 150 changes in {took:.2f} s")
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


def a_standing_graph_answers_and_drops_who_has_left():
    service = delays()
    try:
        def standing():
            return service.ask("GET", "/api/v1/standing")[2]["standing"][0]

        assert service.ask("GET", "/longest/1000", headers={"Priority": "u=1"})[2] == {"number": 871, "steps": 178}
        assert service.ask("GET", "/longest/0")[0] == 400
        gone = []
        for _ in range(40):
            one = socket.create_connection((service.host, service.port))
            one.sendall((f"GET /longest/300000 HTTP/1.1\r\nHost: {service.host}:{service.port}\r\n"
                         f"Authorization: Bearer {service.token}\r\n\r\n").encode())
            gone.append(one)
        while standing()["waiting"] + standing()["working"] < 35:
            pass
        for one in gone:
            one.close()
        while standing()["waiting"] + standing()["working"] > 0:
            pass
        ended = standing()
        # Those that the graph had taken before are worked on.
        assert ended["left"] >= 20 and ended["late"] == 0, ended
        assert service.ask("GET", "/longest/10")[2] == {"number": 9, "steps": 19}
        metrics = service.ask("GET", "/metrics")[2].decode()
        assert 'leat_service_standing_ended_total{graph="/longest/{n}",how="left"}' in metrics, metrics

        answers = []
        last = threading.Thread(target=lambda: answers.append(service.ask("GET", "/longest/1000000")))
        last.start()
        while standing()["working"] == 0:
            pass
        assert service.stop() == 0
        last.join()
        assert answers[0][2] == {"number": 837799, "steps": 524}, answers
    finally:
        service.end()


run([nobody_does_what_he_may_not, a_lent_link_reads_and_a_session_ends, rows_and_series_of_a_dataset_are_read,
     quotas_of_a_token_are_held, old_results_and_the_beginning_of_logs_go, the_jobs_are_shown_to_all_who_watch,
     answers_are_compressed_known_again_and_limited, a_standing_graph_answers_and_drops_who_has_left])
