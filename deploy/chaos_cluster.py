"""A cluster whose processes are killed and stopped while a job with checkpoints runs on it: a coordinator, three nodes, and who
submits the job. Whatever is killed is started anew, as its keeper would."""

import signal
import subprocess
import threading
import time

LONGEST = 1.5   # seconds between two faults
MOST_FAULTS = 5
WITHIN = 180    # a job that has not ended then hangs
NODES = ("node-1", "node-2", "node-3")
FAULTS = ("node", "node", "coordinator", "coordinator and node", "submitter", "stopped node", "stopped coordinator")


class Hangs(Exception):
    """The job has not come to its end."""


class Cluster:
    """Processes of one program, by name."""

    def __init__(self, leat, folder):
        self.leat, self.folder = leat, folder
        self.processes = {}
        self.address = "127.0.0.1:0"
        self.start_coordinator()
        for name in NODES:
            self.start_node(name)

    def start(self, name, *words):
        out = open(self.folder / f"{name}.out", "a", encoding="utf-8")
        err = open(self.folder / f"{name}.err", "a", encoding="utf-8")
        with out, err:
            self.processes[name] = subprocess.Popen([self.leat, *words], cwd=self.folder, stdout=out, stderr=err)

    def start_coordinator(self):
        said = self.folder / "coordinator.out"
        before = said.stat().st_size if said.exists() else 0
        self.start("coordinator", "coordinator", "--listen", self.address)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with open(said, encoding="utf-8") as lines:
                lines.seek(before)
                line = lines.readline()
            if line.startswith("listening on ") and line.endswith("\n"):
                self.address = line.split()[2]
                return
            threading.Event().wait(0.02)
        raise Hangs("the coordinator does not listen")

    def start_node(self, name):
        self.start(name, "node", "--join", self.address, "--name", name, "--cpus", "1", "--join-within", "120")

    def kill(self, name):
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def restart(self, name):
        if name == "coordinator":
            self.start_coordinator()
        else:
            self.start_node(name)

    def close(self):
        for name in list(self.processes):
            self.kill(name)


class Submitted:
    """One job, until its end: submitted again, to be restored, when who submits it is killed."""

    def __init__(self, cluster, restarts="50/60s"):
        self.cluster, self.restarts = cluster, restarts
        self.submit([])

    def submit(self, more):
        words = ["run", "kept.toml", "--quiet", "--cluster", self.cluster.address, "--nodes", "3", "--checkpoints", "kept",
                 "--every", "30ms", "--restarts", self.restarts, *more]
        self.cluster.start("submitter", *words)

    def ended(self, within):
        """Its status, or None."""
        try:
            return self.cluster.processes["submitter"].wait(timeout=within)
        except subprocess.TimeoutExpired:
            return None

    def kill(self):
        self.cluster.kill("submitter")
        self.submit_again()

    def submit_again(self):
        there = any((self.cluster.folder / "kept/journal").glob("0*"))
        self.submit(["--restore", "latest"] if there else [])


def strike(cluster, job, chance):
    """One fault, and what was killed is back."""
    fault = chance.choice(FAULTS)
    node = chance.choice(NODES)
    away = chance.uniform(0, 0.5)
    if fault == "submitter":
        job.kill()
    elif fault.startswith("stopped"):
        process = cluster.processes[node if fault == "stopped node" else "coordinator"]
        process.send_signal(signal.SIGSTOP)
        threading.Event().wait(chance.uniform(0.5, 4.5))  # beyond what is taken for dead, or not
        process.send_signal(signal.SIGCONT)
    else:
        names = [name for name in ("coordinator", "node") if name in fault]
        for name in names:
            cluster.kill(node if name == "node" else name)
        threading.Event().wait(away)
        for name in names:
            cluster.restart(node if name == "node" else name)
    return fault


def run_through(cluster, chance):
    """Runs one job to its end among faults: their names."""
    job = Submitted(cluster)
    faults = []
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        status = job.ended(chance.uniform(0.05, LONGEST) if len(faults) < MOST_FAULTS else 1)
        if status is None:
            if len(faults) < MOST_FAULTS:
                faults.append(strike(cluster, job, chance))
            continue
        said = (cluster.folder / "submitter.err").read_text(encoding="utf-8").strip().splitlines()
        if said and said[-1].endswith("nothing listens there"):
            job.submit_again()  # who submits a job to nobody hears of it
            continue
        if status == 0 or (said and "there is no job to restore" in said[-1] and (cluster.folder / "out/top.db").exists()):
            return faults
        raise Hangs(f"after {', '.join(faults)} it ended with status {status}: {said[-1] if said else ''}")
    raise Hangs(f"after {', '.join(faults)} the job does not come to its end")
