"""Rows of results: what was measured, against whom, what it must reach and whether it does."""

import operator
import statistics

COMPARE = {">=": operator.ge, "<=": operator.le, "<": operator.lt}


def row(what, figure, unit, peer=None, peer_figure=None, ratio=None, must="", holds=None, note=""):
    """One row. `holds` is None when the row has no criterion or could not be measured."""
    return {"what": what, "figure": figure, "unit": unit, "peer": peer,
            "peer_figure": peer_figure, "ratio": ratio, "must": must, "holds": holds,
            "note": note}


def notes(*programs):
    """Why programs could not be measured, each reason once."""
    return " ".join(dict.fromkeys(p.problem for p in programs if p is not None and p.problem))


def with_commands(made, program, peer=None):
    made["command"] = program.text()
    made["runs"] = len(program.values("seconds")) or len(program.results)
    if peer is not None:
        made["peer_command"] = peer.text()
    return made


def best(programs, key, higher):
    """The program with the best median, or the first if none was measured."""
    measured = [p for p in programs if p.median(key) is not None]
    if not measured:
        return programs[0]
    return (max if higher else min)(measured, key=lambda p: p.median(key))


def ratios(program, peer, key, higher):
    """Round by round, how many times better the program is than its peer."""
    found = []
    for mine, theirs in zip(program.results, peer.results):
        if mine and theirs and mine.get(key) and theirs.get(key):
            found.append(mine[key] / theirs[key] if higher else theirs[key] / mine[key])
    return found


def against(what, program, peers, must, key="per_second", unit="/s", higher=True):
    """The program against the best of `peers`. `must` is (">=", 1.2) on the ratio, or None.

    The ratio is the median of the ratios within each round; above 1 the program is better.
    """
    peer = best(peers, key, higher)
    made = row(what, program.median(key), unit, peer.label, peer.median(key),
               must=f"ratio {must[0]} {must[1]}" if must else "")
    found = ratios(program, peer, key, higher)
    if found:
        made["ratio"] = statistics.median(found)
        made["between"] = [min(found), max(found)]
        made["holds"] = COMPARE[must[0]](made["ratio"], must[1]) if must else None
    made["note"] = notes(program, peer)
    return with_commands(made, program, peer)


def within(what, program, key, unit, must, peer=None, worst=False):
    """A figure of the program against a fixed criterion such as ("<=", 40).

    With `worst` the largest of all runs counts, as it must for memory, instead of the median.
    """
    values = program.values(key)
    figure = (max(values) if worst else statistics.median(values)) if values else None
    made = row(what, figure, unit, must=f"{must[0]} {must[1]:,} {unit}".strip(),
               holds=COMPARE[must[0]](figure, must[1]) if values else None, note=notes(program))
    if peer is not None:
        made["peer"], made["peer_figure"] = peer.label, peer.median(key)
        made["ratio"] = made["peer_figure"] / figure if figure and made["peer_figure"] else None
    return with_commands(made, program, peer)


def no_more(what, program, peer, most, key, unit):
    """A cost of the program, at most `most` times its peer's, as the median of the rounds."""
    made = row(what, program.median(key), unit, peer.label, peer.median(key),
               must=f"leat / peer <= {most}", note=notes(program, peer))
    found = ratios(program, peer, key, higher=True)
    if found:
        made["ratio"] = statistics.median(found)
        made["holds"] = made["ratio"] <= most
    return with_commands(made, program, peer)


def under_bound(what, program):
    """Peak RSS against the bound the program printed, in the worst of all runs."""
    peak, bound = program.values("peak_rss_mb"), program.values("bound_mb")
    made = row(what, max(peak, default=None), "MB", "planned bound", min(bound, default=None),
               must="figure <= planned bound", note=notes(program))
    if peak and bound:
        made["holds"] = all(p <= b for p, b in zip(peak, bound))
        made["ratio"] = min(b / p for p, b in zip(peak, bound))
    return with_commands(made, program)


def same_work(made, program, peer):
    """Marks a row whose two programs printed different sums: one did not do the work."""
    mine, theirs = program.last("sum"), peer.last("sum")
    if mine is not None and theirs is not None and mine != theirs:
        made["holds"] = False
        made["note"] = f"{made['what']}: the sums differ, {mine} against {theirs}."
    return made


def seen(program, key="per_second", unit="/s", what=None):
    """A row without a criterion: another figure seen in the same run."""
    made = row(what or program.label, program.median(key), unit, note=notes(program))
    return with_commands(made, program)
