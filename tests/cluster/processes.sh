# shellcheck shell=bash
# What the tests of clusters share, on top of tests/programs/expect.sh. Sourced with the folder of the
# programs as $1. Every wait is for a line or for the end of a process, with a deadline.
#
#   bring_up 2                                   # a coordinator and node-1, node-2; sets $address
#   begin_run --data long.csv --out out/model    # `regression run` on it, as process "run"
#   says run "$parsing"                          # it is in mid-job
#   ends run 5 1                                 # within 5 s, with status 1; sets $out and $err
#
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../programs/expect.sh"

declare -A pids=()
export LEAT_STATE=$scratch/state
address=
program=regression # whose processes they are

stop_all() {
  local name
  for name in "${!pids[@]}"; do
    kill -KILL "${pids[$name]}" 2>/dev/null
  done
  cd / && rm -rf "$scratch"
}
trap stop_all EXIT

# Deadlines tell what hangs from what is slow: the machine may be busy with other things, too.
slower=4

# start NAME PROGRAM ARGUMENT...: in the background; what it says is in NAME.out and NAME.err.
start() {
  local name=$1
  rm -f "$name.out" "$name.err"
  : >"$name.out" 2>"$name.err" # what the process before said is not its
  "$programs/$2" "${@:3}" >"$name.out" 2>"$name.err" </dev/null &
  pids[$name]=$!
}

# says NAME PATTERN [SECONDS [TIMES]]: waits until so many lines of NAME's match; leaves the last in $line.
# Fails, saying so, when NAME ends or the time is over.
says() {
  local name=$1 pattern=$2 times=${4:-1} lines until follower found=1
  until=$((SECONDS + ${3:-30} * slower))
  : >>"$name.out" 2>>"$name.err" # who is followed may not have opened them yet
  exec {lines}< <(exec tail -q -n +1 -s 0.05 -f --pid="${pids[$name]:-1}" "$name.out" "$name.err" 2>/dev/null)
  follower=$!
  while ((until > SECONDS)) && IFS= read -r -t $((until - SECONDS)) line <&"$lines"; do
    if [[ $line =~ $pattern ]] && ((--times == 0)); then
      found=0
      break
    fi
  done
  exec {lines}<&-
  kill "$follower" 2>/dev/null
  ((found == 0)) || complain "$name does not say '$pattern': $(tail -n 3 "$name.out" "$name.err" 2>&1 | cut -c1-400)"
  return "$found"
}

# ended_within SECONDS PID
ended_within() {
  python3 - "$@" <<'ENDED'
import os, select, sys
try:
    ended = os.pidfd_open(int(sys.argv[2]))
except ProcessLookupError:
    sys.exit(0)
sys.exit(0 if select.select([ended], [], [], float(sys.argv[1]))[0] else 1)
ENDED
}

# ends NAME SECONDS STATUS: leaves $out, $err, $status and, in milliseconds since the call, $took.
ends() {
  local name=$1 began
  began=$(date +%s%3N)
  if ! ended_within $(($2 * slower)) "${pids[$name]}"; then
    complain "$name has not ended within $(($2 * slower)) s: $(tail -n 3 "$name.err" | cut -c1-400)"
    return 1
  fi
  took=$(($(date +%s%3N) - began))
  status=0
  wait "${pids[$name]}" 2>/dev/null || status=$?
  unset "pids[$name]"
  out=$(<"$name.out") err=$(<"$name.err")
  ((status == $3)) || complain "$name ended with status $status, not $3: $(tail -n 3 <<<"$err" | cut -c1-400)"
}

# says_why NAME TEXT...: its errors, after ends, have one sentence of the program's, with every TEXT in it.
says_why() {
  local text sentence
  sentence=$(grep "^regression: " <<<"$err")
  [[ -n $sentence && $sentence != *$'\n'* ]] || complain "not one sentence of $1's: $err"
  for text in "${@:2}"; do
    [[ $sentence == *"$text"* ]] || complain "'$text' is not in what $1 said: $sentence"
  done
}

begin_coordinator() {
  start coordinator "$program" coordinator "$@"
  says coordinator "^listening on ([^ ]+)$" || return 1
  address=${BASH_REMATCH[1]}
}

# begin_node NAME [OPTION...]: one that looks for a coordinator it has lost for $join_within s only.
join_within=4
begin_node() {
  start "$1" "$program" node --join "$address" --name "$1" --cpus 1 --join-within "$join_within" "${@:2}"
}

# bring_up N: one after the other, so that node-1 is the earliest, where sources and sinks go.
bring_up() {
  local number
  begin_coordinator || return 1
  for ((number = 1; number <= $1; ++number)); do
    begin_node "node-$number"
    says "node-$number" "^joined $address as node-$number, data on 127.0.0.1:[0-9]+$" || return 1
  done
}

# take_down NAME...: drains these nodes, then the coordinator; all must end well.
take_down() {
  local name
  for name in "$@"; do kill -TERM "${pids[$name]}"; done
  for name in "$@"; do ends "$name" 10 0; done
  kill -TERM "${pids[coordinator]}"
  ends coordinator 10 0
}

begin_run() { start run "$program" run "$@" --cluster "$address" --json; }

# A line of progress: parsing has begun.
# shellcheck disable=SC2034
parsing='"type":"progress".*"name":"parse","replicas":[0-9]+,"visits":[1-9]'

# So many times 200,000 rows as $copies says, 120 unless it does, read twice by a training run: seconds, so that a job
# is there to be hit.
long_csv() {
  [[ ! -e long.csv ]] || return 0
  head -1 "$flights" >long.csv
  local copy count=${copies:-120}
  ! with_asan || count=$((count / 3))
  for ((copy = 0; copy < count; ++copy)); do tail -n +2 "$flights"; done >>long.csv
}

# still_works N: the cluster takes the next job, on N nodes.
still_works() {
  works -- regression run --cluster "$address" --nodes "$1" --data "$flights" --out out/next --quiet
  [[ -s out/next ]] || complain "the next job writes nothing"
  rm -f out/next
}
