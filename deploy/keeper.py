"""The keeper of a local cluster: parent of its processes, in one thread around one selector.

Phases: starting (until all have joined), up (who is killed or fails is started anew, at once and then less and less soon), draining (told once to stop: nodes leave once their jobs
have ended, then the coordinator), leaving (told twice, or hung up: at once), failed (all killed).
"""
import ctypes
import os
import pathlib
import re
import select
import selectors
import signal
import subprocess
import sys
import time

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
LEAVE_WITHIN = 5  # seconds between telling a process to leave at once and killing it
FIRST_WAIT, LONGEST_WAIT = 0.1, 5  # seconds before one that has just been started anew is so again
SETTLED = 10  # seconds after which it counts as well


def said(line):
    print(f"local-cluster: {line}", file=sys.stderr, flush=True)


def start_time(pid):
    """When the process began, in ticks since boot, and which boot; None when there is none."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name, in brackets, may hold spaces and brackets.
    state, *fields = stat.rpartition(")")[2].split()
    boot = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return None if state in "ZX" else f"{fields[18]} {boot}"


def write_whole(path, text):
    staged = path.with_suffix(path.suffix + ".new")
    with open(staged, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    staged.rename(path)


def record(state, name, pid):
    write_whole(state / f"{name}.pid", f"{pid} {start_time(pid)}\n")


class Recorded:
    """The process that NAME.pid of a state names, if it is still the same one: else `pid` is None."""

    def __init__(self, path):
        self.pid = self.fd = None
        try:
            pid, began = path.read_text().strip().split(" ", 1)
            fd = os.pidfd_open(int(pid))
        except (OSError, ValueError):
            return
        if start_time(pid) == began:
            self.pid, self.fd = int(pid), fd
        else:
            os.close(fd)

    def send(self, number):
        try:
            signal.pidfd_send_signal(self.fd, number)
        except ProcessLookupError:
            pass

    def ends_within(self, seconds):
        return bool(select.select([self.fd], [], [], seconds)[0])


def die_with(parent, number):
    """This process gets the signal when its parent dies. False: it is dead already."""
    LIBC.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    return os.getppid() == parent


class Keeper:
    """`tell` is called once: with the coordinator's address, or with None and a sentence. `lifeline`:
    a pipe; when it ends with nothing said, so does all of this."""

    def __init__(self, options, tell, lifeline=None):
        self.state = options.state
        self.program = options.program
        self.count = options.n
        self.within = options.within
        self.node_options = options.node_options
        self.tell = tell
        self.phase = "starting"
        self.deadline = time.monotonic() + options.within
        self.processes = {}
        self.words = {}    # by name, what each was started with
        self.began = {}    # by name, when
        self.pauses = {}   # by name, how long it is waited for before it is started anew
        self.returns = {}  # by name, when it is
        self.waiting = set()
        self.address = None
        self.selector = selectors.DefaultSelector()
        if lifeline is not None:
            self.watch(lifeline, lambda: self.lifeline_moved(lifeline))

    def run(self):
        """Returns when all processes have ended: 0, or 1 when it failed."""
        self.listen_for_signals()
        self.start("coordinator", ["--listen", "127.0.0.1:0", "--announce", str(self.state / "address")])
        while self.processes or self.returns:
            times = [*self.returns.values(), *([] if self.deadline is None else [self.deadline])]
            left = max(0, min(times) - time.monotonic()) if times else None
            for key, _ in self.selector.select(left):
                # One before it in the same round may have closed it.
                if self.selector.get_map().get(key.fd) is key:
                    key.data()
            if self.deadline is not None and time.monotonic() >= self.deadline:
                self.out_of_time()
            for name in [name for name, when in self.returns.items() if time.monotonic() >= when]:
                del self.returns[name]
                (self.state / f"{name}.ended").unlink(missing_ok=True)
                self.start(name, self.words[name])
                said(f"{name} is started anew")
        return 1 if self.phase == "failed" else 0

    def watch(self, file, call):
        self.selector.register(file, selectors.EVENT_READ, call)

    def listen_for_signals(self):
        read, write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(write)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: None)
        self.watch(read, lambda: self.asked(os.read(read, 64)))

    def start(self, name, words):
        me = os.getpid()

        def bind():
            if not die_with(me, signal.SIGKILL):
                os._exit(1)

        with open(self.state / f"{name}.log", "ab") as log:
            process = subprocess.Popen(
                [self.program, name.partition("-")[0], *words], cwd=self.state, start_new_session=True,
                env={**os.environ, "LEAT_STATE": str(self.state / "leat")}, preexec_fn=bind,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        record(self.state, name, process.pid)
        self.processes[name] = process
        self.words[name], self.began[name] = words, time.monotonic()
        self.waiting.add(name)
        end = os.pidfd_open(process.pid)
        self.watch(process.stdout.fileno(), lambda: self.spoke(name, process.stdout.fileno()))
        self.watch(end, lambda: self.ended(name, end))

    def start_nodes(self):
        options = self.node_options
        if not any(option.split("=")[0] == "--cpus" for option in options):
            options = ["--cpus", str(max(1, len(os.sched_getaffinity(0)) // self.count)), *options]
        for number in range(1, self.count + 1):
            name = f"node-{number}"
            self.start(name, ["--join", self.address, "--name", name, *options])

    def spoke(self, name, output):
        text = os.read(output, 65536)
        if not text:
            self.selector.unregister(output)
            return
        with open(self.state / f"{name}.out", "ab") as out:
            out.write(text)
        # A line is short enough for a pipe to keep in one piece.
        line = re.search(rb"^(?:listening on|joined) (\S+)", text, re.M)
        if not line or self.phase != "starting" or name not in self.waiting:
            return
        self.waiting.discard(name)
        if name == "coordinator":
            self.address = line[1].decode()
            self.start_nodes()
            # Where all others look for it.
            self.words[name] = ["--listen", self.address, "--announce", str(self.state / "address")]
        if not self.waiting:
            self.ready()

    def ready(self):
        self.phase, self.deadline = "up", None
        try:
            self.tell(self.address, None)
        except OSError:
            self.fail("nobody reads the address any more")

    def ended(self, name, end):
        process = self.processes.pop(name)
        status = process.wait()
        output = process.stdout.fileno()
        while output in self.selector.get_map():
            self.spoke(name, output)
        process.stdout.close()
        self.selector.unregister(end)
        os.close(end)
        how = f"signal {-status}" if status < 0 else f"status {status}"
        write_whole(self.state / f"{name}.ended", how + "\n")
        (self.state / f"{name}.pid").unlink(missing_ok=True)
        said(f"{name} ended with {how}")
        if self.phase == "starting":
            self.fail(f"{name} ended with {how} before it was ready: {last_line(self.state / f'{name}.log')}")
        elif self.phase == "up" and status != 0:
            if time.monotonic() - self.began[name] > SETTLED:
                self.pauses.pop(name, None)
            pause = self.pauses.get(name, 0)
            self.pauses[name] = min(LONGEST_WAIT, max(FIRST_WAIT, pause * 2))
            self.returns[name] = time.monotonic() + pause
        elif self.phase == "draining" and list(self.processes) == ["coordinator"]:
            self.send([signal.SIGTERM], self.processes)

    def asked(self, numbers):
        """By signals, of these numbers."""
        self.returns.clear()
        if self.phase == "starting":
            self.fail("it was told to stop before all nodes had joined")
        elif self.phase == "draining" or (self.phase == "up" and signal.SIGHUP in numbers):
            self.phase, self.deadline = "leaving", time.monotonic() + LEAVE_WITHIN
            # The first of two signals drains, and two of one kind may arrive as one.
            self.send([signal.SIGTERM, signal.SIGINT], self.processes)
        elif self.phase == "up":
            self.phase = "draining"
            nodes = [name for name in self.processes if name != "coordinator"]
            self.send([signal.SIGTERM], nodes or self.processes)

    def send(self, numbers, names):
        for name in names:
            for number in numbers:
                self.processes[name].send_signal(number)

    def out_of_time(self):
        if self.phase == "starting":
            self.fail(f"after {self.within:g} s this has not joined: {', '.join(sorted(self.waiting))}; see its log in "
                      f"{self.state}, or give it longer with --within")
        else:
            said("killing what did not leave: " + ", ".join(sorted(self.processes)))
            self.deadline = None
            self.send([signal.SIGKILL], self.processes)

    def fail(self, sentence):
        if self.phase == "failed":
            return
        told = self.phase == "up"
        self.phase, self.deadline = "failed", None
        self.returns.clear()
        self.send([signal.SIGKILL], self.processes)
        said(sentence)
        if not told:
            try:
                self.tell(None, sentence)
            except OSError:
                pass

    def lifeline_moved(self, lifeline):
        self.selector.unregister(lifeline)
        if os.read(lifeline, 1) == b"":
            self.fail("whoever started it is gone")


def last_line(path):
    lines = path.read_text(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "it said nothing")
