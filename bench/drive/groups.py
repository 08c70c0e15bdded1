"""Group-bys of Tables in memory, against plain loops with the best hash maps there are."""

from .rows import within
from .runs import Program, interleave, leat

TITLE = "Group-by: count and mean of Tables in memory"
ABOUT = ("Four million rows, an integer or a text key, few groups and many, CPU seconds of one thread. The peer is a "
         "loop over the same cells with the faster of tsl::robin_map and absl::flat_hash_map, in turns in one process; "
         "it adds up in f64, leat exactly.")
CASES = {"int-24": ("an integer key, 24 groups", 0.7), "int-1M": ("an integer key, a million groups", 0.7),
         "text-24": ("a text key, 24 groups", 0.7), "text-50k": ("a text key, 50,000 groups", 0.7),
         "text-1M": ("a text key, a million groups", 0.7)}


def measure(rounds):
    programs = {case: Program(f"leat, {what}", *leat("groups", "--case", case, "--times", 1))
                for case, (what, _) in CASES.items()}
    interleave(list(programs.values()), rounds)
    return [within(f"{what}: speed against the plain loop", programs[case], "ratio", "", (">=", least))
            for case, (what, least) in CASES.items()]
