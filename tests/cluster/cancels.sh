#!/usr/bin/env bash
# cancels.sh PROGRAMS: the jobs, nodes and coordinator of a cluster are listed, asked, cancelled and drained, by the
# coordinator's address and through their own sockets.
set -uo pipefail
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"

copies=400 long_csv
train=(--data long.csv --out out/model)

# number_of TEXT: of the process of this machine whose line of jobs has it.
number_of() {
  run_program regression jobs
  awk -v text="$1" 'index($0, text) { print $1; exit }' <<<"$out"
}

bring_up 2 || finish
works -- regression jobs --cluster "$address"
same "jobs of an idle cluster" "$out" "no jobs"
fails 1 "the cluster has no job 1" -- regression describe 1 --cluster "$address"
fails 1 "there is no job 1: there are none" -- regression cancel 1 --cluster "$address"
works -- regression jobs
for name in node-1 node-2 coordinator; do [[ $out == *"$name"* ]] || complain "$name is not among the jobs: $out"; done
works -- regression describe node-1
[[ $out == *"node-1, ready"* ]] || complain "describe of a node: $out"
works -- regression logs node-1
[[ $out == *" info joined "* ]] || complain "the log of a node: $out"
works -- regression dump node-1
[[ $out == *threads* ]] || complain "the dump of an idle node: $out"
fails 1 "this node works for no job now" -- regression why node-1
fails 1 "is a node, not a job" -- regression cancel node-1
fails 1 "there is no job nodee-1, did you mean node-1?" -- regression dump nodee-1

# One runs.
begin_run --nodes 2 "${train[@]}"
says run "$parsing"
works -- regression jobs --cluster "$address"
[[ $out == *"train "*running* ]] || complain "jobs of a cluster: $out"
works -- regression describe train --cluster "$address" --json
[[ $out == *'"number":1,'*'"state":"running"'* ]] || complain "describe of a cluster's job: $out"
works -- regression why node-1 --over 0.3
[[ -n $out ]] || complain "why of a node says nothing"
works -- regression top node-1 --once
[[ $out == *parse* ]] || complain "top of a node: $out"

# Cancelled by who did not submit it.
works -- regression cancel 1 --cluster "$address"
same "how it ended" "$out" "job 1: cancelled"
ends run 10 130
leaves_nothing "cancel on a cluster"
fails 1 "there is no job 1: there are none" -- regression cancel 1 --cluster "$address"
still_works 2

# Cancelled through the socket of the run.
begin_run --nodes 2 "${train[@]}"
says run "$parsing"
works -- regression cancel train
ends run 10 130
leaves_nothing "cancel of a run on a cluster"
still_works 2

# Drained through its socket, as by its signal.
works -- regression drain node-2
ends node-2 10 0
works -- regression drain "$(number_of coordinator)"
says coordinator "draining"
ends coordinator 10 0
finish
