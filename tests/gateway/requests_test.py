#!/usr/bin/env python3
"""requests_test.py PROGRAMS [TEST...]: who may ask what of a service, how it answers, and uploads: real processes."""

import base64
import gzip
import hashlib
import http.client
import json

from pathlib import Path

from made import DATA, SCRATCH, delays, run, spinning


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
        while (service.ask("GET", f"/api/v1/jobs/{number}/tap?place=turn&rows=1"))[0] != 200:
            pass
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


run([nobody_does_what_he_may_not, a_lent_link_reads_and_a_session_ends, rows_and_series_of_a_dataset_are_read,
     answers_are_compressed_known_again_and_limited, an_upload_goes_on_where_it_ended])
