#!/usr/bin/env bash
# output.sh PROGRAMS: what a run says, to people and to programs.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

train=(regression run --data long.csv --out out/model)
head -1 "$flights" >long.csv
for _ in {1..10}; do tail -n +2 "$flights"; done >>long.csv
rows=$(($(wc -l <long.csv) - 1))
bytes=$(wc -c <long.csv)

# Lines for programs.
works -- "${train[@]}" --json
python3 - "$rows" "$bytes" "$scratch/.out" "$(with_asan && echo asan)" <<'LINES' || complain "the lines of --json"
import json, sys
rows, size = int(sys.argv[1]), int(sys.argv[2])
lines = [json.loads(line) for line in open(sys.argv[3])]
assert [line["type"] for line in lines] == ["progress"] * (len(lines) - 1) + ["report"], lines
assert len(lines) > 1

before = None
for line in lines:
    stages = {stage["name"]: stage for stage in line["stages"]}
    assert line["bytes_total"] == 2 * size and line["bytes"] <= 2 * size, line
    assert line["rows"] <= 2 * rows, line
    now = [line[name] for name in ("seconds", "bytes", "rows")]
    for stage in line["stages"]:
        now += [stage[name] for name in ("visits", "chunks_out", "bytes_out", "busy_s", "waiting_s", "idle_s", "queued_s")]
        now += [stage["counts"].get("rows", 0)]
        assert stage["busy_s"] <= 1.1 * line["seconds"] * stage["replicas"] + 0.1, stage
    assert before is None or all(a <= b for a, b in zip(before, now)), (before, now)
    before = now

report = lines[-1]
assert report["ending"] == "complete", report
assert report["bytes"] == 2 * size and report["rows"] == 2 * rows, report
for name in "parse", "parse again":
    assert stages[name]["counts"] == {"rows": rows}, stages[name]
for name, below in ("read", "parse"), ("parse", "sine"), ("read again", "parse again"):
    assert stages[name]["chunks_out"] == stages[below]["visits"] > 0, (name, below)
held = int(report["results"]["held-out rows"])
assert 0.19 * rows < held < 0.21 * rows, held
assert report["results"]["model"] == "out/model" and report["results"]["target"] == "delay"
assert 0 < report["peak_memory"] < report["bound"] or "asan" in sys.argv, report
assert report["warnings"] == [], report
LINES

# Rows that are lost are counted and add up. Nobody reads the delay of row 400,000.
sed '60000s/.*/x,y,z/; 70000s/.*/1/; 400000s/^/x/' long.csv >lossy.csv
works -- regression run predict --data lossy.csv --model out/model --out predicted.csv --bad drop --json
python3 - "$rows" "$scratch/.out" <<'LOSS' || complain "the count of what is lost"
import json, sys
stages = {s["name"]: s["counts"] for s in json.loads(open(sys.argv[2]).readlines()[-1])["stages"]}
rows = int(sys.argv[1])
assert stages["parse"] == {"rows": rows - 2, "rows dropped": 2}, stages
assert stages["write"]["rows"] == rows - 2, stages
LOSS
same "lines with rows lost" "$(wc -l <predicted.csv)" $((rows - 1))

# An error, for programs.
run_program regression run --data nowhere.csv --out out/model --json
python3 -c '
import json, sys
line = json.loads(sys.argv[1])
assert line["type"] == "error" and "nowhere.csv" in line["sentence"], line
' "$out" || complain "an error of --json: $out"

# Names that are no UTF-8, or have line ends and worse in them, are shown all the same.
works -- regression run --data "$flights" --out $'out/\xff' --json
python3 -c 'import json, sys; json.loads(sys.argv[1])' "$(tail -n 1 <<<"$out")" ||
  complain "a name that is no UTF-8: $out"
