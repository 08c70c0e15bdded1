#!/usr/bin/python3
"""streaming_test.py PROGRAMS [TEST...]: examples/streaming_csv as a service: from a file that is brought to a model, a score and
predictions, and what its own routes say."""

import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

from made import DATA, PROGRAMS, SCRATCH, run
from service import Service


def streaming(*options):
    """A service whose data root has the flights."""
    root = tempfile.mkdtemp(dir=SCRATCH.name)
    shutil.copy(DATA / "flights-200k.csv", root)
    service = Service(PROGRAMS / "streaming_csv", "--threads", "4", *options, data_root=root)
    service.root = Path(root)
    return service


def a_file_becomes_a_model_a_score_and_predictions():
    service = streaming()
    try:
        read = service.submit("ingest", {"data": "data:flights-200k.csv", "store": "f32"})
        service.until(read, ["done"])
        names = [one["name"] for one in service.ask("GET", f"/api/v1/jobs/{read}/results")[2]["results"]]
        assert names == ["rows.tables", "statistics.tables"], names
        said = service.ask("GET", f"/api/v1/datasets/{read}%2Fstatistics.tables/rows?from=0&to=100")[2]
        of = {row[0]: dict(zip(said["columns"], row)) for row in said["rows"]}
        assert of["delay"]["values"] + of["delay"]["nulls"] == 200000 and sum(map(int, of["delay"]["bins"].split())) > 190000, of
        rows = f"result:{read}/rows.tables"
        trained = service.submit("train", {"data": rows, "target": "delay", "passes": "5", "store": "f32"})
        job = service.until(trained, ["done"])
        curves = {one["name"]: one for one in job["outcome"]["curves"]}
        assert len(curves["loss of a pass"]["samples"]) == 6, curves
        model = f"result:{trained}/model.bin"
        predicted = service.submit("predict", {"data": rows, "model": model})
        scored = service.submit("evaluate", {"data": rows, "model": model})
        service.until(predicted, ["done"])
        service.until(scored, ["done"])
        first = service.ask("GET", f"/api/v1/datasets/{predicted}%2Fpredictions.tables/rows?from=0&to=1")[2]
        assert first["columns"][-1] == "prediction" and isinstance(first["rows"][0][-1], float), first
        status, _, refused = service.ask("POST", "/api/v1/jobs", {"graph": "train", "args": {"data": rows, "target": "none"}})
        assert status == 400 and "column none, which is not there" in refused["error"]["sentence"], refused
    finally:
        service.end()


def what_training_will_take_is_said():
    service = streaming()
    try:
        status, _, said = service.ask("GET", "/estimate?rows=1000000&columns=101&bound=1500MB")
        assert status == 200 and said["f64"] > 1.9 * said["f32"] > 3.4 * said["f16"] and said["f64"] < said["bound"], said
        assert said["rows"] == 1000000 and said["verdict"] == "warn", said
        _, _, said = service.ask("GET", "/estimate?rows=1000000&columns=101&bound=500MB")
        assert said["verdict"] == "refuse" and "MB" in said["sentence"] and "take f32" in said["sentence"], said
        _, _, said = service.ask("GET", "/estimate?rows=1000&columns=5")
        assert said["verdict"] == "fine" and "sentence" not in said, said
        _, _, said = service.ask("GET", "/estimate?rows=1000000&columns=50&warn-seconds=0.1&target=y&rate=0.01&store=f32")
        assert said["verdict"] == "warn" and " s in 20 passes" in said["sentence"], said
        assert service.ask("GET", "/estimate")[0] == 400
    finally:
        service.end()


def the_first_rows_of_a_file_are_shown():
    service = streaming()
    try:
        def asked(text, rows=2):
            (service.root / "some.csv").write_bytes(text)
            return service.ask("GET", f"/preview/{quote('data:some.csv', safe='')}?rows={rows}")
        status, _, said = asked(b"hour;name\n8.5;one\n9;\"two; three\"\n10;thr")
        assert status == 200, said
        assert said["columns"] == [{"name": "hour", "type": "f64"}, {"name": "name", "type": "text"}], said
        assert said["rows"] == [["8.5", "one"], ["9", "two; three"]] and said["delimiter"] == ";" and said["header"], said
        assert len(asked(b"a,b\n1,2\n3,", rows=9)[2]["rows"]) == 1
        assert asked(b"a,b\n")[2]["rows"] == []
        assert asked(b"a,b\n\xff\xfe,<b>\n")[2]["rows"] == [["\ufffd\ufffd", "<b>"]]
        for text, part in [(b"", "empty"), (b"a\0b\n", "NUL"), (b"\x1f\x8b\x08", "packed")]:
            status, _, said = asked(text)
            assert status in (400, 422) and part in said["error"]["sentence"] and "some.csv" not in said["error"]["sentence"], said
    finally:
        service.end()


run([a_file_becomes_a_model_a_score_and_predictions, what_training_will_take_is_said, the_first_rows_of_a_file_are_shown])
