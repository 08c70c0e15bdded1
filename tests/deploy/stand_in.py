#!/usr/bin/env python3
"""Stands in for a leat program where its command line is what matters: coordinator, node, status.

In LEAT_STATE/.. a file called `refuse`, `mute` or `stubborn` that holds a process's name makes it end
with 1, never say that it is there, or ignore all that tells it to stop. What ends writes to `order`.
"""
import os
import pathlib
import signal
import sys

words = sys.argv[1:]
state = pathlib.Path(os.environ["LEAT_STATE"])
given = dict(zip(words[1::2], words[2::2]))
name = given.get("--name", words[0])


def is_to(what):
    file = state.parent / what
    return file.exists() and file.read_text().strip() == name


if words[0] == "status":
    print(f"asked {given['--cluster']}")
    sys.exit(0)
signals = {signal.SIGTERM, signal.SIGINT}
signal.pthread_sigmask(signal.SIG_BLOCK, signals)
state.mkdir(exist_ok=True)
print("arguments:", *words, flush=True)
if is_to("refuse"):
    print("stand-in: no room here", file=sys.stderr)
    sys.exit(1)
if not is_to("mute"):
    if words[0] == "coordinator":
        pathlib.Path(given["--announce"]).write_text("127.0.0.1:4700\n")
        print("listening on 127.0.0.1:4700", flush=True)
    else:
        print(f"joined {given['--join']} as {name}, data on 127.0.0.1:1", flush=True)
signal.sigwait(signals)
while is_to("stubborn"):
    signal.sigwait(signals)
with open(state.parent / "order", "a") as order:
    order.write(name.split("-")[0] + "\n")
