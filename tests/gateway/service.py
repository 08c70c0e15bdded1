"""A service as a test has it: the program, its address, a token, and requests over one or more connections."""

import base64
import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import cbor

PATIENCE = 60


class Service:
    """A process of `PROGRAM serve` in a folder of its own. Its jobs outlive it, and end with `end()`."""

    description = None  # a class that holds answers against the description of the service: description.py

    def __init__(self, program, *options, data_root=None):
        self.program = Path(program).resolve()
        self.folder = tempfile.TemporaryDirectory(prefix="leat-service-")
        self.at = Path(self.folder.name)
        self.options = [*options, *(["--data-root", str(data_root)] if data_root else [])]
        self.environment = {**os.environ, "LEAT_STATE": str(self.at / "state")}
        self.process = None
        self.described = None
        self.begin()

    def begin(self, *more):
        """Starts it, and waits until it says where it is."""
        announce = self.at / "address"
        announce.unlink(missing_ok=True)
        self.process = subprocess.Popen([str(self.program), "serve", "--announce", str(announce), *self.options, *more],
                                        cwd=self.at, env=self.environment, stdout=subprocess.PIPE,
                                        stderr=open(self.at / "service.log", "ab"), text=True)
        self.said = [self.process.stdout.readline(), self.process.stdout.readline()]
        if not announce.exists():
            raise AssertionError(f"it has not begun: {self.log()}")
        self.host, port = announce.read_text().strip().rsplit(":", 1)
        self.port = int(port)
        self.token = next(line.split()[2] for line in (self.at / "state/service/tokens").read_text().splitlines()
                          if line.startswith("admin"))
        self.described = None
        if self.description:
            self.described = self.description(self.ask("GET", "/api/v1/openapi.json", token=False)[2])

    def log(self):
        return (self.at / "service.log").read_text(errors="replace")

    def kill(self):
        """As by kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def end(self):
        # First the service, which would start those that wait.
        if self.process.poll() is None:
            self.kill()
        # Jobs, and what it had just begun: a process is in its own folder only some time after it was made.
        while pids := self.pids(""):
            for one in pids:
                try:
                    os.kill(one, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        self.folder.cleanup()

    def pids(self, below="state/service/jobs"):
        """Of processes that work in the folder of a job, or below another one of the service's."""
        found = []
        for one in Path("/proc").iterdir():
            if one.name.isdigit():
                try:
                    if str(os.readlink(one / "cwd")).startswith(str(self.at / below)):
                        found.append(int(one.name))
                except OSError:
                    pass
        return found

    def ask(self, method, path, body=None, token=True, headers=None):
        """(status, headers, body: parsed where it is JSON)."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        fields = dict(headers or {})
        if token:
            fields["Authorization"] = f"Bearer {self.token if token is True else token}"
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        connection.request(method, path, body=body, headers=fields)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if (answer.getheader("Content-Type") or "").startswith("application/json") and not answer.getheader("Content-Encoding"):
            content = json.loads(content) if content else None
        if self.described:
            self.described.check(method, path, answer.status, content if isinstance(content, (dict, list)) else None)
        return answer.status, dict(answer.getheaders()), content

    def submit(self, graph, args=None, **more):
        status, _, job = self.ask("POST", "/api/v1/jobs", {"graph": graph, "args": args or {}, **more})
        assert status == 201, (status, job)
        return job["id"]

    def emits(self, number, stage):
        """Waits until a stage of a job that runs has emitted rows."""
        while not (self.ask("GET", f"/api/v1/jobs/{number}/tap?place={stage}&rows=1")[2].get("rows")):
            pass

    def job(self, number):
        status, _, job = self.ask("GET", f"/api/v1/jobs/{number}")
        assert status == 200, (status, job)
        return job

    def events(self, after=None, **more):
        return Events(self, after, **more)

    def until(self, number, stages):
        """Waits, by events, until the job is in one of the stages; returns it."""
        with self.events() as heard:
            while True:
                job = self.job(number)
                # One that is about to be started has no process yet.
                if job["stage"] in stages and (job["stage"] != "running" or "pid" in job):
                    return job
                if job["stage"] in ("done", "failed", "cancelled", "crashed"):
                    raise AssertionError(f"job {number} is {job['stage']}: {job.get('sentence')}, not {stages}")
                heard.next()


class Events:
    """The WebSocket of a service, as far as RFC 6455 is needed to hear text, and binary messages of CBOR."""

    def __init__(self, service, after=None, query="", cookie=None):
        self.socket = socket.create_connection((service.host, service.port), timeout=PATIENCE)
        path = "/api/v1/live?" + "&".join([*([f"after={after}"] if after is not None else []), *([query] if query else [])])
        who = f"Cookie: {cookie}\r\nOrigin: http://{service.host}:{service.port}" if cookie else f"Authorization: Bearer {service.token}"
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET {path} HTTP/1.1\r\nHost: {service.host}:{service.port}\r\nUpgrade: websocket\r\n"
                             f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                             f"{who}\r\n\r\n").encode())
        self.file = self.socket.makefile("rb")
        status = self.file.readline()
        assert b" 101 " in status, status
        while self.file.readline().strip():
            pass
        self.hello = self.next()
        assert self.hello["type"] == "hello", self.hello

    def next(self):
        """The next event."""
        while (message := self.message())["type"] == "jobs" or "snapshot" in message:
            pass
        return message

    def picture(self):
        """The next picture of the jobs, or of one."""
        while (message := self.message())["type"] != "jobs" and "snapshot" not in message:
            pass
        return message

    def message(self):
        parts = []
        while True:
            kind, length = self.file.read(2)
            if length == 126:
                length = int.from_bytes(self.file.read(2), "big")
            elif length == 127:
                length = int.from_bytes(self.file.read(8), "big")
            text = self.file.read(length)
            if kind & 15 == 9:  # a ping wants the same back, masked
                self.socket.sendall(bytes([0x8A, 0x80 | len(text), 0, 0, 0, 0]) + text)
            elif kind & 15 == 8:
                raise AssertionError(f"the service has closed: {text}")
            else:
                parts.append((kind & 15, text))
                if kind & 0x80:
                    whole = b"".join(text for _, text in parts)
                    self.binary = parts[0][0] == 2
                    return cbor.decoded(whole) if self.binary else json.loads(whole)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()
