"""Rows into a SQLite table, and out of a table file."""

import os
from pathlib import Path

from .rows import against, seen
from .runs import BIN, OUT, ROOT, Program, interleave

TITLE = "Tables in SQLite and in files"
ABOUT = ("A million rows of five columns (two integers, two reals, a text of two letters) made in the program. "
         "SQLite's peer is a loop of prepared statements in one transaction, into a database that is not there, and "
         "into one with a table that is; both end with the rows on the disk. The table file, ten million rows, is in "
         "the page cache; its peer reads the bytes and drops them.")
ROWS = 1_000_000
MANY = 10_000_000


class Afresh(Program):
    """One that finds its database as it was before: not there, or with the table."""

    def __init__(self, label, command, there):
        self.path = OUT / ("there.db" if there else "new.db")
        self.there = there
        super().__init__(label, f"{BIN}/leat_files", command, "--path", self.path, "--rows", ROWS)

    def run(self):
        for name in (self.path, Path(f"{self.path}-journal")):
            name.unlink(missing_ok=True)
        if self.there:
            os.system(f"{ROOT / BIN}/leat_files sqlite-hand --rows 1000 --path {self.path} >/dev/null")
        super().run()


def measure(rounds):
    OUT.mkdir(parents=True, exist_ok=True)
    pairs = [(Afresh("leat", "sqlite-write", there), Afresh("prepared statements", "sqlite-hand", there))
             for there in (False, True)]
    interleave([program for pair in pairs for program in pair], rounds)
    file = OUT / "many.tables"
    written = Program("leat, written", f"{BIN}/leat_files", "tables-write", "--path", file, "--rows", MANY)
    written.run()
    programs = [Program(label, f"{BIN}/leat_files", command, "--path", file, "--rows", MANY)
                for label, command in (("leat", "tables-read"), ("leat, two columns of five", "tables-some"),
                                       ("read()", "file-read"))]
    interleave(programs, rounds)
    file.unlink(missing_ok=True)
    rows = [against(what, ours, [hand], (">=", 0.8))
            for what, (ours, hand) in zip(("rows into a new database", "rows into one that is there"), pairs)]
    whole, some, plain = programs
    return rows + [against("a table file", whole, [plain], None, "mb_per_second", "MB/s"),
                   seen(some), seen(written, "mb_per_second", "MB/s")]
