#!/usr/bin/env python3
"""Writes the seeded tables of the oracles, always the same bytes.

  make_inputs.py FOLDER

Each is a CSV file with the columns of TYPES. Text is in quotes, so that empty text and null differ. Reals are
multiples of 1/4 and small, so that their sums are exact in any order; times are whole milliseconds.
"""
import datetime
import pathlib
import random
import sys

# n numbers the rows. h is f16 in leat, a double in DuckDB, which has none.
TYPES = {"n": "i64", "k": "text", "g": "i64", "x": "f64", "f": "f32", "h": "f16", "i": "i32", "j": "i64", "b": "bool",
         "t": "text", "w": "timestamp"}
WORDS = ["", " ", "a", "A", "b", "ab", "abc", "süß", "SÜSS", "x,y", "say \"hi\"", "two\nlines", " padded\t", "-", "NA",
         "null", "nan", "0", "a-b-c", "日本", "a much longer text than others, of 49 letters"]
ODD = ["nan", "-0", "0", "inf", "-inf", "-nan"]


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def quarter(random, most):
    return str(random.randrange(-4 * most, 4 * most) / 4)


def moment(random):
    at = datetime.datetime(2023, 12, 25) + datetime.timedelta(milliseconds=random.randrange(100 * 86400 * 1000))
    return at.isoformat(timespec="milliseconds")


def cells(random, row, key, spread, nulls):
    """A row; key: of k and g, None for null; spread: of values in the other columns, nulls: their share."""
    def some(value):
        return "" if random.random() < nulls else value

    odd = ["nan" if cell == "-nan" else cell for cell in ODD]
    return [str(row), "" if key is None else quoted(key[0]), "" if key is None else str(key[1]),
            some(random.choice(odd) if random.random() < 0.2 else quarter(random, spread)),
            some(random.choice(odd[:3]) if random.random() < 0.2 else quarter(random, min(spread, 500))),
            some(random.choice(odd) if random.random() < 0.2 else quarter(random, min(spread, 200))),
            some(str(random.randrange(-spread, spread))),
            some(str(random.choice([-1, 1]) * random.randrange(spread) * 1_000_000_007)),
            some(random.choice(["true", "false"])),
            some(quoted(random.choice(WORDS[:spread]))),
            some(moment(random))]


def keys(count):
    return [(WORDS[which % len(WORDS)] + ("" if which < len(WORDS) else str(which)), which * 17 - 100) for which in range(count)]


def rows(random, count, key, spread, nulls):
    return [cells(random, row, key(row), spread, nulls) for row in range(count)]


def tables():
    few, many = keys(12), keys(300)

    def seeded(seed, *what):
        return rows(random.Random(seed), *what)

    choose = random.Random(7)
    return {
        "mixed": seeded(1, 400, lambda row: choose.choice([None, *few]), 1000, 0.15),
        "one_key": seeded(2, 200, lambda row: ("only", 1), 1000, 0.1),
        "distinct_keys": seeded(3, 300, lambda row: many[row * 7 % 300], 1000, 0.1),
        "hot_key": seeded(4, 900, lambda row: few[3] if choose.random() < 0.95 else choose.choice([None, *many[:40]]), 4, 0.3),
        "null_cells": seeded(5, 60, lambda row: None, 10, 1.0),
        "no_rows": [],
    }


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in tables().items():
        lines = [",".join(TYPES), *(",".join(row) for row in made)]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
