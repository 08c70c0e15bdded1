"""Services that the benchmark `service` measures."""

import os
import sys
from pathlib import Path

from .runs import ROOT

sys.path.append(str(ROOT / "tests/gateway"))
import tus_client  # pylint: disable=wrong-import-position,unused-import
from service import Service  # pylint: disable=wrong-import-position

REST = {"stage": "rest"}  # of leat_spin: chunks pass, slowly


def memory(process, what):
    """"VmRSS" or "VmHWM", the largest so far: bytes."""
    for line in Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"there is no {what}")


class Tenants(Service):
    """A service with a token for each of some tenants: `tokens`."""

    def __init__(self, program, count, *options, data_root=None):
        self.tokens = [f"token-of-tenant-{number:04}-{os.urandom(12).hex()}" for number in range(count)]
        super().__init__(program, *options, data_root=data_root)

    def begin(self, *more):
        folder = self.at / "state/service"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = [f"tenant{number} run {token}\n" for number, token in enumerate(self.tokens)]
        file = folder / "tokens"
        file.write_text(f"admin admin {os.urandom(24).hex()}\n" + "".join(lines), encoding="ascii")
        file.chmod(0o600)
        super().begin(*more)
