#!/usr/bin/env bash
# hosts.sh PROGRAMS: a coordinator and a node on one host, a node on another, with certificates between them:
# network namespaces joined by a cable. Exits 77, skipped, where namespaces may not be made.
set -uo pipefail
# shellcheck source=tests/cluster/two_hosts.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/two_hosts.sh"

lay_cable 10.77.0
start_on $here coordinator regression coordinator --listen 10.77.0.1:0 "${one[@]}"
says coordinator "^listening on (10.77.0.1:[0-9]+)$" || finish
address=${BASH_REMATCH[1]}
start_on $here node-1 regression node --join "$address" --name node-1 --cpus 1 --data 10.77.0.1:0 "${one[@]}"
start_on $there node-2 regression node --join "$address" --name node-2 --cpus 1 --data 10.77.0.2:0 "${two[@]}"
for node in node-1 node-2; do says $node "^joined $address as $node" || finish; done

works -- regression run --data "$flights" --out one.bin --json
echo "$out" >one.json
train=(regression run --cluster "$address" --nodes 2 --json "${one[@]}")
start_on $here run "${train[@]}" --data "$flights" --out two.bin
ends run 60 0
echo "$out" >two.json
python3 "$root/deploy/compare_models.py" one two || complain "another model on two hosts"

# Nobody gets in without a certificate, at either port.
start_on $there stranger regression node --join "$address" --name stranger --data 10.77.0.2:0
ends stranger 20 2
says_why stranger "certificate"

# The cable is cut in the middle of a job: no end of a connection comes, only silence.
long_csv
start_on $here run "${train[@]}" --data long.csv --out out/model
says run "$parsing"
ip -n $there link set 10.77.0 down
ends run 5 1
echo "the run has ended $took ms after the cable was cut"
says_why run node-2
leaves_nothing "a cut cable"
ip -n $there link set 10.77.0 up
says node-2 "^joined " 20 2
start_on $here run "${train[@]}" --data "$flights" --out out/next
ends run 60 0
kill -TERM "${pids[node-2]}"
ends node-2 10 0
kill -TERM "${pids[node-1]}"
ends node-1 10 0
kill -TERM "${pids[coordinator]}"
ends coordinator 10 0
finish
