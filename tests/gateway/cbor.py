"""CBOR (RFC 8949) as far as a service writes it: values of JSON, of definite lengths."""

import struct

FLOATS = {25: ">e", 26: ">f", 27: ">d"}
PLAIN = {20: False, 21: True, 22: None}


def decoded(data):
    value, end = _value(data, 0)
    assert end == len(data), f"{len(data) - end} bytes after the value"
    return value


def _number(data, at, low):
    if low < 24:
        return low, at
    size = 1 << (low - 24)
    return int.from_bytes(data[at:at + size], "big"), at + size


def _value(data, at):
    kind, low = data[at] >> 5, data[at] & 31
    at += 1
    if kind == 7:
        if low in PLAIN:
            return PLAIN[low], at
        size = struct.calcsize(FLOATS[low])
        return struct.unpack(FLOATS[low], data[at:at + size])[0], at + size
    number, at = _number(data, at, low)
    if kind == 0:
        return number, at
    if kind == 1:
        return -1 - number, at
    if kind == 3:
        return data[at:at + number].decode(), at + number
    assert kind in (4, 5), f"a value of major type {kind}"
    items = []
    for _ in range(number * (kind - 3)):
        item, at = _value(data, at)
        items.append(item)
    return (items, at) if kind == 4 else (dict(zip(items[::2], items[1::2])), at)
