#!/usr/bin/env python3
"""Makes CSV files from a seeded grammar and holds leat against what Python's csv, told the dialect, reads.

usage: csv_files.py BIN FILES SEED [PREDICTED]

Of each of FILES: csv.write gives back every byte of its records, and every value that json.write shows is what the cell
says, or the cell is text. Of each of PREDICTED, which have the two features of a model among their columns: predict
gives back every byte of its records, with its prediction behind them. Prints what differs, with the seed of the file;
the status is 1 where something does.
"""
import csv
import datetime
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile

GRAPH = """
name = "g"
sentence = "Reads a file."
[[stage]]
name = "read"
kind = "csv.blocks"
path = "{path}"
block_bytes = 300
{told}
[[stage]]
name = "parse"
kind = "csv.parse"
from = "read"
[[stage]]
name = "copy"
kind = "csv.write"
from = "parse"
path = "copy.csv"
"""
VALUES = GRAPH.replace('name = "copy"', 'name = "values"').replace("csv.write", "json.write").replace("copy.csv", "values.jsonl")

MODEL = """
name = "m"
sentence = "Trains a model."
[[stage]]
name = "read"
kind = "csv.blocks"
path = "train.csv"
[[stage]]
name = "parse"
kind = "csv.parse"
from = "read"
[[stage]]
name = "train"
kind = "linear_regression"
from = "parse"
target = "t"
features = ["mx", "my"]
[[stage]]
name = "model"
kind = "model_file"
from = "train"
path = "model.bin"
"""
PREDICTED = GRAPH.replace('from = "parse"', 'from = "predict"') + """
[[stage]]
name = "predict"
kind = "predict"
from = "parse"
path = "model.bin"
"""

WORDS = ["rome", "Nan", "inf", "été", "new york", "a, b", "x; y", "say \"hi\"", "two\nlines", " led", "NA", "-", "o'k", "1st"]


def integer(r):
    return str(r.randint(-10**r.randint(1, 18), 10**r.randint(1, 18)))


def decimal(r):
    return f"{r.uniform(-1000, 1000):.{r.randint(1, 6)}f}" if r.random() < 0.8 else f"{r.uniform(0.1, 9):.3f}e{r.randint(-9, 9)}"


def day(r):
    at = datetime.datetime(1900, 1, 1) + datetime.timedelta(seconds=r.randint(0, 6 * 10**9))
    return r.choice([at.strftime("%Y-%m-%d"), at.strftime("%Y-%m-%d %H:%M"), at.strftime("%Y-%m-%dT%H:%M:%SZ")])


KINDS = {
    "integer": integer,
    "decimal": decimal,
    "small": lambda r: str(r.randint(0, 9)),
    "mixed": lambda r: r.choice([integer, decimal])(r),
    "id": lambda r: f"{r.randint(0, 99999):05d}",
    "large": lambda r: str(r.randint(10**18, 10**20)),
    "phone": lambda r: f"+{r.randint(10**9, 10**12)}",
    "word": lambda r: r.choice(WORDS),
    "letters": lambda r: "".join(r.choice("abcdefgh") for _ in range(r.randint(1, 8))),
    "truth": lambda r: r.choice(["true", "false", "TRUE"]),
    "day": day,
    "late": lambda r: "9999-12-31" if r.random() < 0.1 else "2024-05-01",
}
TYPED = {"integer", "decimal", "small", "mixed", "truth", "day"}


def cell(r, text, delimiter, quoting):
    must = any(c in text for c in (delimiter, '"', "\n", "\r"))
    if must or quoting == "all" or (quoting == "some" and r.random() < 0.2):
        return '"' + text.replace('"', '""') + '"'
    return text


class File:
    def __init__(self, seed, features=False):
        """With `features` it has a header, and the model's two features in any place."""
        r = random.Random(seed)
        self.delimiter = r.choice(",,,;;\t|")
        end = r.choice(["\n", "\n", "\r\n", "\r"])
        self.end = end.encode()
        quoting = r.choice(["minimal", "some", "all"])
        kinds = [r.choice(list(KINDS)) for _ in range(r.randint(2, 8))]
        missing = [r.choice([0, 0, 0.1, 0.3]) for _ in kinds]
        self.feature_at = []
        if features:
            self.feature_at = r.sample(range(len(kinds) + 2), 2)
            for at in sorted(self.feature_at):
                kinds.insert(at, r.choice(["decimal", "small"]))
                missing.insert(at, r.choice([0, 0.1]))
        rows = r.randint(2, 40)
        typed = any(kind in TYPED and gap < 0.3 for kind, gap in zip(kinds, missing))
        self.header = r.random() < 0.8 or features
        # Where every column is text nobody can tell; the first row of numbers tells itself.
        self.told_header = not typed
        names = [r.choice(["n", "größe", "a b", "price, USD", "x"]) + str(i) for i in range(len(kinds))]
        for name, at in zip(("mx", "my"), self.feature_at):
            names[at] = name
        lines = []
        if self.header:
            lines.append([cell(r, name, self.delimiter, quoting) for name in names])
        for _ in range(rows):
            line = []
            for kind, gap in zip(kinds, missing):
                # A feature has some numbers, to be told from text.
                if r.random() < gap and not (len(line) in self.feature_at and len(lines) < 3):
                    line.append(r.choice(["", "", "NA"]) if kind != "word" else "")
                else:
                    line.append(cell(r, KINDS[kind](r), self.delimiter, quoting))
            lines.append(line)
        body = [self.delimiter.join(line) for line in lines]
        self.lines = body
        self.records = "".join(line + end for line in body).encode()
        text = end.join(body) + (end if r.random() < 0.8 else "")
        before = r.choice(["", "", "", "", "# made by hand" + end, f"sep={self.delimiter}" + end])
        self.bytes = (b"\xef\xbb\xbf" if r.random() < 0.1 else b"") + (before + text).encode()
        self.cells = lines[1:] if self.header else lines
        parsed = list(csv.reader(io.StringIO(self.records.decode(), newline=""), delimiter=self.delimiter))
        self.values = parsed[1:] if self.header else parsed
        self.names = parsed[0] if self.header else [f"c{i}" for i in range(len(kinds))]


