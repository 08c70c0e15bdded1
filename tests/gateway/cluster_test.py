#!/usr/bin/python3
"""cluster_test.py PROGRAMS [TEST...]: jobs of a service that run on a cluster: a real service, coordinator and two nodes."""

import csv
import json
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from made import DATA, PROGRAMS, SCRATCH, run, spinning
from service import PATIENCE, Service


class Cluster:
    """A coordinator and its nodes, processes of the service's program with its state."""

    def __init__(self, service, at=None):
        self.service = service
        self.nodes = {}
        self.data = {}
        words = ["--listen", at] if at else []
        self.coordinator = self.start("coordinator", *words)
        self.at = self.coordinator.stdout.readline().split()[-1]

    def start(self, *words):
        return subprocess.Popen([self.service.program, *words], env=self.service.environment, cwd=self.service.at, text=True,
                                stdout=subprocess.PIPE, stderr=open(self.service.at / "cluster.log", "ab"))

    def join(self, *names, options=()):
        for name in names:
            self.nodes[name] = self.start("node", "--join", self.at, "--name", name, "--cpus", "1", *options)
            said = self.nodes[name].stdout.readline()
            assert said.startswith("joined "), (said, (self.service.at / "cluster.log").read_text())
            self.data[name] = said.split()[-1].rsplit(":", 1)

    def end(self):
        for one in [*self.nodes.values(), self.coordinator]:
            one.kill()
            one.wait()


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def on_cluster(service, graph, args, **more):
    return service.submit(graph, args, cluster=True, **more)


def waits(service, number, part):
    """Waits until the reason of a job that waits has that part."""
    while part not in (job := service.job(number)).get("reason", ""):
        assert job["stage"] == "queued", job
    return job


def runs(service, number):
    """Waits until the job runs on its nodes."""
    service.until(number, ["running"])
    while (job := service.job(number)).get("process", {}).get("state") != "running":
        assert job["stage"] == "running", job
    return job


def command(service, *words, status=0):
    said = subprocess.run([service.program, *words, "--service", f"http://{service.host}:{service.port}"], cwd=service.at,
                          env={**service.environment, "LEAT_TOKEN": service.token}, capture_output=True, text=True, timeout=PATIENCE)
    assert said.returncode == status, (words, said)
    return said.stdout if status == 0 else said.stderr


def what_cannot_run_there_is_one_sentence():
    service = spinning()
    try:
        def refused(body):
            status, _, answer = service.ask("POST", "/api/v1/jobs", body)
            assert status == 400, (status, answer)
            return answer["error"]["sentence"]
        assert "this service has no cluster" in refused({"graph": "spin", "cluster": True})
        assert "cluster is true or false" in refused({"graph": "spin", "cluster": 1})
        assert "leave threads out" in refused({"graph": "spin", "cluster": True, "threads": 1})
        assert service.ask("GET", "/api/v1/jobs")[2]["jobs"] == []
        for words, part in [(["--clustr", "127.0.0.1:1"], "did you mean --cluster?"), (["--cluster", "nowhere"], "--cluster"),
                            (["--cluster", "10.0.0.1:7000"], "certificate"), (["--cluster-certificate", "a.pem"], "--cluster-"),
                            (["--cluster-certificate", "a.pem", "--cluster-key", "a.key", "--cluster-authority", "ca.pem"], "say --cluster")]:
            said = subprocess.run([service.program, "serve", *words], env=service.environment, capture_output=True, text=True, timeout=PATIENCE)
            assert said.returncode == 2 and part in said.stderr and len(said.stderr.splitlines()) == 1, (words, said)
    finally:
        service.end()


