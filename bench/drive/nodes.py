"""A cluster of real processes on loopback, and a program that is run on it or alone."""

import json
import os
import subprocess

from .runs import BIN, OUT, ROOT, Program

STATE = OUT / "state"  # the certificates that leat makes for loopback
MODEL = f"{BIN}/leat_model"
TICKS = os.sysconf("SC_CLK_TCK")


def environment():
    return {**os.environ, "LEAT_STATE": str(STATE)}


def cpu_of(pid):
    """CPU seconds of a live process so far, user and system."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Cluster:
    """A coordinator and `nodes` nodes of one CPU each; all end with this process."""

    def __init__(self, nodes, model=MODEL):
        STATE.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.nodes, self.processes, self.model = nodes, [], str(model)
        try:
            self.address = self.start("listening on ", "coordinator", "--listen", "127.0.0.1:0")
            for number in range(nodes):
                self.start("joined ", "node", "--join", self.address, "--name", f"n{number}",
                           "--cpus", "1")
        except (OSError, RuntimeError):
            self.stop()
            raise

    def start(self, ready, *words):
        """Starts a process, waits for the line that begins with `ready` and returns its next word."""
        process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", self.model, *words], cwd=ROOT,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                   env=environment())
        self.processes.append(process)
        for line in process.stdout:
            if line.startswith(ready):
                return line[len(ready):].split()[0]
        raise RuntimeError(f"'{self.model} {words[0]}' ended before it was ready")

    def cpu(self):
        return sum(cpu_of(process.pid) for process in self.processes)

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Training(Program):
    """Trains on `data`; on `cluster`, unless that is None."""

    def __init__(self, label, data, cluster, ordered, threads=2, model=MODEL):
        self.out = OUT / f"coefficients-{len(cluster.processes) if cluster else 1}-{ordered}.txt"
        where = ["--cluster", cluster.address, "--nodes", cluster.nodes] if cluster else \
                ["--threads", threads]
        super().__init__(label, model, "run", *where, "--json", "--data", data, "--out",
                         self.out.relative_to(ROOT), *(["--ordered"] if ordered else []))
        self.cluster, self.ordered, self.bytes = cluster, ordered, (ROOT / data).stat().st_size

    def run(self):
        if self.problem is None:
            result, self.problem = self.train()
        self.results.append(result if self.problem is None else None)

    def train(self):
        """(what it took, None) or (None, why not)."""
        self.out.unlink(missing_ok=True)
        before = self.cluster.cpu() if self.cluster else 0
        with subprocess.Popen(self.command, cwd=ROOT, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, env=environment()) as process:
            lines = process.stdout.read().splitlines()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        reports = [line for line in lines if line.startswith("{") and '"report"' in line]
        if process.returncode or not reports:
            return None, f"'{self.text()}' ended with {process.returncode}: {lines[-1:]}"
        report = json.loads(reports[-1])
        cpu = used.ru_utime + used.ru_stime + (self.cluster.cpu() - before if self.cluster else 0)
        return {"seconds": report["seconds"], "cpu": cpu, **self.shares(report),
                "text": self.out.read_text(encoding="utf-8")}, None

    def shares(self, report):
        """How many rows each node parsed, and what went over the wire for that, in GB."""
        parsed, sources, sent_back = [], [], []
        for node in report.get("nodes", []):
            stages = {stage["name"]: stage for stage in node["stages"]}
            parsed.append(stages.get("parse", {"counts": {}})["counts"].get("rows", 0))
            sources.append(stages.get("read", {}).get("bytes_out", 0) > 0)
            sent_back.append(stages.get("parse", {}).get("bytes_out", 0) if self.ordered else 0)
        rows = sum(parsed)
        if not rows:
            return {}
        away = [i for i, source in enumerate(sources) if not source]
        crossing = sum(parsed[i] / rows * self.bytes + sent_back[i] for i in away)
        return {"least_share": min(parsed) / rows, "crossing_gb": crossing / 1e9}
