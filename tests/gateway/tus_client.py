"""tus-js-client, which is not ours, as a client of a service's uploads."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

PACKAGE = "tus-js-client@4.3.1"


def installed(folder):
    """The folder with its modules; None, and says why, where there is no npm, or it cannot fetch them."""
    modules = Path(folder) / "node_modules"
    if (modules / "tus-js-client").exists():
        return modules
    if not shutil.which("npm") or not shutil.which("node"):
        print("SKIPPED: there is no npm here, and tus-js-client comes from it")
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    said = subprocess.run(["npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--no-save", PACKAGE], capture_output=True, text=True, check=False)
    if said.returncode == 0:
        return modules
    print(f"SKIPPED: npm cannot fetch {PACKAGE}: {said.stderr.strip().splitlines()[-1:]}")
    return None


def hash_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Client:
    """A process of it that uploads a file."""

    def __init__(self, service, modules, path, known):
        words = ["node", str(Path(__file__).with_name("tus_client.mjs")), str(modules), f"http://{service.host}:{service.port}/api/v1/uploads", str(path), str(known)]
        self.process = subprocess.Popen(words, env={**os.environ, "LEAT_TOKEN": service.token}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def killed_at(self, bytes_sent):
        """Kills it, as by kill -9, once it has sent so many."""
        for line in self.process.stdout:
            if line.startswith("sent") and int(line.split()[1]) >= bytes_sent:
                break
        else:
            raise AssertionError(f"it has ended before: {self.process.stderr.read()}")
        self.process.kill()
        self.process.wait()

    def ended(self):
        """(what it had sent when it first said so, the upload's id)."""
        said, errors = self.process.communicate(timeout=600)
        assert self.process.returncode == 0, errors
        lines = said.splitlines()
        return int(lines[0].split()[1]), lines[-1].rsplit("/", 1)[1]
