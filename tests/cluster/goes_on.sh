#!/usr/bin/env bash
# goes_on.sh PROGRAMS: a job with checkpoints on a cluster, whose nodes, coordinator and submitter are killed and stopped in the
# middle of it: it goes on, and what comes of it is what comes of one that nobody kills.
set -uo pipefail
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"

copies=90
long_csv
mkdir -p out
works -- regression run --data long.csv --out one.bin --json
echo "$out" >one.json
cp one.bin model
head -4000000 long.csv >shorter.csv
works -- regression run predict --data shorter.csv --model model --out one.csv --json
join_within=60
bring_up 3 || finish

# Back where it was, by whoever keeps it running.
comes_back() {
  case $1 in
    coordinator)
      start coordinator regression coordinator --listen "$address"
      says coordinator "^listening on " || return 1
      ;;
    node-*)
      begin_node "$1"
      says "$1" "^joined " || return 1
      ;;
  esac
}

# What is left beside the result, and in the folder of checkpoints.
leaves_only() {
  same "what lies in out after $2" "$(ls -A out)" "$1"
  same "cuts after $2" "$(ls kept/cuts)" ""
  rm -rf kept out/*
}

# hit SIGNAL NAME: once the job has a checkpoint.
hit() {
  says run "$parsing" || return 1
  until_there kept/journal/0000000002 || return 1
  kill -s "$1" "${pids[$2]}"
  [[ $1 != KILL ]] || ends "$2" 5 137
}

until_there() {
  local until=$((SECONDS + 60))
  while [[ ! -e $1 ]]; do
    if ((SECONDS >= until)) || ! kill -0 "${pids[run]}" 2>/dev/null; then
      complain "there is no $1: $(tail -n 3 run.err)"
      return 1
    fi
    read -r -t 0.02 _ <>"$idle"
  done
  return 0
}
idle=$scratch/idle
mkfifo "$idle"

train=(--data long.csv --nodes 3 --checkpoints kept --every 50ms)
for node in node-2 node-1; do
  for signal in KILL STOP; do
    begin_run "${train[@]}" --out out/model.bin
    hit $signal $node || continue
    [[ $signal == STOP ]] || comes_back $node
    ends run 60 0 || continue
    echo "$out" >out.json
    echo "SIG$signal of $node: the run has ended after $took ms"
    [[ $signal == KILL ]] || kill -CONT "${pids[$node]}"
    [[ $signal == KILL ]] || says $node "^joined " 10 2
    mv out/model.bin other.bin && mv out.json other.json
    python3 "$root/deploy/compare_models.py" one other >compared 2>&1 || complain "another model after SIG$signal of $node: $(<compared)"
    grep -q "began anew" <<<"$out" || complain "SIG$signal of $node is not in the report: $out"
    leaves_only "" "SIG$signal of $node"
  done
done

# While a file is written, in order.
predict=(predict --data shorter.csv --model model --out out/rows.csv --nodes 3 --checkpoints kept --every 50ms)
for who in node-1 coordinator node-3; do
  begin_run "${predict[@]}"
  hit KILL $who || continue
  comes_back $who
  ends run 90 0 || continue
  echo "SIGKILL of $who: the run has ended after $took ms"
  cmp -s out/rows.csv one.csv || complain "other rows after SIGKILL of $who"
  leaves_only rows.csv "SIGKILL of $who"
done

# Whoever asked for it dies, and asks again.
begin_run "${predict[@]}"
if hit KILL run; then
  begin_run "${predict[@]}" --restore latest
  ends run 60 0
  cmp -s out/rows.csv one.csv || complain "other rows after SIGKILL of the run"
  leaves_only rows.csv "SIGKILL of the run"
fi

# It is interrupted: a last checkpoint, and the sentence that says how to go on.
begin_run "${predict[@]}"
if hit INT run; then
  ends run 20 130
  [[ $out$err == *"go on with --checkpoints kept --restore latest"* ]] || complain "how to go on is not said: $out $err"
  refused=$("$programs/regression" run "${predict[@]}" --cluster "$address" 2>&1) && complain "a store with a job is begun anew"
  [[ $refused == *"restore it, or begin afresh"* ]] || complain "an unfinished job: $refused"
  begin_run "${predict[@]}" --restore latest
  ends run 60 0
  cmp -s out/rows.csv one.csv || complain "other rows after SIGINT of the run"
  leaves_only rows.csv "SIGINT of the run"
fi

# Given up, and begun afresh.
begin_run "${predict[@]}"
if hit KILL run; then
  begin_run "${predict[@]}" --fresh
  ends run 60 0
  cmp -s out/rows.csv one.csv || complain "other rows of one begun afresh"
  leaves_only rows.csv "one begun afresh"
fi

take_down node-1 node-2 node-3
finish
