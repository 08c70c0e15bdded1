"""Rows of the benchmark `service`: many clients and one answer, against Boost.Beast alone."""

import json
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from .rows import row
from .runs import BIN, ROOT
from .served import Tenants, memory

CLIENTS, SECONDS = 100, 5
PATH = "/api/v1/graphs"
# Each request is of the next client: their rates are counted for each.
SCRIPT = """
local tokens, at = {%s}, 0
local made = {}
function init()
  for i, token in ipairs(tokens) do made[i] = wrk.format("GET", "%s", {["Authorization"] = "Bearer " .. token}) end
end
function request()
  at = at %% #made + 1
  return made[at]
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%%d,"seconds":%%f,"errors":%%d,"p95_ms":%%f}\\n', summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout, latency:percentile(95) / 1000))
end
"""


def asked(port, script):
    """What wrk has measured."""
    done = subprocess.run(["wrk", "-t1", f"-c{CLIENTS}", f"-d{SECONDS}s", "-s", str(script), f"http://127.0.0.1:{port}"],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def cached(rounds):
    bare = ROOT / BIN / "http_bare"
    if not bare.exists() or not shutil.which("wrk"):
        return [row(f"{CLIENTS} clients, a cached answer", None, "/s", must="p95 < 20 ms", note="http_bare is not built, or wrk not installed.")]
    service = Tenants(ROOT / BIN / "leat_spin", CLIENTS, "--threads", "4")
    peer = None
    ours, theirs = [], []
    try:
        with tempfile.TemporaryDirectory(prefix="leat-clients-") as folder:
            script, answer = Path(folder) / "ask.lua", Path(folder) / "answer"
            script.write_text(SCRIPT % (", ".join(f'"{token}"' for token in service.tokens), PATH), encoding="ascii")
            answer.write_text(json.dumps(service.ask("GET", PATH)[2], separators=(",", ":")) + "\n", encoding="utf-8")
            peer = subprocess.Popen([str(bare), "--answer", str(answer)], stdout=subprocess.PIPE, text=True)
            port = json.loads(peer.stdout.readline())["port"]
            for _ in range(rounds):
                ours.append(asked(service.port, script))
                theirs.append(asked(port, script))
        most = memory(service.process, "VmHWM")
    finally:
        if peer:
            peer.kill()
            peer.wait()
        service.end()
        shutil.rmtree(service.at, ignore_errors=True)
    rate = [one["requests"] / one["seconds"] for one in ours]
    bare_rate = [one["requests"] / one["seconds"] for one in theirs]
    ratios = [mine / other for mine, other in zip(rate, bare_rate)]
    ratio, late, errors = statistics.median(ratios), statistics.median(one["p95_ms"] for one in ours), sum(one["errors"] for one in ours)
    made = row(f"{CLIENTS} clients, a cached answer", statistics.median(rate), "/s", "Boost.Beast alone", statistics.median(bare_rate), ratio,
               "ratio >= 0.5", ratio >= 0.5)
    made["between"] = [min(ratios), max(ratios)]
    return [made, row(f"{CLIENTS} clients, a cached answer: p95", late, "ms", "Boost.Beast alone", statistics.median(one["p95_ms"] for one in theirs),
                      must="< 20 ms", holds=late < 20),
            row(f"{CLIENTS} clients, a cached answer: errors", errors, "", must="0", holds=errors == 0),
            row(f"{CLIENTS} clients: the service's largest RSS", most / 2**20, "MiB")]
