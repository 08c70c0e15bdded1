#!/usr/bin/python3
"""tus_client_test.py PROGRAMS [TEST...]: uploads by a public tus client, tus-js-client of npm; skipped aloud without npm."""

import os
import sys

import tus_client
from made import PROGRAMS, run, spinning

BYTES = 96 << 20
MODULES = tus_client.installed(PROGRAMS.parent / "tus")


def made(service):
    path = service.at / "content"
    with open(path, "wb") as file:
        for _ in range(BYTES >> 20):
            file.write(os.urandom(1 << 20))
    return path


def a_public_client_that_is_killed_half_way_goes_on():
    service = spinning()
    try:
        path, known = made(service), service.at / "known.json"
        tus_client.Client(service, MODULES, path, known).killed_at(BYTES // 2)
        first, upload = tus_client.Client(service, MODULES, path, known).ended()
        assert first > BYTES // 4, f"it began anew: {first}"
        assert tus_client.hash_of(service.at / f"state/service/uploads/{upload}.data") == tus_client.hash_of(path)
        assert [one["complete"] for one in service.ask("GET", "/api/v1/uploads")[2]["uploads"]] == [True]
    finally:
        service.end()


def a_service_that_is_killed_half_way_is_found_again():
    service = spinning()
    try:
        path, known = made(service), service.at / "known.json"
        client = tus_client.Client(service, MODULES, path, known)
        for line in client.process.stdout:
            if int(line.split()[1]) >= BYTES // 2:
                break
        at = service.port
        service.kill()
        service.begin("--listen", f"127.0.0.1:{at}")
        _, upload = client.ended()
        assert tus_client.hash_of(service.at / f"state/service/uploads/{upload}.data") == tus_client.hash_of(path)
    finally:
        service.end()


if MODULES is None:
    sys.exit(77)
run([a_public_client_that_is_killed_half_way_goes_on, a_service_that_is_killed_half_way_is_found_again])
