#!/usr/bin/env bash
# probes.sh PROGRAMS: what a coordinator and a node say to probes and to Prometheus, by the probe that
# containers have.
set -uo pipefail
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"

probe() { "$root/deploy/container/probe" "$1" "$port" 2>/dev/null; }
# opens NAME: where its endpoint is; sets $port.
opens() {
  says "$1" 'http endpoint open at=127.0.0.1:([0-9]+)' || finish
  port=${BASH_REMATCH[1]}
}
# The metrics of $port, checked by Prometheus' own tool where it is; each of the names is among them.
metrics() {
  local name
  python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=20).read().decode(), end="")' \
    "http://127.0.0.1:$port/metrics" >said.prom || complain "no metrics of $1"
  if command -v promtool >/dev/null; then
    promtool check metrics <said.prom >promtool.said 2>&1 || complain "promtool on the metrics of $1: $(<promtool.said)"
  else
    echo "left out: promtool is not installed, so the metrics of $1 are not checked by it"
  fi
  for name in "${@:2}"; do
    grep -q "^${name}[{ ]" said.prom || complain "the metrics of $1 have no $name"
  done
}

begin_coordinator --http 127.0.0.1:0 || finish
opens coordinator
probe /livez || complain "the coordinator does not live"
probe /readyz || complain "the coordinator is not ready"
probe /nowhere && complain "a path that is not there answers 200"
metrics coordinator leat_cluster_nodes leat_cluster_jobs leat_process_peak_resident_bytes

# A node lives before it has joined, and is ready then only.
there=$address
address=127.0.0.1:$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
start lone regression node --join "$address" --name lone --join-within 60 --http 127.0.0.1:0
opens lone
probe /livez || complain "a node that has not joined does not live"
probe /readyz && complain "a node that has not joined is ready"
kill -TERM "${pids[lone]}"
ends lone 10 0

address=$there
begin_node node-1 --http 127.0.0.1:0
says node-1 "^joined " || finish
opens node-1
probe /readyz || complain "a node that has joined is not ready"

# In mid-job the stages are there.
long_csv
begin_run --data long.csv --out out/model
says run "$parsing"
metrics node-1 leat_node_jobs_started_total leat_process_peak_resident_bytes leat_stage_visits_total
kill -INT "${pids[run]}"
ends run 10 130

# An endpoint that is taken.
fails 1 "127.0.0.1:$port" -- regression coordinator --http "127.0.0.1:$port"

take_down node-1
finish
