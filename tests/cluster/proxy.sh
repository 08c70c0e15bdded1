#!/usr/bin/env bash
# proxy.sh PROGRAMS: data between two hosts goes by way of a proxy that cuts connections, turns bits, passes bytes
# twice, or takes all and delivers nothing; control has a cable of its own. What comes through is the same bytes as
# one process writes, or the job fails within 5 s and names the peer. Exits 77, skipped, where namespaces may not
# be made.
set -uo pipefail
# shellcheck source=tests/cluster/two_hosts.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/two_hosts.sh"

lay_cable 10.77.0
# Each host has a node's data address for itself; that of the other is the proxy's on both.
for host in $here $there; do
  ip -n "$host" addr add 10.78.0.1/32 dev lo
  ip -n "$host" addr add 10.78.0.2/32 dev lo
done

start_on $here coordinator regression coordinator --listen 10.77.0.1:0 "${one[@]}"
says coordinator "^listening on (10.77.0.1:[0-9]+)$" || finish
address=${BASH_REMATCH[1]}

# bring_up_at ADDRESS ADDRESS: node-1 and node-2 with their data there; sets $data_1, $data_2.
bring_up_at() {
  start_on $here node-1 regression node --join "$address" --name node-1 --cpus 1 --data "$1:0" "${one[@]}"
  says node-1 "^joined $address as node-1, data on ([0-9.]+:[0-9]+)$" || finish
  data_1=${BASH_REMATCH[1]}
  start_on $there node-2 regression node --join "$address" --name node-2 --cpus 1 --data "$2:0" "${two[@]}"
  says node-2 "^joined $address as node-2, data on ([0-9.]+:[0-9]+)$" || finish
  data_2=${BASH_REMATCH[1]}
}

# between FAULT TIMES SEED: a proxy on the way to each node.
between() {
  local way from to data
  for way in "1 $there $here $data_1" "2 $here $there $data_2"; do
    read -r way from to data <<<"$way"
    : >"proxy-$way.out"
    python3 "$root/tests/cluster/fault_proxy.py" "$from" "$to" "$data" "$1" "$2" "$3" >"proxy-$way.out" 2>"proxy-$way.err" &
    pids[proxy-$way]=$!
    says "proxy-$way" "^ready$" || finish
  done
}
nothing_between() {
  for way in 1 2; do
    kill -TERM "${pids[proxy-$way]}"
    ends proxy-$way 5 0
    [[ -z $err ]] || complain "the proxy says: $err"
  done
}
take_nodes_down() {
  for node in node-1 node-2; do
    kill -TERM "${pids[$node]}"
    ends $node 10 0
  done
}

head -1 "$flights" >rows.csv
for _ in {1..8}; do tail -n +2 "$flights"; done >>rows.csv
works -- regression run --data "$flights" --out model --quiet
predict=(regression run predict --data rows.csv --model model)
works -- "${predict[@]}" --out one.csv --quiet
predict+=(--cluster "$address" --nodes 2 --json "${one[@]}")

# comes_through WHAT: the job ends well, and with the same bytes.
comes_through() {
  start_on $here run "${predict[@]}" --out out/two.csv
  ends run 60 0
  cmp one.csv out/two.csv || complain "other bytes than of one process: $1"
  rm -f out/two.csv
}

# Plain, where only checksums tell; then with TLS, which breaks on anything.
for kind in "plain 127.0.0.1 127.0.0.2 1" "TLS 10.78.0.1 10.78.0.2 2"; do
  read -r name first second seed <<<"$kind"
  bring_up_at "$first" "$second"
  between each 8 "$seed"
  comes_through "$name, each fault twice"
  for way in 1 2; do
    for fault in cut corrupt duplicate swallow; do
      grep -q ": $fault after" proxy-$way.out || complain "$name: no $fault on the way to node-$way: $(<proxy-$way.out)"
    done
  done
  nothing_between

  # For good, from the middle of a job on.
  between gone 1000 "$seed"
  start_on $here run "${predict[@]}" --out out/two.csv
  says proxy-2 "swallow after" || finish
  ends run 5 1
  echo "$name: the run has ended $took ms after its data was first swallowed"
  says_why run "the data connection to node node-" " at ${first%.*}."
  leaves_nothing "data that is swallowed"
  nothing_between

  # A node that stands still for less than 3 s is taken up again.
  between slow 1000 "$seed"
  start_on $here run "${predict[@]}" --out out/two.csv
  says run '"type":"progress"'
  kill -STOP "${pids[node-2]}"
  says node-1 "connection lost .*reason=\"nothing came from it for 1200 ms\"" 5
  kill -CONT "${pids[node-2]}"
  ends run 60 0
  cmp one.csv out/two.csv || complain "$name: other bytes than of one process after a node stood still"
  rm -f out/two.csv
  nothing_between
  take_nodes_down
done

kill -TERM "${pids[coordinator]}"
ends coordinator 10 0
finish
