#!/usr/bin/env bash
# local_cluster.sh [DEPLOY]: deploy/local-cluster with a stand-in for the program, so that nothing is
# built. Waits for ends of processes and for lines, each with a deadline; never for a time.
set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
local_cluster=${1:-$here/../../deploy}/local-cluster
scratch=$(mktemp -d)
state="$scratch/a state"
failures=0

# The processes whose environment names the state: all of the cluster but its keeper.
members() {
  grep -lsF "LEAT_STATE=$state/leat" /proc/[0-9]*/environ | cut -d/ -f3
}
pid_of() { cut -d' ' -f1 "$state/$1.pid"; }
end_all() {
  local pid
  for pid in $(members); do kill -KILL "$pid" 2>/dev/null; done
  rm -rf "$scratch"
}
trap end_all EXIT

begin() { current=$1; }
check() {
  "${@:2}" && return
  failures=$((failures + 1))
  printf 'FAILED: %s: %s\n  status: %s\n  out: %s\n  err: %s\n' "$current" "$1" "$status" "$out" "$err"
}
has() { [[ $1 == *"$2"* ]]; }
one_line() { [[ -n $1 && $1 != *$'\n'* ]]; }

# run WORD...: deploy/local-cluster; leaves $out, $err and $status.
run() {
  status=0
  timeout -k 5 60 "$local_cluster" "$1" --state "$state" "${@:2}" >"$scratch/out" 2>"$scratch/err" || status=$?
  out=$(<"$scratch/out") err=$(<"$scratch/err")
}
up() { run up --program "$here/stand_in.py" "$@"; }

# gone PID...: each has ended within 20 s.
gone() {
  python3 - "$@" <<'GONE'
import os, select, sys
for pid in sys.argv[1:]:
    try:
        fd = os.pidfd_open(int(pid))
    except ProcessLookupError:
        continue
    assert select.select([fd], [], [], 20)[0], f"{pid} is still there"
GONE
}
none_left() { [[ -z $(members) ]]; }

# line FILE TEXT: FILE comes to hold a line with TEXT, within 20 s.
line() {
  local found=1 tail said
  exec {tail}< <(exec tail -s 0.05 -n +1 -F "$1" 2>/dev/null)
  local follower=$!
  while IFS= read -r -t 20 said <&"$tail"; do
    [[ $said != *"$2"* ]] || { found=0; break; }
  done
  exec {tail}<&-
  kill "$follower" 2>/dev/null
  return "$found"
}

begin "nothing is up to begin with"
run down
check "down succeeds" [ "$status" = 0 ]
check "and says so" has "$err" "nothing is up in $state"
run status
check "status fails" [ "$status" = 1 ]
check "in one line" one_line "$err"

begin "up waits for all and prints the address alone"
up -n 3 -- --labels "disk,two words"
check "succeeds" [ "$status" = 0 ]
check "prints the address" [ "$out" = 127.0.0.1:4700 ]
check "says how to use it" has "$err" "run --cluster 127.0.0.1:4700"
check "the address is in the state" [ "$(<"$state/address")" = 127.0.0.1:4700 ]
check "nobody else reads the state" [ "$(stat -c %a "$state")" = 700 ]
check "four processes run" [ "$(members | wc -l)" = 4 ]
check "each in a session of its own" [ "$(members | xargs -n1 ps -o sid= -p | sort -u | wc -l)" = 4 ]
check "the keeper is their parent" [ "$(members | xargs -n1 ps -o ppid= -p | sort -u | tr -d ' ')" = "$(pid_of keeper)" ]
check "a node knows whom to join" has "$(<"$state/node-2.out")" "node --join 127.0.0.1:4700 --name node-2"
check "options go to nodes, in one piece" has "$(<"$state/node-3.out")" "--labels disk,two words"
run status
check "status succeeds" [ "$status" = 0 ]
check "lists the processes" has "$out" "node-3: pid $(pid_of node-3)"
check "asks the coordinator" has "$out" "asked 127.0.0.1:4700"
up -n 1
check "a second one in its place is refused" [ "$status" = 1 ]
check "in one line" one_line "$err"
check "that says what to do" has "$err" "local-cluster down"
check "and nothing else happens" [ "$(members | wc -l)" = 4 ]
was=$(pid_of node-2)
kill -KILL "$was"
check "a node that was killed is noticed" line "$state/keeper.log" "node-2 ended with signal 9"
check "and started anew" line "$state/keeper.log" "node-2 is started anew"
run status
check "and then all is up" [ "$status" = 0 ]
check "it is another process" [ "$(pid_of node-2)" != "$was" ]
kill -KILL "$(pid_of coordinator)"
check "so is the coordinator" line "$state/keeper.log" "coordinator is started anew"
check "where it was" line "$state/coordinator.out" "coordinator --listen 127.0.0.1:4700"
kill -TERM "$(pid_of node-3)"
check "a node that was told to leave is noticed" line "$state/keeper.log" "node-3 ended with status 0"
run status
check "and then status fails" [ "$status" = 1 ]
check "and says which" has "$out" "node-3: ended with status 0"
pids=$(members)
keeper=$(pid_of keeper)
run down
check "down succeeds" [ "$status" = 0 ]
check "is silent" [ -z "$out$err" ]
# shellcheck disable=SC2086
check "ends all" gone $pids "$keeper"
check "nodes before their coordinator" [ "$(tail -n 1 "$state/order")" = coordinator ]
check "forgets the pids" [ -z "$(ls "$state"/*.pid 2>/dev/null)" ]
check "keeps the logs" [ -s "$state/node-1.out" ]

