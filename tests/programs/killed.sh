#!/usr/bin/env bash
# killed.sh PROGRAMS: a run with checkpoints is killed before and after each call that puts something on the disk or names it,
# and goes on: what comes of it is what comes of a run that nobody kills. hold.cpp stops it there.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

if with_asan; then skip "another library is preloaded first under ASan"; fi
[[ -e $programs/leat_hold.so ]] || { complain "there is no leat_hold.so"; finish; }

head -20000 "$flights" >rows.csv
cat >kept.toml <<'GRAPH'
[[stage]]
name = "read"
kind = "csv.blocks"
path = "rows.csv"
block_bytes = 16384

[[stage]]
name = "parse"
kind = "csv.parse"
from = "read"
replicas = 2
ordered = true

[[stage]]
name = "all"
kind = "csv.write"
from = "parse"
path = "out/all.csv"

[[stage]]
name = "sum"
kind = "group"
from = "parse"
by = ["distance"]
columns = ["n = count()", "delay = mean(delay)"]

[[stage]]
name = "sums"
kind = "csv.write"
from = "sum"
path = "out/sums.csv"

[[stage]]
name = "rows"
kind = "sqlite.write"
from = "parse"
path = "out/rows.db"
table = "rows"
mode = "append"
GRAPH

# What is in the outputs, as text.
outputs() {
  cat out/all.csv out/sums.csv
  python3 -c 'import sqlite3, sys
for row in sqlite3.connect("out/rows.db").execute("select * from rows order by 1, 2, 3"): print(row)'
}

works -- leat run kept.toml --quiet --threads 2
outputs >whole.txt
rm -f out/*
mkfifo held
exec {said}<>held
job=
trap '[[ -z $job ]] || kill -KILL "$job" 2>/dev/null; rm -rf "$scratch"' EXIT

# Kills a run at that moment, and has it go on to its end; 1 where a run never comes there.
killed_at() {
  rm -rf kept out/* out/.[!.]*
  HOLD_AT=$1 HOLD_SAY=$scratch/held LD_PRELOAD=$programs/leat_hold.so "$programs/leat" run kept.toml --quiet --threads 2 \
    --checkpoints kept --every 1ms >/dev/null 2>held.err {said}<&- &
  job=$!
  # It says so, or ends.
  while ! IFS= read -r -t 0.2 _ <&"$said"; do
    kill -0 "$job" 2>/dev/null || { wait "$job"; return 1; }
  done
  kill -KILL "$job"
  wait "$job" 2>/dev/null
  if ! "$programs/leat" run kept.toml --quiet --threads 2 --checkpoints kept --every 1ms --restore latest >/dev/null 2>restored.err; then
    grep -q "there is no job to restore" restored.err || { complain "killed at $1: $(<restored.err)"; return 0; }
    # It was killed before it had begun, or had ended.
    [[ -e out/sums.csv ]] || "$programs/leat" run kept.toml --quiet --threads 2 --checkpoints kept || complain "begun again after $1"
  fi
  outputs >killed.txt 2>&1
  cmp -s killed.txt whole.txt || complain "killed at $1, something else has come of it: $(diff killed.txt whole.txt | head -4)"
  [[ -z $(find out -name '.*' -type f) ]] || complain "killed at $1, this is left: $(find out -name '.*' -type f)"
  [[ -z $(ls kept/cuts) ]] || complain "killed at $1, cuts are left"
}

moments=0
for call in fsync link rename; do
  for ((number = 1; number <= 12; ++number)); do
    killed_at "$call $number before" || break
    killed_at "$call $number after" || break
    moments=$((moments + 2))
  done
done
((moments >= 24)) || complain "only $moments moments were tried"
echo "$moments moments"
finish