printf '"a\n\x1b[31mb",y\n1,2\n3,4\n5,6\n' >named.csv
rm -f out/*
fails 2 'a\n\x1b[31mb' -- regression run --data named.csv --out out/model --hour "" --target y --features x

# Nothing, for scripts; and a summary that ends with memory, for people.
works -- "${train[@]}" --quiet
same "what --quiet says" "$out" ""
works -- "${train[@]}"
[[ $out == *"model: out/model"* && $out == *$'\n'"rows: $((2 * rows)) in "*"rows/s"* && \
  $out == *$'\n'"peak memory: "*" of a bound of "* ]] || complain "the summary: $out"

# A bar, on a terminal of 70 columns; it is gone when the run is over.
terminal() { SHELL=/bin/bash script -qec "stty cols 70; $1" /dev/null </dev/null | tr '\r' '\n' | sed 's/\x1b\[K//'; }
run=$(printf '%q ' "$programs/${train[0]}" "${train[@]:1}")
terminal "$run" >seen
grep -qE '^\[=*( *)\] +[0-9]+%  [0-9.]+ MiB  [0-9.]+ [kM] rows/s' seen || complain "the bar: $(<seen)"
same "bars too wide for the terminal" "$(awk '/^\[/ && length > 70' seen)" ""
percents=$(grep -oE '[0-9]+%  ' seen | tr -d '% ')
same "percents that go back" "$percents" "$(sort -n <<<"$percents")"
same "the last percent, before the end" "$(tail -n 1 <<<"$percents")" 99
grep -q '^model: out/model' seen || complain "the summary on a terminal: $(<seen)"
same "what --quiet says on a terminal" "$(terminal "$run --quiet")" ""

# Plans.
plan=(regression plan --data long.csv)
works -- "${plan[@]}" --format json
python3 -c '
import json, sys
plan = json.loads(sys.argv[1])
assert plan["bound"]["bytes"] == sum(term["bytes"] for term in plan["bound"]["terms"]) > 0
assert {"parse", "train", "model", "report"} <= {stage["name"] for stage in plan["stages"]}
' "$out" || complain "plan --format json: $out"
works -- "${plan[@]}" --format dot
if command -v dot >/dev/null; then
  dot -Tsvg -o /dev/null <<<"$out" || complain "plan --format dot"
fi
[[ $out == "digraph "*"}" && $(tr -cd '{' <<<"$out") == "$(tr -cd '}' <<<"$out" | tr '}' '{')" ]] ||
  complain "plan --format dot: $out"
works -- "${plan[@]}"
[[ $out == *"memory bound "*" MiB"* ]] || complain "plan: $out"
[[ ! -e model.bin ]] || complain "plan wrote the model file"


# Standard output that takes nothing: said, with status 1, and the work is done all the same.
takes_nothing() {
  local how=$1
  shift
  status=0
  if [[ $how == unread ]]; then
    exec {gone}> >(exec true)
    wait $!
    timeout 180 "$programs/$1" "${@:2}" 1>&"$gone" 2>.err || status=$?
    exec {gone}>&-
  elif [[ $how == full ]]; then
    timeout 180 "$programs/$1" "${@:2}" >/dev/full 2>.err || status=$?
  else
    timeout 180 "$programs/$1" "${@:2}" >&- 2>.err || status=$?
  fi
  err=$(<.err)
  ((status == 1)) || complain "exit status $status, not 1, with standard output $how: $*"
  [[ $err == "$1: "*"could not be written"* && $err != *$'\n'* ]] || complain "standard output $how: $* said: $err"
}
short=(--data "$flights" --out out/model)
for how in full closed unread; do
  rm -f out/*
  takes_nothing $how regression run "${short[@]}" --json
  [[ -s out/model ]] || complain "standard output $how: the model is not there"
  [[ $(head -c 4 out/model | tr -d '\0') != "{"* ]] || complain "standard output $how: lines in the model"
  rm -f out/*
  takes_nothing $how regression run "${short[@]}"
  [[ -s out/model ]] || complain "standard output $how: the model is not there"
  takes_nothing $how regression plan --data "$flights"
  takes_nothing $how regression plan --data "$flights" --format json
  takes_nothing $how regression --help
  takes_nothing $how leat --help
  takes_nothing $how leat kinds
  takes_nothing $how leat kinds csv.parse
  takes_nothing $how leat validate "$root/examples/toml/late.toml"
  takes_nothing $how regression certs init "authority-$how"
done
run_program regression run "${short[@]}" --quiet
((status == 0)) || complain "what --quiet says needs no room: $err"
rm -f out/*

# A file that is announced is there whole, or the coordinator says why not.
fails 1 "--announce: cannot write out/none/at" -- regression coordinator --announce out/none/at
fails 1 "--announce: cannot write /dev/full" -- regression coordinator --announce /dev/full
fails 2 "--nodes \"\"" -- regression plan --data "$flights" --nodes ""

finish
