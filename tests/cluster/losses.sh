#!/usr/bin/env bash
# losses.sh PROGRAMS: processes that are stopped or killed in the middle of a job. Whatever is lost is
# named, nothing is committed, and what is left works on.
#
# A process that dies is seen at once; silence is a loss after 3 s. The deadlines tell one from the other
# and hold on a busy machine; what it took is printed.
set -uo pipefail
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"

long_csv
train=(--data long.csv --out out/model)
predict=(predict --data long.csv --model model --out out/predicted.csv)
works -- regression run --data "$flights" --out model --quiet
echo precious >kept
bring_up 3 || finish

# hit SIGNAL NAME: in the middle of a job.
hit() {
  says run "$parsing" || return 1
  kill -s "$1" "${pids[$2]}"
}

# node-2 does not hold the source or the sinks, which go to the earliest node: lose it, and then node-1.
declare -A within=([KILL]=2 [STOP]=5)
for signal in KILL STOP; do
  for node in node-2 node-1; do
    begin_run "${train[@]}" --nodes 3
    hit $signal $node || continue
    ends run "${within[$signal]}" 1 || continue
    echo "SIG$signal of $node: the run has ended after $took ms"
    says_why run "$node"
    leaves_nothing "SIG$signal of $node"
    says coordinator "node lost node=$node"
    still_works 2
    # The one comes back by itself, the other is started anew.
    if [[ $signal == STOP ]]; then
      kill -CONT "${pids[$node]}"
      says $node "^joined " 10 2
      leaves_nothing "SIGCONT of $node"
    else
      ends $node 5 137
      begin_node $node
      says $node "^joined "
    fi
    still_works 3
  done
done

# While a file is written: what was there stays.
cp kept out/predicted.csv
begin_run "${predict[@]}" --nodes 3
hit KILL node-1
ends run 2 1
same "a result before a run that lost its node" "$(<out/predicted.csv)" precious
same "what lies beside it" "$(ls -A out)" predicted.csv
rm -f out/predicted.csv
ends node-1 5 137
begin_node node-1
says node-1 "^joined "

# Whoever asked for the job dies: nobody is there to read the result.
begin_run "${train[@]}" --nodes 3
hit KILL run
ends run 5 137
still_works 3
leaves_nothing "SIGKILL of the run"

# The run is interrupted: nothing is committed, and the cluster goes on.
begin_run "${train[@]}" --nodes 3
hit INT run
ends run 10 130
leaves_nothing "SIGINT of the run"
still_works 3

# A file that is too much for the control plane fails its own job and costs no node.
python3 -c 'print("delay,time," + "x" * 100000 + "\n" + "1,2,3\n" * 2000, end="")' >wide.csv
fails 2 "on node node-" "columns" -- regression run --cluster "$address" --data wide.csv --out out/model --features ''
! grep -q "node lost .*not a control message" coordinator.err || complain "a file with a long header cost a node"
still_works 3

# The coordinator: everybody notices.
for signal in KILL STOP; do
  begin_run "${train[@]}" --nodes 3
  hit $signal coordinator || continue
  ends run "${within[$signal]}" 1
  echo "SIG$signal of the coordinator: the run has ended after $took ms"
  says_why run "$address"
  for node in node-{1,2,3}; do
    ends "$node" 15 1
    says_why "$node" "$address"
  done
  leaves_nothing "SIG$signal of the coordinator"
  if [[ $signal == KILL ]]; then
    ends coordinator 5 137
    bring_up 3 || finish
  else
    kill -CONT "${pids[coordinator]}"
    kill -TERM "${pids[coordinator]}"
    ends coordinator 10 0
  fi
done

finish
