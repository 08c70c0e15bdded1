#!/usr/bin/env bash
# drains.sh PROGRAMS: nodes and coordinators that are told to stop, idle and at work; and what they tell
# a supervisor such as systemd.
set -uo pipefail
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"

long_csv
train=(--data long.csv --out out/model)

# Idle: by a signal, and by a word to the coordinator.
bring_up 3 || finish
kill -TERM "${pids[node-3]}"
ends node-3 5 0
says coordinator "node left node=node-3"
works -- regression drain node-2 --cluster "$address"
ends node-2 5 0
fails 2 "there is no node node-2" "node-1" -- regression drain node-2 --cluster "$address"
works -- regression status --cluster "$address"
[[ $out == *node-1* && $out != *node-2* && $out != *node-3* ]] || complain "status after two nodes have left: $out"
still_works 1

# At work: the job ends well first, and takes no part in the next.
begin_node node-2
says node-2 "^joined "
begin_run --nodes 2 "${train[@]}"
says run "$parsing"
kill -TERM "${pids[node-2]}"
says coordinator "node drains node=node-2"
ends run 120 0
ends node-2 5 0
[[ -s out/model ]] || complain "the job of a draining node left no model"
rm -f out/model

# Told twice: it leaves now, and the job fails and names it.
begin_node node-2
says node-2 "^joined "
begin_run --nodes 2 "${train[@]}"
says run "$parsing"
kill -TERM "${pids[node-2]}"
says node-2 "again to leave now"
kill -INT "${pids[node-2]}"
ends run 5 1
says_why run node-2
ends node-2 5 0
leaves_nothing "leaving now"
still_works 1

# A coordinator: refuses new jobs, waits for those that run.
begin_node node-2
says node-2 "^joined "
begin_run --nodes 2 "${train[@]}"
says run "$parsing"
kill -TERM "${pids[coordinator]}"
says coordinator "again to leave now"
fails 2 "drained" -- regression run --cluster "$address" --data "$flights" --out out/second
ends run 120 0
ends coordinator 5 0
[[ -s out/model ]] || complain "the job of a draining coordinator left no model"
rm -f out/model
for node in node-1 node-2; do ends "$node" 15 1; done

# Told twice.
bring_up 2 || finish
begin_run --nodes 2 "${train[@]}"
says run "$parsing"
kill -TERM "${pids[coordinator]}"
says coordinator "again to leave now"
kill -INT "${pids[coordinator]}"
ends coordinator 5 0
ends run 5 1
leaves_nothing "a coordinator that leaves now"
for node in node-1 node-2; do ends "$node" 15 1; done

# What systemd is told, by a stand-in that writes down what comes to its socket.
cat >supervisor.py <<'SUPERVISOR'
import socket, sys
told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
told.bind(sys.argv[1])
print("ready", flush=True)
while True:
    print(told.recv(4096).decode(), flush=True)
SUPERVISOR
supervise() {
  : >"$1-told.out" 2>"$1-told.err"
  python3 supervisor.py "$scratch/$1.socket" >"$1-told.out" 2>"$1-told.err" &
  pids[$1-told]=$!
  says "$1-told" "^ready$"
}
# The watchdog speaks every quarter of a second.
supervise coordinator
NOTIFY_SOCKET=$scratch/coordinator.socket WATCHDOG_USEC=500000 begin_coordinator --listen 127.0.0.1:0
says coordinator-told "^READY=1$"
says coordinator-told "^WATCHDOG=1$"
supervise node-1
NOTIFY_SOCKET=$scratch/node-1.socket WATCHDOG_USEC=500000 begin_node node-1
says node-1-told "^READY=1$"
says node-1-told "^WATCHDOG=1$"
for node in node-2 node-3; do
  supervise $node
  NOTIFY_SOCKET=$scratch/$node.socket begin_node $node
  says $node-told "^READY=1$"
done
take_down node-1
says node-1-told "^STOPPING=1$"
says coordinator-told "^STOPPING=1$"
# One is told to go while it looks for a coordinator, one gives up.
says node-3 "coordinator lost"
kill -TERM "${pids[node-3]}"
ends node-3 5 0
says node-3-told "^STOPPING=1$"
ends node-2 15 1
says node-2-told "^STOPPING=1$"
for told in coordinator node-{1,2,3}; do
  same "what $told tells its supervisor of its end" "$(grep -c STOPPING "$told-told.out")" 1
done

finish
