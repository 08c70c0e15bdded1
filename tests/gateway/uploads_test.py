#!/usr/bin/python3
"""uploads_test.py PROGRAMS [TEST...]: uploads by tus, and who reads them, also while they come: real processes."""

import base64
import hashlib
import http.client

from made import DATA, PROGRAMS, delays, run
from service import Service


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
        # A job reads what is there, and goes on.
        early = service.submit("delays", {"data": "upload:" + at.rsplit("/", 1)[1], "out": "hours.csv"})
        service.until(early, ["running"])
        while "for" not in (why := service.ask("GET", f"/api/v1/jobs/{early}/why?over=0.2")[2]):
            pass
        assert why["stage"] == "read" and why["activity"] == "later" and f"{half} of {len(content)} bytes are there" in why["for"], why
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
        assert service.until(early, ["done"])["outcome"]["rows"] == 200_000
        assert len({service.ask("GET", f"/api/v1/jobs/{one}/results/hours.csv")[2] for one in (early, number)}) == 1
        assert service.ask("DELETE", at, headers=tus)[0] == 204
        assert service.ask("HEAD", at, headers=tus)[0] == 404
        assert list((service.at / "state/service/uploads").glob("*.data")) == []
        assert service.ask("POST", "/api/v1/uploads", headers={**tus, "Upload-Length": str(10**17)})[0] == 413
        assert service.ask("POST", "/api/v1/uploads", headers={**tus, "Upload-Length": str(10**12)})[0] == 507
        assert service.ask("POST", "/api/v1/uploads", headers=tus)[0] == 400
    finally:
        service.end()


def a_job_whose_upload_goes_fails_with_a_sentence():
    service = delays()
    try:
        tus = {"Tus-Resumable": "1.0.0"}
        content = (DATA / "flights-200k.csv").read_bytes()
        at = service.ask("POST", "/api/v1/uploads", headers={**tus, "Upload-Length": str(len(content))})[1]["Location"]
        fields = {**tus, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
        assert service.ask("PATCH", at, content[:1_000_000], headers=fields)[0] == 204
        upload = at.rsplit("/", 1)[1]
        number = service.submit("delays", {"data": f"upload:{upload}"})
        service.until(number, ["running"])
        while "for" not in service.ask("GET", f"/api/v1/jobs/{number}/why?over=0.2")[2]:
            pass
        assert service.ask("DELETE", at, headers=tus)[0] == 204
        job = service.until(number, ["failed"])
        assert "removed before all of it had come" in job["sentence"], job
        status, _, refused = service.ask("POST", "/api/v1/jobs", {"graph": "delays", "args": {"data": f"upload:{upload}"}})
        assert status == 400 and "there is no upload" in refused["error"]["sentence"], refused
    finally:
        service.end()


def a_route_of_ones_own_is_given_files_by_the_names_that_clients_say():
    service = Service(PROGRAMS / "leat_spin", "--threads", "4", data_root=DATA)
    try:
        length = (DATA / "flights-200k.csv").stat().st_size
        assert service.ask("GET", "/size/data:flights-200k.csv")[2] == {"bytes": length}
        tus = {"Tus-Resumable": "1.0.0"}
        at = service.ask("POST", "/api/v1/uploads", headers={**tus, "Upload-Length": "10"})[1]["Location"]
        fields = {**tus, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
        assert service.ask("PATCH", at, b"12345", headers=fields)[0] == 204
        upload = at.rsplit("/", 1)[1]
        assert service.ask("GET", f"/size/upload:{upload}")[2] == {"bytes": 5}
        (service.at / "state/service/tokens").open("a").write("anna read 0123456789abcdefanna\n")
        service.stop()
        service.begin()
        for said, part in [("flights-200k.csv", "not by a path"), ("data:..%2FCMakeLists.txt", "no file"), ("upload:none", "no upload none"),
                           ("%2Fetc%2Fpasswd", "not by a path"), ("result:1%2Fkept", "no job 1")]:
            status, _, refused = service.ask("GET", f"/size/{said}")
            assert status == 400 and part in refused["error"]["sentence"], (said, refused)
        assert service.ask("GET", f"/size/upload:{upload}", token="0123456789abcdefanna")[0] == 400
    finally:
        service.end()


run([an_upload_goes_on_where_it_ended, a_job_whose_upload_goes_fails_with_a_sentence,
     a_route_of_ones_own_is_given_files_by_the_names_that_clients_say])
