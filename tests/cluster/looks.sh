#!/usr/bin/env bash
# looks.sh PROGRAMS: an endless job on two nodes is looked at through its coordinator: why, top, trace, dump, tap and logs,
# also while a node is stopped; and it is drained, which commits what was read. All of them log as JSON.
set -uo pipefail
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"
# shellcheck disable=SC2034
program=leat_spin
at=()

# json CODE: it holds of what the program has said, object by object, `all`.
json() { python3 -c "import json; all = [json.loads(line) for line in open('.out')]; assert $1" 2>/dev/null || complain "$1 does not hold: $out"; }

# answered ARGUMENT...: the program, again where a node has not answered in time, as on a busy machine.
answered() {
  local until=$((SECONDS + 60))
  while ((SECONDS < until)); do
    run_program leat_spin "$@"
    [[ $out == *silent* || $out == *'"heard":false'* ]] || { [[ $1 == trace ]] && ! grep -q node-2 trace.json; } || break
  done
  ((status == 0)) || complain "$* has status $status: $err"
}

begin_coordinator --log-format json || finish
for name in node-1 node-2; do
  begin_node "$name" --log-format json
  says "$name" "^joined " || finish
done
at=(--cluster "$address")
fails 1 "the cluster has no job 1" -- leat_spin why 1 "${at[@]}"
begin_run --nodes 2 --replicas 2
says run '"name":"turn","replicas":[0-9]+,"visits":[1-9]' || finish

# The cells of both nodes, as one job.
answered why spin "${at[@]}" --over 0.3
[[ -n $out && $out != *silent* ]] || complain "why of a cluster's job: $out"
answered why 1 "${at[@]}" --over 0.3 --json
json 'all[0]["type"] == "why" and all[0]["cause"]'
answered top 1 --once "${at[@]}"
[[ $out == "1 spin running "* && $out == *turn* && $out != *silent* ]] || complain "top of a cluster's job: $out"
answered top 1 --once --json "${at[@]}"
json 'sorted(n["name"] for n in all[0]["snapshot"]["nodes"] if n["heard"]) == ["node-1", "node-2"]'
json 'len({c["node"] for c in all[0]["snapshot"]["cells"]}) == 2'
json 'any("sender" in c and "receiver" in c for c in all[0]["snapshot"]["channels"] if c["remote"])'
answered trace 1 --over 0.3 --out trace.json "${at[@]}"
grep -q '"process_name".*node-2' trace.json || complain "the trace has no node-2"
answered dump spin "${at[@]}"
[[ $out == *"node-1, "*threads*"node-2, "*threads* ]] || complain "dump of a cluster's job: $out"
fails 1 "the cluster has no job spni, did you mean spin?" -- leat_spin top spni --once "${at[@]}"

# Tapped: rows of whichever node emits them, no more than are wanted.
works -- leat_spin tap spin turn --rows 3 "${at[@]}"
same "rows of a cluster's stage" "$out" $'number\n0\n1\n2'
works -- leat_spin tap 1 'endless>turn' --rows 100 --json "${at[@]}"
json 'len(all) == 100 and all[7]["row"] == {"number": 7} and all[0]["node"] == "node-1"'
fails 1 "there is no stage trun, did you mean turn?" -- leat_spin tap 1 trun "${at[@]}"
works -- leat_spin tap node-1 endless --rows 1
same "rows of a node" "$out" $'number\n0'

# One that is stopped is said to be silent; it is lost only later.
kill -STOP "${pids[node-2]}"
run_program leat_spin dump 1 --json "${at[@]}"
kill -CONT "${pids[node-2]}"
((status == 0)) || complain "dump beside a node that is stopped: $err"
json '[d["state"] for d in all if d.get("node") == "node-2"] == ["silent"]'
works -- leat_spin jobs "${at[@]}"
[[ $out == *"spin "*running* ]] || complain "a node that was stopped for a second ends the job: $out"

# Its log: the lines of the coordinator and of each node, by time; a node that is stopped is said to be silent.
answered logs spin "${at[@]}" --json
json 'all == sorted(all, key=lambda line: line["time"]) and {line["node"] for line in all} == {None, "node-1", "node-2"}'
json 'not [line for line in all if line["type"] != "log" or line["version"] != 1 or line["fields"].get("job", "1") != "1"]'
kill -STOP "${pids[node-2]}"
run_program leat_spin logs 1 "${at[@]}"
kill -CONT "${pids[node-2]}"
((status == 0)) || complain "logs beside a node that is stopped: $err"
[[ $out == *"coordinator "*" info job running job=1"* && $out == *"node-1 "*" info job built here job=1 graph=spin node=node-1"* &&
  $out == *"not heard: (node node-2 is silent)" ]] || complain "logs beside a node that is stopped: $out"
start follow leat_spin logs 1 --follow "${at[@]}"
says follow " info job running job=1" || finish
fails 1 "there is no job 9: there are 1" -- leat_spin logs 9 "${at[@]}"
fails 1 "the cluster has no job spni, did you mean spin?" -- leat_spin logs spni "${at[@]}"

# Drained: its sources end, the rest is finished and committed, and its report says so.
fails 2 "there is no node spni" "nor is there a job" -- leat_spin drain spni "${at[@]}"
works -- leat_spin drain spin "${at[@]}"
same "what drain says" "$out" "job 1: draining"
ends run 60 0
[[ $out == *'"ending":"complete"'*"it was drained"* ]] || complain "the report of a drained job: $(tail -n 1 <<<"$out")"
[[ -s out/kept ]] || complain "a drained job commits nothing"
rm -f out/kept
fails 2 "there is no node 1" "nor is there a job" -- leat_spin drain 1 "${at[@]}"

# Who followed the log has seen the end, and it can be asked later.
ends follow 20 0
[[ $out == *" info job drained job=1"*" info job committed job=1"* && $out != *committed*committed* ]] || complain "a log that was followed: $out"
answered logs 1 "${at[@]}"
[[ $out == *" info job committed job=1"* && $out == *"node-2 "*" info job ended here job=1"* ]] || complain "the log of a job that has ended: $out"
fails 1 "the cluster has no job 1" -- leat_spin why 1 "${at[@]}"

# What all of them log is JSON, with the node and the job that it is about.
python3 - <<'LOGS' || complain "a log is not JSON: $(tail -n 5 coordinator.err node-2.err)"
import json
read = lambda name: [json.loads(line) for line in open(name)]
logs, of_node = read("coordinator.err"), read("node-2.err")
assert all(line["type"] == "log" and line["version"] == 1 and line["time"].endswith("Z") for line in logs + of_node)
assert any(line["phrase"] == "job drained" and line["fields"] == {"job": "1"} for line in logs)
assert of_node and all(line["fields"]["node"] == "node-2" for line in of_node)
LOGS
take_down node-2 node-1
finish
