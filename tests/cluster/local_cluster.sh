#!/usr/bin/env bash
# local_cluster.sh PROGRAMS: deploy/local-cluster with a real program; tests/deploy has its every case with
# a stand-in.
set -uo pipefail
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"

state=$scratch/cluster
LEAT_STATE=$state/leat
on_cluster() { "$root/deploy/local-cluster" "$1" --state "$state" "${@:2}"; }
processes() { grep -lsF "LEAT_STATE=$LEAT_STATE" /proc/[0-9]*/environ | cut -d/ -f3; }
# Of the same state, but no part of the cluster: this test's own children.
none_left() {
  local pid words
  for pid in $(processes); do
    words=$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")
    [[ $words != *"$programs"* ]] || complain "$1 leaves $pid behind: $words"
  done 2>/dev/null
}
trap 'on_cluster down 2>/dev/null; stop_all' EXIT
copies=400 long_csv

# Up, used, and down while a job runs, which ends well.
address=$(on_cluster up -n 3 --program "$programs/regression" 2>up.err) || { complain "up: $(<up.err)"; finish; }
said=$(on_cluster status) || complain "status fails: $said"
for node in node-{1,2,3}; do
  [[ $said == *"$node: pid "*"node $node: "*"data on 127.0.0.1:"* ]] || complain "status does not show $node: $said"
done
still_works 3
begin_run --nodes 3 --data long.csv --out out/model
says run "$parsing"
on_cluster down --within 120 || complain "down while a job runs"
ends run 120 0
[[ -s out/model ]] || complain "a job that ran when its cluster went down left no model"
rm -f out/model
none_left "down"

# Attached, and killed in the middle of a job: the job fails, and nothing is left.
"$root/deploy/local-cluster" up --attached -n 3 --program "$programs/regression" --state "$state" >attached.out 2>attached.err &
pids[attached]=$!
says attached "^127.0.0.1:[0-9]+$" || finish
address=$line
begin_run --nodes 3 --data long.csv --out out/model
says run "$parsing"
kill -KILL "${pids[attached]}"
ends attached 5 137
ends run 5 1
says_why run "$address"
leaves_nothing "a killed cluster"
on_cluster down 2>/dev/null || complain "down after the keeper was killed"
none_left "a killed keeper"

finish
