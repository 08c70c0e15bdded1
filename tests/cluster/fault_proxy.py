#!/usr/bin/env python3
"""fault_proxy.py LISTEN_HOST DIAL_HOST ADDRESS:PORT FAULT TIMES SEED

Stands between two hosts (network namespaces; LISTEN_HOST, DIAL_HOST): takes connections at ADDRESS:PORT of the
one and passes each on to ADDRESS:PORT of the other. Of the first TIMES connections one direction each suffers
FAULT, after a number of bytes that follows from SEED:

  cut        both ends are closed
  corrupt    a bit is turned; the rest passes
  duplicate  what has just passed passes once more; the rest passes
  swallow    everything is taken, nothing is passed on, and both ends stay connected
  each       these in turn
  gone       the first connection is swallowed so, and all that come after it from their beginning
  slow       nothing happens, slowly: 8 MB/s
Prints "ready" once it listens, and a line for each fault.
"""
import ctypes
import os
import random
import selectors
import signal
import socket
import sys
import time

PIECE = 16 * 1024
FAULTS = ("cut", "corrupt", "duplicate", "swallow")


def enter(host):
    with open(f"/var/run/netns/{host}") as namespace:
        if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), 0x40000000) != 0:
            raise OSError(ctypes.get_errno(), f"setns {host}")


class Way:
    """One direction of a connection: what was read waits here until it is written."""

    def __init__(self, number, source, sink, fault, after):
        self.number, self.source, self.sink = number, source, sink
        self.fault, self.after, self.passed, self.swallows = fault, after, 0, False
        self.waiting = b""

    def read(self):
        data = self.source.recv(PIECE)
        if not data:
            raise ConnectionError("closed")
        if self.swallows:
            return
        if self.fault == "slow":
            time.sleep(len(data) / 8e6)
        end = self.passed + len(data)
        if self.fault in FAULTS and end > self.after:
            data = self.suffer(data, self.after - self.passed)
        self.passed = end
        self.waiting = data

    def suffer(self, data, at):
        fault, self.fault = self.fault, None
        print(f"connection {self.number}: {fault} after {self.after} bytes", flush=True)
        if fault == "cut":
            if at > 0:
                self.sink.send(data[:at])
            raise ConnectionError("cut")
        if fault == "swallow":
            self.swallows = True
            return data[:at]
        if fault == "corrupt":
            return data[:at] + bytes([data[at] ^ 1 << self.after % 8]) + data[at + 1:]
        return data + data

    def write(self):
        self.waiting = self.waiting[self.sink.send(self.waiting):]


class Pair:
    """Both directions; they end together."""

    def __init__(self, number, upper, lower, fault, after, downwards):
        self.sockets = upper, lower
        self.down = Way(number, upper, lower, fault if downwards else None, after)
        self.up = Way(number, lower, upper, None if downwards else fault, after)
        for each in self.sockets:
            each.setblocking(False)

    def watch(self, selector):
        """Wants to read where nothing waits, and to write where something does."""
        for each, incoming, outgoing in ((self.sockets[0], self.down, self.up), (self.sockets[1], self.up, self.down)):
            wanted = (0 if incoming.waiting else selectors.EVENT_READ) | (selectors.EVENT_WRITE if outgoing.waiting else 0)
            known = selector.get_map().get(each.fileno())
            if known and known.events == wanted:
                continue
            if known:
                selector.unregister(each)
            if wanted:
                selector.register(each, wanted, self)

    def ready(self, which, events):
        incoming, outgoing = (self.down, self.up) if which is self.sockets[0] else (self.up, self.down)
        if events & selectors.EVENT_WRITE and outgoing.waiting:
            outgoing.write()
        if events & selectors.EVENT_READ and not incoming.waiting:
            incoming.read()
        if self.down.swallows or self.up.swallows:
            self.down.swallows = self.up.swallows = True

    def close(self, selector):
        for each in self.sockets:
            if each.fileno() >= 0 and selector.get_map().get(each.fileno()):
                selector.unregister(each)
            each.close()


def main():
    listen_host, dial_host, place, fault, times, seed = sys.argv[1:]
    address, port = place.rsplit(":", 1)
    seeded = random.Random(int(seed))
    enter(listen_host)
    listener = socket.create_server((address, int(port)))
    enter(dial_host)  # what is dialled from here on is dialled there
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    print("ready", flush=True)
    number = 0
    while True:
        for key, events in selector.select():
            if key.fileobj is listener:
                upper, _ = listener.accept()
                try:
                    lower = socket.create_connection((address, int(port)), timeout=5)
                except OSError:
                    upper.close()
                    continue
                chosen = {"each": FAULTS[number % len(FAULTS)], "gone": "swallow"}.get(fault, fault)
                downwards = seeded.random() < 0.75
                after = seeded.randrange(2_000, 300_000) if downwards else seeded.randrange(2_000, 6_000)
                if fault == "gone" and number > 0:
                    after = 0
                faulty = number < int(times)
                Pair(number, upper, lower, chosen if faulty else None, after, downwards).watch(selector)
                number += 1
                continue
            pair = key.data
            try:
                pair.ready(key.fileobj, events)
                pair.watch(selector)
            except BlockingIOError:
                continue
            except OSError:
                pair.close(selector)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    main()