def number_says(value, text):
    text = text.strip()
    if isinstance(value, bool):
        return text.lower() == ("true" if value else "false")
    if isinstance(value, int) and str(value) == text:
        return True
    # A decimal, or an integer among decimals, without zeros in front.
    return re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", text) is not None and float(text) == value


def instant_says(value, text):
    text = text.strip()
    if re.fullmatch(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?Z?)?", text) is None:
        return False
    read = datetime.datetime.fromisoformat(text.rstrip("Z"))
    return value == read.strftime("%Y-%m-%dT%H:%M:%SZ")


def says(value, raw, text):
    if value is None:
        return raw in ("", "NA") or text.strip().lower() in ("nan", "inf")
    if isinstance(value, str):
        return value == text or instant_says(value, text)
    return number_says(value, text)


def run(binary, folder, graph, file=None):
    told = f"header = {'true' if file.header else 'false'}" if file and file.told_header else ""
    with open(os.path.join(folder, "g.toml"), "w") as out:
        out.write(graph.format(path="in.csv", told=told))
    done = subprocess.run([os.path.join(binary, "leat"), "run", "g.toml", "--quiet"], cwd=folder, capture_output=True)
    return done.returncode, done.stderr.decode(errors="replace").strip()


def differences(binary, folder, file):
    with open(os.path.join(folder, "in.csv"), "wb") as out:
        out.write(file.bytes)
    status, said = run(binary, folder, GRAPH, file)
    if status != 0:
        return [f"refused: {said}"]
    copy = open(os.path.join(folder, "copy.csv"), "rb").read()
    if not file.header:
        copy = copy.split(file.end, 1)[1]
    if copy != file.records:
        return [f"copied otherwise: {copy[:200]!r} of {file.records[:200]!r}"]
    status, said = run(binary, folder, VALUES, file)
    if status != 0:
        return [f"values refused: {said}"]
    found = [json.loads(line) for line in open(os.path.join(folder, "values.jsonl"), encoding="utf-8")]
    if len(found) != len(file.values):
        return [f"{len(found)} rows of {len(file.values)}"]
    wrong = []
    for row, (have, raws, texts) in enumerate(zip(found, file.cells, file.values)):
        if list(have) != file.names:
            return [f"names {list(have)} of {file.names}"]
        for name, raw, text in zip(file.names, raws, texts):
            if not says(have[name], raw, text):
                wrong.append(f"row {row + 1}, column {name}: {have[name]!r} of {raw!r}")
    return wrong[:3]


def train(binary, folder):
    with open(os.path.join(folder, "train.csv"), "w") as out:
        out.write("mx,my,t\n" + "".join(f"{x},{x * x % 17},{3 + 2 * x - x * x % 17}\n" for x in range(40)))
    status, said = run(binary, folder, MODEL)
    if status != 0:
        raise SystemExit(f"the model: {said}")


def prediction_says(file, row, text):
    x, y = (file.values[row][at] for at in file.feature_at)
    if x in ("", "NA") or y in ("", "NA"):
        return text == ""
    x, y = float(x), float(y)
    return text != "" and abs(float(text) - (3 + 2 * x - y)) <= 1e-11 * (3 + 2 * abs(x) + abs(y))


def changed_by_predict(binary, folder, file):
    with open(os.path.join(folder, "in.csv"), "wb") as out:
        out.write(file.bytes)
    status, said = run(binary, folder, PREDICTED, file)
    if status != 0:
        return [f"refused: {said}"]
    rest = open(os.path.join(folder, "copy.csv"), "rb").read()
    for at, line in enumerate(file.lines):
        line = (line + file.delimiter).encode()
        end = rest.find(file.end, len(line))
        if not rest.startswith(line) or end < 0:
            return [f"row {at}: {rest[:len(line) + 30]!r} of {line!r}"]
        text = rest[len(line):end].decode()
        right = text == "prediction" if at == 0 else prediction_says(file, at - 1, text)
        if not right:
            return [f"row {at}: the prediction of {line!r} is {text!r}"]
        rest = rest[end + len(file.end):]
    return [f"after all rows: {rest[:200]!r}"] if rest else []


def search(count, seed, make, differ, what):
    failed = refused = 0
    for at in range(count):
        wrong = differ(make(seed * 1_000_003 + at))
        refused += any("refused" in each for each in wrong)
        failed += bool(wrong)
        for each in wrong:
            print(f"file {at} of seed {seed}, {what}: {each}")
    print(f"{count} files of seed {seed}: {failed - refused} {what} otherwise, {refused} refused")
    return failed


def main():
    binary, files, seed = os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    predicted = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    with tempfile.TemporaryDirectory() as folder:
        failed = search(files, seed, File, lambda file: differences(binary, folder, file), "read")
        if predicted > 0:
            train(binary, folder)
            failed += search(predicted, seed, lambda at: File(at, features=True),
                             lambda file: changed_by_predict(binary, folder, file), "carried through predict")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