def jobs_wait_for_the_cluster_and_are_watched_and_ended_there():
    service = spinning()
    cluster = None
    try:
        service.stop()
        port = free_port()
        service.begin("--cluster", f"127.0.0.1:{port}")
        first = on_cluster(service, "spin", {"stage": "rest", "out": "kept"})
        job = waits(service, first, f"127.0.0.1:{port}: cannot connect")
        assert job["position"] == 1 and job["cluster"] is True, job
        cluster = Cluster(service, f"127.0.0.1:{port}")
        waits(service, first, "no node has joined it")
        cluster.join("node-1", "node-2")
        job = runs(service, first)
        assert job["process"]["cluster_job"] == 1, job
        second = on_cluster(service, "spin", {"stage": "rest", "out": "kept"})
        third = on_cluster(service, "spin", {"stage": "rest"}, priority=-1)
        waits(service, second, "1 job runs there")
        assert service.job(third)["reason"] == "behind 1 other" and service.job(third)["position"] == 2
        here = service.submit("spin", {"stage": "rest"}, threads=4)
        service.until(here, ["running"])  # who waits for the cluster keeps nobody here waiting
        assert {one["state"] for one in json.loads(command(service, "jobs", "--json"))["jobs"]} >= {"running", "queued"}

        # Looked at as one that runs here.
        status, _, why = service.ask("GET", f"/api/v1/jobs/{first}/why?over=0.3")
        assert status == 200 and why["type"] == "why", why
        nodes = service.ask("GET", f"/api/v1/jobs/{first}/snapshot")[2]["snapshot"]["nodes"]
        assert {one["name"] for one in nodes} <= {"node-1", "node-2"} and nodes, nodes
        with service.events(query=f"job={first}") as heard:
            while not ((picture := heard.picture())["snapshot"] and picture["why"]):
                pass
            assert picture["job"]["process"]["progress"]["stages"][0]["chunks_out"] > 0, picture["job"]
        assert "turn" in command(service, "top", str(first), "--once")
        command(service, "why", str(first), "--over", "0.3")
        command(service, "trace", str(first), "--over", "0.3", "--out", "trace.json")
        assert json.loads((service.at / "trace.json").read_text())["traceEvents"]
        assert "run began" in command(service, "logs", str(first))

        # A stranger at a node's port is a warning there, which is here soon, and stays when the node is lost.
        kept = service.at / f"state/service/jobs/{first}/log"
        while "node=node-" not in kept.read_text():
            with socket.create_connection((cluster.data["node-1"][0], int(cluster.data["node-1"][1])), timeout=PATIENCE) as stranger:
                stranger.sendall(b"no hello")
            time.sleep(0.1)  # one of many is logged
        assert "warning" in kept.read_text(), kept.read_text()
        assert "node-1" in command(service, "logs", str(first))

        # Ends, in every stage.
        assert service.ask("POST", f"/api/v1/jobs/{third}/cancel")[2]["stage"] == "cancelled"
        pid = service.job(first)["pid"]
        service.ask("POST", f"/api/v1/jobs/{first}/cancel")
        service.until(first, ["cancelled"])
        assert pid not in service.pids() and not (service.at / f"state/service/jobs/{first}/results").exists()
        runs(service, second)
        status, _, job = service.ask("POST", f"/api/v1/jobs/{second}/drain")
        assert status == 200 and job["drained"], job
        assert service.ask("POST", f"/api/v1/jobs/{second}/drain")[0] == 200
        assert service.until(second, ["done"])["outcome"]["ending"] == "complete"
        results = service.ask("GET", f"/api/v1/jobs/{second}/results")[2]["results"]
        assert [one["name"] for one in results] == ["kept"] and results[0]["bytes"] > 0, results

        # A lost node fails the job that works there, and its warnings are there.
        third = on_cluster(service, "spin", {"stage": "rest"})
        runs(service, third)
        for one in cluster.nodes.values():
            one.kill()
        assert "was lost" in service.until(third, ["failed"])["sentence"]
        assert "job failed node=coordinator" in (service.at / f"state/service/jobs/{third}/log").read_text()
        third = on_cluster(service, "spin", {"stage": "rest"})
        cluster.coordinator.kill()
        waits(service, third, "cannot connect")
        service.stop()
        service.begin()
        assert "started without --cluster" in service.job(third)["reason"]
        assert service.ask("POST", f"/api/v1/jobs/{third}/cancel")[2]["stage"] == "cancelled"
    finally:
        if cluster:
            cluster.end()
        service.end()


