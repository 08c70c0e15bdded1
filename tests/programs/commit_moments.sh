#!/usr/bin/env bash
# commit_moments.sh PROGRAMS: a program that is killed, or asked twice to end, at each moment of its commit leaves
# what was there or what it made, whole; and the next run leaves nothing else. hold.cpp stops it there.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

if with_asan; then skip "another library is preloaded first under ASan"; fi
[[ -e $programs/leat_hold.so ]] || { complain "there is no leat_hold.so"; finish; }

head -1000 "$flights" >small.csv
cat >two.toml <<'GRAPH'
[[stage]]
name = "read"
kind = "csv.blocks"
path = "small.csv"

[[stage]]
name = "parse"
kind = "csv.parse"
from = "read"

[[stage]]
name = "first"
kind = "csv.write"
from = "parse"
path = "out/first.csv"

[[stage]]
name = "second"
kind = "csv.write"
from = "parse"
path = "out/second.csv"
delimiter = ";"
GRAPH
works -- leat run two.toml --quiet
mkdir right
mv out/*.csv right
mkfifo held
exec {said}<>held
job=
trap '[[ -z $job ]] || kill -KILL "$job" 2>/dev/null; rm -rf "$scratch"' EXIT

# held_at MOMENT: starts a run that stops there; false when it never comes there.
held_at() {
  local line
  HOLD_AT=$1 HOLD_SAY=$scratch/held LD_PRELOAD=$programs/leat_hold.so "$programs/leat" run two.toml --quiet \
    >/dev/null 2>held.err &
  job=$!
  IFS= read -r -t 60 line <&"$said" && [[ $line == held ]] && return
  complain "the run was not held at $1: $(<held.err)"
  kill -KILL "$job"
  wait "$job" 2>/dev/null
  return 1
}

# What is at the two paths: "none", "old", "new", or worse.
at() {
  if [[ ! -e out/$1.csv ]]; then
    echo none
  elif cmp -s "out/$1.csv" "right/$1.csv"; then
    echo new
  elif [[ $(<"out/$1.csv") == old ]]; then
    echo old
  else
    echo "a part of it"
  fi
}

# moment WHAT FIRST SECOND HIDDEN: held there and killed, the files are so, and so many are hidden.
moment() {
  local how
  for how in KILL INT; do
    rm -rf out
    mkdir out
    if [[ $before == old ]]; then
      echo old >out/first.csv
      echo old >out/second.csv
    fi
    held_at "$1" || return
    # Twice ends it: the first asks it to end well, which it cannot.
    while [[ -e /proc/$job/exe ]]; do kill -s "$how" "$job" 2>/dev/null; done
    wait "$job" 2>/dev/null
    job=
    same "first.csv after SIG$how at $1" "$(at first)" "$2"
    same "second.csv after SIG$how at $1" "$(at second)" "$3"
    same "hidden files after SIG$how at $1" "$(find out -name '.*' -type f | wc -l)" "$4"
    works -- leat run two.toml --quiet
    same "first.csv of the run after $1" "$(at first)" new
    same "second.csv of the run after $1" "$(at second)" new
    same "what is left after $1" "$(ls -A out)" $'first.csv\nsecond.csv'
  done
}

# Nothing is there: no moment leaves anything but whole files under the two names. Each file is sealed (fsync,
# linkat, fsync of the folder) before any is committed (rename, fsync of the folder).
before=none
moment "fsync 1 before" none none 0
moment "linkat 1 before" none none 0
moment "linkat 1 after" none none 1
moment "fsync 3 before" none none 1
moment "linkat 2 after" none none 2
moment "rename 1 before" none none 2
moment "rename 1 after" new none 1
moment "rename 2 before" new none 1
moment "fsync 6 after" new new 0

# Files are there: they are replaced, one after the other.
before=old
moment "linkat 1 after" old old 1
moment "fsync 4 before" old old 2
moment "rename 1 before" old old 2
moment "rename 1 after" new old 1
moment "rename 2 before" new old 1
moment "rename 2 after" new new 0

# Where files cannot be without a name.
export HOLD_NO_TMPFILE=1
before=none
moment "fsync 1 before" none none 2
moment "rename 1 before" none none 2
moment "rename 2 before" new none 1
before=old
moment "rename 2 before" new old 1
unset HOLD_NO_TMPFILE

# What a process that lives holds stays: two runs at once.
before=none
rm -rf out
mkdir out
HOLD_NO_TMPFILE=1 held_at "rename 1 before"
works -- leat run two.toml --quiet
same "hidden files while their run is held" "$(find out -name '.*' -type f | wc -l)" 2
kill -KILL "$job"
wait "$job" 2>/dev/null
job=
works -- leat run two.toml --quiet
same "what is left at the end" "$(ls -A out)" $'first.csv\nsecond.csv'

finish
