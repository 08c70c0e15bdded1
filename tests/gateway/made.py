"""Services of the programs of a build, and a runner: what the tests of services have in common."""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from description import Description
from service import Service

# Every answer that a test hears is as described.
Service.description = Description

DATA = Path(__file__).resolve().parents[2] / "examples/data"
PROGRAMS = Path(sys.argv[1]).resolve()
SCRATCH = tempfile.TemporaryDirectory(prefix="leat-service-data-")


def spinning(*options):
    """A service whose jobs run until somebody ends them."""
    return Service(PROGRAMS / "leat_spin", "--threads", "4", *options)


def delays(*options):
    """A service of flights' delays, whose data root has a file that breaks off in its last row."""
    root = tempfile.mkdtemp(dir=SCRATCH.name)
    shutil.copy(DATA / "flights-200k.csv", root)
    rows = (DATA / "flights-200k.csv").read_bytes()
    (Path(root) / "bad.csv").write_bytes(rows + b"1,2,x,y,z\n")
    return Service(PROGRAMS / "service", "--threads", "4", *options, data_root=root)


def toml(*options):
    """A service of the stock program, with the graphs of examples/toml."""
    return Service(PROGRAMS / "leat", "--threads", "4", "--graphs", str(DATA.parent / "toml"), *options, data_root=DATA)


def run(tests):
    """Those that the command line names, or all."""
    for test in tests:
        if len(sys.argv) < 3 or test.__name__ in sys.argv[2:]:
            began = time.monotonic()
            test()
            print(f"{test.__name__}: ok after {time.monotonic() - began:.1f} s", flush=True)
