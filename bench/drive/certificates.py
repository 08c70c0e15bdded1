"""Certificates for the programs that speak TLS: build/bench/certificates, made with openssl."""

import subprocess

from .runs import OUT, ROOT

FOLDER = OUT / "certificates"
DAYS = "30"
NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def openssl(*words):
    subprocess.run(["openssl", *words], cwd=FOLDER, check=True, capture_output=True)


def make(name):
    """NAME.pem and NAME.key, signed by the authority: good for loopback, at both ends."""
    (FOLDER / "extensions").write_text(f"subjectAltName=DNS:{name},DNS:localhost,IP:127.0.0.1\n"
                                       "extendedKeyUsage=serverAuth,clientAuth\n", encoding="utf-8")
    openssl("req", *NEW_KEY, "-keyout", f"{name}.key", "-subj", f"/CN={name}", "-out", "request")
    openssl("x509", "-req", "-in", "request", "-CA", "authority.pem", "-CAkey", "authority.key",
            "-CAcreateserial", "-days", DAYS, "-extfile", "extensions", "-out", f"{name}.pem")


def folder():
    """The folder, from the root of the repository; filled anew where they have less than a day."""
    valid = FOLDER.exists() and subprocess.run(
        ["openssl", "x509", "-checkend", "86400", "-noout", "-in", "receiver.pem"], cwd=FOLDER,
        check=False, capture_output=True).returncode == 0
    if not valid:
        FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
        openssl("req", "-x509", *NEW_KEY, "-keyout", "authority.key", "-out", "authority.pem", "-days",
                DAYS, "-subj", "/CN=benchmark")
        make("sender")
        make("receiver")
    return str(FOLDER.relative_to(ROOT))
