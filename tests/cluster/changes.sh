#!/usr/bin/env bash
# changes.sh PROGRAMS: nodes that are killed while a pool grows onto them or shrinks off them. Either the job
# fails, names the node and commits nothing, or it ends well and writes what one process writes.
set -uo pipefail
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"

# Four million rows: a second or two.
head -1 "$flights" >rows.csv
for _ in {1..20}; do tail -n +2 "$flights"; done >>rows.csv
works -- regression run train --data "$flights" --out out/model --quiet
mv out/model model
works -- regression run predict --data rows.csv --model model --out expected --quiet
predict=(predict --data rows.csv --model model --out out/predictions)

# ends_either_way NAME WHEN
ends_either_way() {
  if ! ended_within $((60 * slower)) "${pids[run]}"; then
    complain "a run whose $1 was killed $2 does not end"
    return
  fi
  status=0
  wait "${pids[run]}" || status=$?
  unset "pids[run]"
  err=$(<run.err)
  echo "$1 killed $2: the run ends with status $status"
  if ((status == 0)); then
    cmp out/predictions expected || complain "a run whose $1 was killed $2 ends well with another result"
    rm -f out/predictions
  else
    ((status == 1)) || complain "a run whose $1 was killed $2 ends with status $status"
    says_why run "$1"
    leaves_nothing "$1, killed $2"
  fi
  # It may have left a moment before.
  wait "${pids[$1]}" 2>/dev/null
  unset "pids[$1]"
  still_works 2
}

# await MOMENT: the next time that the coordinator says so of node-3; hit: kills it then.
await() {
  moment=$1
  due=$(($(grep -c "$moment .*node=node-3" coordinator.err) + 1))
}
hit() {
  says coordinator "$moment .*node=node-3" 30 "$due" || return 1
  kill -KILL "${pids[node-3]}" 2>/dev/null
  ends_either_way node-3 "at \"$moment\""
}

bring_up 2 || finish
for each in "pool grows" "pool grew"; do
  begin_run "${predict[@]}" --nodes 2
  says run "$parsing"
  await "$each"
  begin_node node-3
  hit
done

for each in "node drains" "pool shrinks"; do
  begin_node node-3
  says node-3 "^joined "
  begin_run "${predict[@]}" --nodes 3
  says run "$parsing"
  await "$each"
  kill -TERM "${pids[node-3]}"
  hit
done

take_down node-1 node-2
finish
