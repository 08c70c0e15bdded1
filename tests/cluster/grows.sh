#!/usr/bin/env bash
# grows.sh PROGRAMS: a node that joins a running job gets replicas of its stages, one that drains gives them up
# and leaves before the job ends; what is written is what one process writes.
set -uo pipefail
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"

# Six million rows: seconds.
head -1 "$flights" >rows.csv
for _ in {1..30}; do tail -n +2 "$flights"; done >>rows.csv
works -- regression run train --data "$flights" --out out/model --quiet
works -- regression run predict --data rows.csv --model out/model --out out/expected --quiet
predict=(predict --data rows.csv --model out/model --out out/predictions)

bring_up 2 || finish
begin_run "${predict[@]}" --nodes 2
says run "$parsing"

# It comes: and works on the job.
begin_node node-3
says node-3 "^joined "
says coordinator "pool grew .*node=node-3"
says run '"name":"predict","replicas":3'

# They go, one by one, in the middle of the job.
for node in node-3 node-2; do
  kill -TERM "${pids[$node]}"
  says coordinator "pool shrank .*node=$node"
  ends "$node" 10 0
  [[ ! -s out/predictions ]] || complain "the job had ended before $node left: make rows.csv longer"
done
says run '"name":"predict","replicas":1'
ends run 120 0
python3 - <<'REPORT' || complain "the report: $(tail -1 run.out | cut -c1-600)"
import json
report = json.loads(open("run.out").read().splitlines()[-1])
rows = {node["node"]: stage["counts"].get("rows", 0)
        for node in report["nodes"] for stage in node["stages"] if stage["name"] == "parse"}
assert sum(rows.values()) == 6_000_000 and len(rows) == 3, rows
assert all(count > 0 for count in rows.values()), rows
REPORT
cmp out/predictions out/expected || complain "three nodes that came and went wrote otherwise than one process"

# The next job has the one that stayed.
still_works 1
finish
