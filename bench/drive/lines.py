"""Lines of text, and of JSON, to Tables."""

from .rows import against, seen, within
from .runs import BIN, ROOT, Program, interleave, leat, one_run, warm

TITLE = "Lines: 1 M JSON events (126 MB) to Tables, and as text"
ABOUT = ("In the page cache. The limits are loops of one thread: simdjson's On-Demand into vectors, memchr into a "
         "vector of views. json.lines parses in one thread, json.blocks with json.parse in two.")
ROWS = 1_000_000


def events():
    path = f"build/bench/data/events-{ROWS}.jsonl"
    if not (ROOT / path).exists():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        _, problem = one_run([f"{BIN}/make_events", "--rows", str(ROWS), path])
        if problem:
            print(f"  {problem}", flush=True)
    return path


def measure(rounds):
    data = events()
    warm(data)
    one = Program("leat, json.lines", *leat("json", "--data", data, "--threads", 2))
    two = Program("leat, json.blocks and json.parse", *leat("json", "--stages", "--data", data, "--threads", 2))
    text = Program("leat, text.lines", *leat("lines", "--data", data, "--threads", 2))
    json_hand = Program("limit: simdjson loop", f"{BIN}/json_hand", "--data", data)
    lines_hand = Program("limit: memchr loop", f"{BIN}/lines_hand", "--data", data)
    interleave([one, two, json_hand, text, lines_hand], rounds)
    return [
        against("JSON lines to Tables, one stage, against the simdjson loop", one, [json_hand], (">=", 0.8),
                "seconds", "s", higher=False),
        against("JSON lines to Tables, two stages, against the simdjson loop", two, [json_hand], (">=", 1.4),
                "seconds", "s", higher=False),
        against("Lines to Tables, against the memchr loop", text, [lines_hand], None, "seconds", "s", higher=False),
        within("Lines to Tables, 126 MB", text, "seconds", "s", ("<=", 0.126)),
        within("JSON lines, two stages: peak RSS", two, "peak_rss_mb", "MB", ("<=", 48), worst=True),
        seen(json_hand, "seconds", "s"),
        seen(lines_hand, "seconds", "s"),
    ]