def two_run_side_by_side_where_the_memory_is_known():
    service = spinning()
    service.stop()
    cluster = Cluster(service)
    try:
        cluster.join("node-1", "node-2", options=["--memory", "3GiB"])
        service.begin("--cluster", cluster.at)
        numbers = [on_cluster(service, "spin", {"stage": "rest"}) for _ in range(2)]
        for number in numbers:
            runs(service, number)
        assert {service.job(number)["process"]["cluster_job"] for number in numbers} == {1, 2}
        memory = service.job(numbers[0])["memory"]
        assert 0 < memory < 1 << 30, memory
        metrics = service.ask("GET", "/metrics")[2].decode()
        assert 'leat_service_jobs{stage="running"} 2' in metrics, metrics
    finally:
        cluster.end()
        service.end()


def rows_of(service, number):
    status, _, content = service.ask("GET", f"/api/v1/jobs/{number}/results/hours.csv")
    assert status == 200, content
    return list(csv.DictReader(content.decode().splitlines()))


def a_service_that_is_killed_finds_its_job_on_the_cluster_again():
    root = Path(tempfile.mkdtemp(dir=SCRATCH.name))
    header, rows = (DATA / "flights-200k.csv").read_bytes().split(b"\n", 1)
    (root / "long.csv").write_bytes(header + b"\n" + rows * 60)
    service = Service(PROGRAMS / "service", "--threads", "4", data_root=root)
    service.stop()
    cluster = Cluster(service)
    try:
        cluster.join("node-1", "node-2")
        service.begin("--cluster", cluster.at)
        args = {"data": "data:long.csv", "out": "hours.csv"}
        number = on_cluster(service, "delays", args)
        while not (job := runs(service, number))["process"].get("progress", {}).get("rows"):
            pass
        rows = [json.loads(row) for row in command(service, "tap", str(number), "keys", "--rows", "20", "--json").splitlines()]
        assert len(rows) == 20 and {row["node"] for row in rows} <= {"node-1", "node-2"} and "hour" in rows[0]["row"], rows
        assert service.ask("GET", "/api/v1/graphs")[2]["cluster"] is True
        status, _, tapped = service.ask("GET", f"/api/v1/jobs/{number}/tap?place=keys&rows=5")
        assert status == 200 and len(tapped["rows"]) == len(tapped["nodes"]), tapped
        assert "no stage keyz" in command(service, "tap", str(number), "keyz", status=1)
        service.kill()
        service.begin("--cluster", cluster.at)
        again = service.job(number)
        assert again["stage"] == "running" and again["pid"] == job["pid"], again
        service.until(number, ["done"])
        here = service.submit("delays", args)
        service.until(here, ["done"])
        there, whole = rows_of(service, number), rows_of(service, here)
        assert len(there) == 24 and sum(int(one["flights"]) for one in there) == 60 * 200_000, there
        for one, other in zip(there, whole):
            assert (one["hour"], one["flights"]) == (other["hour"], other["flights"]), (one, other)
            assert abs(float(one["delay"]) - float(other["delay"])) < 1e-6, (one, other)
        # One with checkpoints goes on when a node is lost.
        kept = on_cluster(service, "delays", args, checkpoints=0.02)
        while not runs(service, kept)["process"].get("checkpoints", {}).get("published"):
            pass
        works = service.ask("GET", f"/api/v1/jobs/{kept}/snapshot")[2]["snapshot"]["nodes"][0]["name"]
        cluster.nodes[works].kill()
        while (job := service.job(kept))["stage"] == "running" and job.get("process", {}).get("checkpoints", {}).get("restarts") != 1:
            pass
        assert "begins anew" in (service.at / f"state/service/jobs/{kept}/log").read_text()
        service.until(kept, ["done"])
        for one, other in zip(rows_of(service, kept), whole):
            assert (one["hour"], one["flights"]) == (other["hour"], other["flights"]), (one, other)
        gone = on_cluster(service, "delays", args)
        runs(service, gone)
        cluster.coordinator.send_signal(signal.SIGKILL)
        assert cluster.at in service.until(gone, ["failed"])["sentence"]
    finally:
        cluster.end()
        service.end()
        shutil.rmtree(root)


run([what_cannot_run_there_is_one_sentence, jobs_wait_for_the_cluster_and_are_watched_and_ended_there,
     two_run_side_by_side_where_the_memory_is_known, a_service_that_is_killed_finds_its_job_on_the_cluster_again])
