#!/usr/bin/env python3
"""storm.py NUMBER HOST:PORT...: keeps NUMBER connections open at each place, and opens another for each that is
closed: a third say nothing, a third begin a TLS handshake, a third say nonsense. Prints "all are out" once they
are, and when it is told to end (SIGTERM) how many there were.
"""
import selectors
import signal
import socket
import sys

SAYINGS = (b"", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/1.1\r\n\r\n")


def main():
    number, places = int(sys.argv[1]), [place.rsplit(":", 1) for place in sys.argv[2:]]
    selector = selectors.DefaultSelector()
    opened = 0
    ended = False

    def end(*_):
        nonlocal ended
        ended = True

    signal.signal(signal.SIGTERM, end)

    def open_one(host, port):
        nonlocal opened
        to = socket.create_connection((host, int(port)), timeout=20)
        try:
            to.send(SAYINGS[opened % 3])
        except OSError:
            pass
        opened += 1
        to.setblocking(False)
        selector.register(to, selectors.EVENT_READ, (host, port))

    for _ in range(number):
        for host, port in places:
            open_one(host, port)
    print("all are out", flush=True)
    while not ended:
        for key, _ in selector.select(timeout=0.1):
            try:
                if key.fileobj.recv(4096):
                    continue
            except BlockingIOError:
                continue
            except OSError:
                pass
            selector.unregister(key.fileobj)
            key.fileobj.close()
            open_one(*key.data)
    print(f"{opened} connections", flush=True)


if __name__ == "__main__":
    main()
