#!/usr/bin/env bash
# usage.sh PROGRAMS: command lines that ask for what there is not, and help for what there is.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

run=(regression run --data "$flights" --out out/model)
refuses() { fails 2 "$@"; }

# Names.
refuses "--daat" "did you mean --data?" -- regression run --daat "$flights" --out out/model
refuses "--daat" "did you mean --data?" -- regression run --daat="$flights" --out out/model
refuses "--thread " "did you mean --threads?" -- "${run[@]}" --thread 2
refuses "--jsno" "did you mean --json?" -- "${run[@]}" --jsno
refuses "--qqqqq" "--help" -- "${run[@]}" --qqqqq
refuses "-x" -- "${run[@]}" -x
refuses "stray" -- "${run[@]}" stray
refuses "nonsense" "train" "predict" -- regression run nonsense --data "$flights"
refuses "predcit" "did you mean predict?" -- regression run predcit --data "$flights"
refuses "frobnicate" "run" "plan" -- regression frobnicate
refuses "nonsense" "run, plan, node" -- hello nonsense
refuses "--format" "did you mean" -- regression plan --data "$flights" --fromat dot

works -- hello version
grep -qE '^hello, build .+$' "$scratch/.out" || complain "the version: $(<"$scratch/.out")"

# Values.
refuses "--data" "missing" -- regression run --out out/model
refuses "--data" "missing" -- regression
refuses "--data" -- regression run --data
refuses "--data" "once" -- "${run[@]}" --data "$flights"
refuses "--data" "must name files" -- regression run --data "" --out out/model
refuses "--l2 -1" "at least 0" -- "${run[@]}" --l2 -1
refuses "--l2 abc" "a number" -- "${run[@]}" --l2 abc
refuses "l2" -- "${run[@]}" --l2 nan
refuses "l2" -- "${run[@]}" --l2 inf
refuses "--l2 \"\"" "a number" -- "${run[@]}" --l2 ""
refuses "--holdout 2" "at most 1" -- "${run[@]}" --holdout 2
refuses "--bad nope" "must be one of fail, null and drop" -- "${run[@]}" --bad nope
refuses "--out" "must name a file" -- regression run --data "$flights" --out=
refuses "--format" "text" -- regression plan --data "$flights" --format svg
refuses "--threads" "1 to 1024" -- "${run[@]}" --threads 0
refuses "--threads" "1 to 1024" -- "${run[@]}" --threads 1025
refuses "--threads" -- "${run[@]}" --threads -1
refuses "--threads" -- "${run[@]}" --threads two
refuses "--memory nonsense" "64MiB" -- "${run[@]}" --memory nonsense
refuses "--memory 0" -- "${run[@]}" --memory 0
refuses "--memory \"\"" -- "${run[@]}" --memory ""
refuses "--memory -5M" -- "${run[@]}" --memory -5M
refuses "limit is 1.00 MiB" "largest terms are" "process base" "allow more memory" -- "${run[@]}" --memory 1MiB
refuses "--json" "--quiet" -- "${run[@]}" --json --quiet
works -- "${run[@]}" --memory 1GiB --threads 16 --quiet
rm -f out/model

# Help: of every level, with all there is to set at it or below.
parameters="--data --hour --numbers --bad --out --target --features --holdout --l2 --intercept"
shows() {
  local words=$1 word
  shift
  works -- "$@"
  for word in $words; do
    [[ $out == *"$word"* ]] || complain "$word is not in the help of $*"
  done
  [[ $out != *:INT* && $out != *"|json:"* ]] || complain "the help of $* shows how it is made"
}
shows "run plan train predict $parameters --model" regression --help
shows "run plan" regression -h
shows "train predict $parameters --model --threads --memory --json --quiet" regression run --help
shows "train predict $parameters --model --threads --format" regression plan --help
shows "$parameters --threads --memory --scheduling --json --quiet (0.2) fraction" regression run train --help
shows "--data --hour --model --out --threads --format text|dot|json" regression plan predict --help
shows "$parameters" regression train --help
shows "--threads --memory" hello --help
shows "--data --out" own_actor run --help

# A plan that could not be written is no plan.
cd "$root" || exit 1
if "$programs/hello" plan >/dev/full 2>"$scratch/err"; then complain "a plan to a full disk ends with 0"; fi
[[ $(cat "$scratch/err") == *"could not be written"* ]] || complain "a plan to a full disk is not named"

finish
