#!/usr/bin/env bash
# stops.sh PROGRAMS: a node of three is stopped by SIGSTOP while a job runs, and why names that node, whether it has the
# source or a replica: it never blames a stage. Who goes on before it is lost goes on with its job; once it is lost the
# job ends, and names it.
set -uo pipefail
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"
# shellcheck disable=SC2034
program=leat_spin
working='"name":"turn","replicas":3,"visits":[1-9]'

# run_spin: a job on all nodes, whose replicas give what they have in the order of the source.
run_spin() {
  start run leat_spin run --nodes 3 --replicas 3 --ordered --out out/kept --cluster "$address" --json
  says run "$working"
}

# lost NODE: the job has ended since that node was stopped for too long, and the node is back.
lost() {
  ends run 60 1
  [[ $err == *"node $1 "*"was lost"* ]] || complain "a job whose node $1 was stopped: $err"
  leaves_nothing "a job whose node $1 was stopped"
}

# named NODE: what why says while that node is stopped, which must be over before it is lost: again where the machine is
# too busy for that.
named() {
  local try node=$1
  for try in 1 2 3 4 5; do
    kill -STOP "${pids[$node]}"
    run_program leat_spin why spin --over 0.1 --json --cluster "$address"
    kill -CONT "${pids[$node]}"
    if ((status == 0)); then
      python3 -c 'import json, sys; why = json.load(sys.stdin); assert why["cause"] == "node" and why["node"] == sys.argv[1]' \
        "$node" <<<"$out" 2>/dev/null || complain "why while $node is stopped: $out"
      return
    fi
    [[ $err == *"has ended"* || $err == *"the cluster has no job"* ]] || complain "why while $node is stopped: $err"
    echo "$node was lost before why was heard, try $try"
    lost "$node"
    says "$node" "^joined " 30 "$((++joined[$node]))" || return
    run_spin || return
  done
  complain "why was never heard while $node is stopped"
}

declare -A joined=([node-1]=1 [node-2]=1 [node-3]=1)
bring_up 3 || finish
run_spin || finish
named node-2
named node-1

# Those that went on are members, and the job moves again.
works -- leat_spin tap spin turn --rows 1 --cluster "$address"
run_program leat_spin jobs --cluster "$address"
[[ $out == *"spin "*running* ]] || complain "a job whose nodes were stopped and went on: $out"

# Stopped for good it is lost, and the job fails with its name; why has no job to speak of, and blames nobody.
kill -STOP "${pids[node-3]}"
lost node-3
fails 1 "the cluster has no job spin" -- leat_spin why spin --cluster "$address"
says coordinator "node lost node=node-3"
kill -CONT "${pids[node-3]}"
says node-3 "^joined " 30 "$((++joined[node-3]))" || finish
run_spin || finish
kill -INT "${pids[run]}"
ends run 30 130
leaves_nothing "an interrupted run"
take_down node-3 node-2 node-1
finish
