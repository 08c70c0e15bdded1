#!/usr/bin/python3
"""commands_test.py PROGRAMS [TEST...]: the commands that look at jobs and end them, through a service: real processes."""

import http.server
import json
import os
import socket
import subprocess
import threading
from pathlib import Path

from made import DATA, PROGRAMS, SCRATCH, delays, run, spinning
from service import Service


def command(service, *words, token=None, status=0):
    """What a command of the service's program says, asked of the service."""
    environment = {**service.environment, "LEAT_TOKEN": token or service.token}
    environment.pop("LEAT_STATE")  # none of it goes past the service
    said = subprocess.run([service.program, *words, "--service", f"http://{service.host}:{service.port}"], env=environment, cwd=service.at,
                          capture_output=True, text=True, timeout=60)
    assert said.returncode == status, (words, said)
    return said.stdout if status == 0 else said.stderr


def a_job_is_looked_at_and_ended_through_its_service():
    service = spinning()
    try:
        number = service.submit("spin", {"stage": "rest"}, threads=4)
        waits = service.submit("spin", {"stage": "rest"}, threads=4)
        service.until(number, ["running"])
        while (service.job(number).get("process") or {}).get("state") != "running":
            pass
        listed = json.loads(command(service, "jobs", "--json"))["jobs"]
        assert {one["number"]: one["state"] for one in listed} == {number: "running", waits: "queued"}, listed
        assert "spin" in command(service, "jobs")
        one = json.loads(command(service, "describe", str(number), "--json"))
        assert one["number"] == number and one["state"] == "running" and one["pid"] == service.job(number)["pid"], one
        assert "queued" in command(service, "describe", str(waits))
        why = json.loads(command(service, "why", str(number), "--over", "0.2", "--json"))
        assert why["type"] == "why", why
        assert f"{number} spin running" in command(service, "top", str(number), "--once")
        dump = json.loads(command(service, "dump", str(number), "--json"))
        assert dump["type"] == "dump" and dump["threads"], dump
        command(service, "logs", str(number))
        command(service, "trace", str(number), "--over", "0.2", "--out", "trace.json")
        assert json.loads((service.at / "trace.json").read_text())["traceEvents"]
        assert "has not begun" in command(service, "why", str(waits), status=1)
        assert "several jobs" in command(service, "why", "spin", status=1)
        assert "did you mean spin?" in command(service, "why", "spim", status=1)
        status, _, job = service.ask("GET", f"/api/v1/jobs/{number}/end?within=0.01")
        assert status == 200 and job["stage"] == "running", job
        ended = []
        waiter = threading.Thread(target=lambda: ended.append(service.ask("GET", f"/api/v1/jobs/{number}/end?within=60")[2]["stage"]))
        waiter.start()
        assert command(service, "cancel", str(waits)) == f"job {waits}: cancelled\n"
        assert command(service, "cancel", "spin") == f"job {number}: cancelled\n"
        waiter.join()
        assert ended == ["cancelled"], ended
        assert service.ask("GET", "/api/v1/jobs/99/end")[0] == 404
        assert service.job(number)["stage"] == "cancelled" and not service.pids()
        assert "has ended: it is cancelled" in command(service, "why", str(number), status=1)
        assert "cancelled" in command(service, "describe", str(number))
        assert "there is no job 99" in command(service, "describe", "99", status=1)
    finally:
        service.end()


def what_is_no_service_or_no_token_is_one_sentence():
    service = spinning()
    try:
        def refused(*words, **environment):
            said = subprocess.run([service.program, *words], env={**service.environment, **environment}, capture_output=True, text=True, timeout=60)
            assert said.returncode != 0 and len(said.stderr.splitlines()) == 1, said
            return said.stderr
        at = f"http://{service.host}:{service.port}"
        assert "LEAT_TOKEN" in refused("jobs", "--service", at)
        assert "token" in refused("jobs", "--service", at, LEAT_TOKEN="no token of its")
        assert "has no token" in refused("jobs", "--service", at, "--token", "none")
        assert "nothing listens there" in refused("jobs", "--service", "http://127.0.0.1:1", LEAT_TOKEN="x")
        assert "--service" in refused("jobs", "--service", "nowhere", LEAT_TOKEN="x")
        assert "two places" in refused("jobs", "--service", at, "--cluster", "127.0.0.1:1", LEAT_TOKEN="x")
        said = subprocess.run([service.program, "jobs", "--service", at, "--token", service.at / "state/service/tokens"], env=service.environment,
                              capture_output=True, text=True, timeout=60)
        assert said.returncode == 0, said
    finally:
        service.end()


