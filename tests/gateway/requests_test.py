#!/usr/bin/env python3
"""requests_test.py PROGRAMS [TEST...]: who may ask what of a service, how it answers, and uploads: real processes."""

import base64
import gzip
import hashlib
import http.client
import json
import socket
import threading

from made import DATA, delays, run, spinning


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


def a_panel_is_named_and_open():
    service = delays()
    try:
        panels = service.ask("GET", "/api/v1/panels")[2]
        assert panels == {"panels": [{"name": "Longest", "module": "/panels/Longest"}]}, panels
        status, fields, module = service.ask("GET", "/panels/Longest", token=False)
        assert status == 200 and fields["Content-Type"].startswith("text/javascript") and b"export default" in module, fields
        assert service.ask("GET", "/panels/x", token=False)[0] == 404
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


run([nobody_does_what_he_may_not, answers_are_compressed_known_again_and_limited,
     a_standing_graph_answers_and_drops_who_has_left, a_panel_is_named_and_open, an_upload_goes_on_where_it_ended])
