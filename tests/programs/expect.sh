# shellcheck shell=bash
# What the tests of the programs share. Sourced with the folder of the programs as $1.
#
#   fails 1 "flights.csv:3:" "column delay" -- regression run --data flights.csv --out out/model
#   works 0 -- regression run --data flights.csv --out out/model
#
# Both run a program of that folder in a scratch folder of its own and leave its standard output in
# $out, its errors in $err. `out/` is where results belong: what fails must leave nothing there.
programs=$(cd -- "${1:?usage: NAME.sh FOLDER_OF_PROGRAMS}" && pwd)
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
# The tests read it.
# shellcheck disable=SC2034
flights=$root/examples/data/flights-200k.csv
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
mkdir out
export LEAT_STATE=$scratch/state # nothing of a test is left among the jobs of who runs it
failures=0

complain() {
  failures=$((failures + 1))
  printf 'FAILED: %s\n' "$*"
}

finish() {
  ((failures == 0)) && echo "all as expected"
  exit $((failures > 0))
}

# skip REASON: ends the test as one that could not run here.
skip() {
  echo "skipped: $*"
  exit 77
}

with_asan() { grep -q __asan_init "$programs/regression"; }

# Runs "$@" within a minute or three: nothing may hang. What a slow machine has it say on its way is left out.
run_program() {
  local program=$1
  shift
  status=0
  timeout --kill-after=5 180 "$programs/$program" "$@" >"$scratch/.out" 2>"$scratch/.err" || status=$?
  out=$(<"$scratch/.out")
  err=$(grep -v ': waiting for ' "$scratch/.err")
}

# fails STATUS TEXT... -- PROGRAM ARGUMENT...: one line of errors with every TEXT in it, no other
# output, and nothing left in out/.
fails() {
  local expected=$1 texts=() text
  shift
  while [[ $1 != -- ]]; do
    texts+=("$1")
    shift
  done
  shift
  run_program "$@"
  ((status == expected)) || complain "exit status $status, not $expected: $* ($err)"
  [[ $err == "$1: "* && $err != *$'\n'* ]] || complain "not one sentence of $1: $* said: $err"
  for text in "${texts[@]}"; do
    [[ $err == *"$text"* ]] || complain "'$text' is not in what $* said: $err"
  done
  [[ -z $out ]] || complain "output of a failed $*: $out"
  leaves_nothing "$*"
}

leaves_nothing() {
  local left
  left=$(ls -A out)
  [[ -z $left ]] || { complain "left in out/ by $1: $left"; rm -rf out; mkdir out; }
}

# works -- PROGRAM ARGUMENT...: exit status 0 and no errors. A disk that others keep busy is none.
works() {
  shift
  run_program "$@"
  ((status == 0)) || complain "exit status $status of $*: $err"
  err=$(grep -v 'has waited .* in its own code' <<<"$err")
  [[ -z $err ]] || complain "$* said: $err"
}

# same WHAT ONE OTHER
same() { [[ $2 == "$3" ]] || complain "$1: $2 is not $3"; }