begin "what does not come up leaves nothing behind"
echo node-2 >"$state/refuse"
up -n 2
check "fails" [ "$status" = 1 ]
check "in one line" one_line "$err"
check "with the program's own words" has "$err" "node-2 ended with status 1 before it was ready: stand-in: no room here"
check "nothing runs" none_left
rm "$state/refuse"
echo node-1 >"$state/mute"
up -n 1 --within 0.5
check "fails when its time is over" [ "$status" = 1 ]
check "names who is missing" has "$err" "after 0.5 s this has not joined: node-1;"
check "nothing runs" none_left

begin "killed on the way up, it leaves nothing behind"
for whom in up keeper; do
  rm -f "$state"/*.out
  "$local_cluster" up --state "$state" --program "$here/stand_in.py" -n 2 >"$scratch/out" 2>&1 &
  up=$!
  check "node-2 has joined" line "$state/node-2.out" "joined"
  keeper=$(pid_of keeper)
  pids=$(members)
  kill -KILL "${!whom}"
  wait "$up" 2>/dev/null
  # shellcheck disable=SC2086
  check "without its $whom all ends" gone $pids "$keeper"
  check "nothing runs without its $whom" none_left
done
check "a killed keeper is reported" has "$(<"$scratch/out")" "its keeper died"
rm "$state/mute"

begin "whatever becomes of the keeper of a cluster that is up"
up -n 2
pids=$(members)
kill -KILL "$(pid_of keeper)"
# shellcheck disable=SC2086
check "the others end with it" gone $pids
run status
check "status does not take its pid file for a process" [ "$status" = 1 ]
echo "$$ 1 another-boot" >"$state/node-1.pid"
run down
check "down does not kill who has its pid now" [ "$status" = 0 ]
up -n 1
check "the next comes up" [ "$status" = 0 ]
run down

begin "attached, it ends with whoever started it"
for signal in KILL TERM; do
  for whom in parent itself; do
    rm -f "$scratch/out"
    # Its parent waits for it, so that there are two to choose from.
    bash -c '"$@" & echo $! >"$0"; wait $!' "$scratch/attached" \
      "$local_cluster" up --attached --state "$state" --program "$here/stand_in.py" -n 2 >"$scratch/out" 2>"$scratch/err" &
    parent=$!
    status=
    check "prints the address" line "$scratch/out" 127.0.0.1:4700
    itself=$(<"$scratch/attached")
    pids=$(members)
    check "is the keeper" [ "$itself" = "$(pid_of keeper)" ]
    kill -s $signal "${!whom}"
    # shellcheck disable=SC2086
    check "SIG$signal to $whom ends all" gone $pids "$itself" "$parent"
    check "SIG$signal to $whom leaves nothing" none_left
    wait "$parent" 2>/dev/null
  done
done

begin "what will not drain is stopped"
echo node-1 >"$state/stubborn"
up -n 2
pids=$(members)
keeper=$(pid_of keeper)
run down --within 0.5
check "down fails" [ "$status" = 1 ]
check "says why" has "$err" "did not drain within 0.5 s"
# shellcheck disable=SC2086
check "and all have ended" gone $pids "$keeper"
rm "$state/stubborn"

begin "wrong usage"
up -n 0
check "no nodes is wrong usage" [ "$status" = 2 ]
run up --program "$scratch/nowhere"
check "a program that is not there is named" has "$err" "$scratch/nowhere is no program"
run sideways
check "an unknown command is wrong usage" [ "$status" = 2 ]

if ((failures > 0)); then
  printf '%d checks failed\n' "$failures"
  exit 1
fi
echo "every check passed"