def odd_answers_are_one_sentence():
    class Odd(http.server.BaseHTTPRequestHandler):
        body = b""

        def answer(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Length", str(len(Odd.body)))
            self.end_headers()
            self.wfile.write(Odd.body)

        do_GET = do_POST = answer

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {**os.environ, "LEAT_TOKEN": "x"}
    for body in (b"", b"{}", b"[]", b'{"jobs": [{}]}', b'{"jobs": [1]}', b'{"jobs": [{"id": 1, "graph": 7, "stage": "x"}]}', b'{"id": 1, "stage": 5}',
                 b"[" * 100000, b'{"a":' * 100000, b"x" * (17 << 20)):
        Odd.body = body
        for words in (["jobs"], ["describe", "1"], ["why", "1"], ["cancel", "1"], ["drain", "spin"]):
            said = subprocess.run([PROGRAMS / "leat_spin", *words, "--service", f"http://127.0.0.1:{server.server_port}"], env=environment,
                                  capture_output=True, text=True, timeout=60)
            assert said.returncode in (1, 2) and len(said.stderr.splitlines()) == 1 and "exception" not in said.stderr, (body[:40], words, said)
    server.shutdown()


def a_file_is_brought_though_the_service_is_killed_meanwhile():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    service = delays("--listen", f"127.0.0.1:{port}")
    try:
        large = service.at / "large"
        large.write_bytes(os.urandom(1 << 20) * 300)
        client = subprocess.Popen([service.program, "upload", large, "--service", f"http://127.0.0.1:{port}"],
                                  env={**service.environment, "LEAT_TOKEN": service.token}, stdout=subprocess.PIPE, text=True)
        while not any(one["offset"] > 0 for one in service.ask("GET", "/api/v1/uploads")[2]["uploads"]):
            pass
        service.kill()
        service.begin()
        said = client.communicate(timeout=120)[0]
        assert client.returncode == 0, said
        kept = service.at / "state/service/uploads" / (said.strip().split(":")[1] + ".data")
        assert kept.read_bytes() == large.read_bytes()
        assert len(service.ask("GET", "/api/v1/uploads")[2]["uploads"]) == 1
    finally:
        service.end()


def who_waits_for_an_end_is_answered_as_the_service_ends():
    service = spinning()
    try:
        number = service.submit("spin", {"stage": "rest"}, threads=4)
        service.until(number, ["running"])
        heard = []
        waiters = [threading.Thread(target=lambda: heard.append(service.ask("GET", f"/api/v1/jobs/{number}/end?within=60")[2]["stage"])) for _ in range(5)]
        for one in waiters:
            one.start()
        counted = f'route="/api/v1/jobs/{{id}}/end"}} {len(waiters)}'
        while counted not in service.ask("GET", "/metrics")[2].decode():
            pass
        assert service.stop() == 0
        for one in waiters:
            one.join()
        assert heard == ["running"] * 5, heard
    finally:
        service.end()


def a_file_is_brought_and_a_job_reads_it():
    service = delays()
    try:
        said = command(service, "upload", str(DATA / "flights-200k.csv")).strip()
        assert said.startswith("upload:"), said
        number = service.submit("delays", {"data": said, "out": "hours.csv"})
        service.until(number, ["done"])
        assert service.ask("GET", "/api/v1/uploads")[2]["uploads"][0]["name"] == "flights-200k.csv"
        assert "cannot be read" in command(service, "upload", "none.csv", status=2)
        large = service.at / "large"
        large.write_bytes(bytes(range(256)) * (80 << 10))  # three parts
        brought = json.loads(command(service, "upload", str(large), "--json"))
        kept = service.at / "state/service/uploads" / (brought["upload"] + ".data")
        assert brought["bytes"] == 20 << 20 and kept.read_bytes() == large.read_bytes(), brought
        number = service.submit("delays", {"data": said})
        service.until(number, ["done"])
        assert command(service, "drain", "99", status=1)
    finally:
        service.end()


def a_service_is_asked_over_tls():
    for words in (["init", "authority"], ["init", "other"], ["node", "svc", "--in", "authority", "--host", "127.0.0.1"], ["node", "far", "--in", "authority", "--host", "10.0.0.1"]):
        subprocess.run([PROGRAMS / "leat", "certs", *words], cwd=SCRATCH.name, check=True, capture_output=True, timeout=60)
    folder = Path(SCRATCH.name) / "authority"

    class Encrypted(Service):
        description = None  # which is asked without TLS

    for name, refused in ("svc", None), ("far", "IP address mismatch"):
        service = Encrypted(PROGRAMS / "leat_spin", "--threads", "4", "--certificate", str(folder / f"{name}.pem"), "--key", str(folder / f"{name}.key"))
        try:
            def asked(*words, scheme="https", status=0):
                environment = {**service.environment, "LEAT_TOKEN": service.token}
                said = subprocess.run([service.program, "jobs", "--json", "--service", f"{scheme}://{service.host}:{service.port}", *words], env=environment,
                                      cwd=SCRATCH.name, capture_output=True, text=True, timeout=60)
                assert said.returncode == status and (status == 0 or len(said.stderr.splitlines()) == 1), said
                return said.stdout if status == 0 else said.stderr
            if refused:
                assert refused in asked("--ca", str(folder / "authority.pem"), status=1)
                continue
            assert json.loads(asked("--ca", str(folder / "authority.pem")))["jobs"] == []
            assert "its certificate is refused" in asked(status=1)
            assert "its certificate is refused" in asked("--ca", "other/authority.pem", status=1)
            assert "none.pem" in asked("--ca", "none.pem", status=1)
            assert "cannot reach http://" in asked(scheme="http", status=1)
            assert "--ca is of a service that is asked with https" in asked("--ca", str(folder / "authority.pem"), scheme="http", status=2)
        finally:
            service.end()


run([a_job_is_looked_at_and_ended_through_its_service, what_is_no_service_or_no_token_is_one_sentence,
     odd_answers_are_one_sentence, a_file_is_brought_though_the_service_is_killed_meanwhile,
     who_waits_for_an_end_is_answered_as_the_service_ends, a_file_is_brought_and_a_job_reads_it, a_service_is_asked_over_tls])
