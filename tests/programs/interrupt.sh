#!/usr/bin/env bash
# interrupt.sh PROGRAMS: SIGINT, SIGTERM and SIGKILL in the middle of a run. A signal is sent when the
# program's own progress says that it is there, so nothing here waits for a time.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

# Ten million rows, read twice.
head -1 "$flights" >long.csv
for _ in {1..50}; do tail -n +2 "$flights"; done >>long.csv
mkfifo said errors
job=
trap '[[ -z $job ]] || kill -KILL "$job" 2>/dev/null; rm -rf "$scratch"' EXIT

# begin PROGRAM ARGUMENT...: starts it with its output in fd 3 and its errors in fd 4.
begin() {
  "$programs/$1" "${@:2}" --json >said 2>errors &
  job=$!
  exec 3<said 4<errors
}

# Reads progress until a stage has done something: it is in mid-run.
wait_for() {
  local line some="\"name\":\"$1\",\"replicas\":[0-9]+,\"visits\":([0-9]+),\"chunks_in\":[0-9]+,\"chunks_out\":([0-9]+)"
  while IFS= read -r line <&3; do
    [[ $line =~ $some ]] && ((BASH_REMATCH[1] + BASH_REMATCH[2] > 0)) && return
  done
  complain "the run ended before $1 had done anything: make long.csv longer"
}

# ended STATUS WHAT: reads the rest of what it says and sees how it ended.
ended() {
  last=$(tail -n 1 <&3)
  err=$(cat <&4)
  status=0
  wait "$job" || status=$?
  job=
  exec 3<&- 4<&-
  ((status == $1)) || complain "exit status $status, not $1, after $2: $err"
}

interrupted() {
  [[ $err == "interrupted: "* && $err != *$'\n'* ]] || complain "after $1 it said: $err"
  [[ $last == *'"ending":"interrupted"'* && $last == *'"results":{}'* ]] ||
    complain "the report after $1: $last"
  leaves_nothing "$1"
}

train=(regression run --data long.csv --out out/model)
predict=(regression run predict --data long.csv --model model --out out/predicted.csv)

for signal in INT TERM; do
  begin "${train[@]}"
  wait_for read
  kill -s "$signal" "$job"
  ended 130 "SIG$signal"
  interrupted "SIG$signal"
done

# The model is there and its file written to the end, but the job is not done.
begin "${train[@]}"
wait_for "read again"
kill -INT "$job"
ended 130 "SIGINT in the second pass"
interrupted "SIGINT in the second pass"

# A file that is written all the time.
works -- regression run --data "$flights" --out model --quiet
begin "${predict[@]}"
wait_for write
kill -INT "$job"
ended 130 "SIGINT while a file is written"
interrupted "SIGINT while a file is written"

# What was there stays.
echo precious >out/model
begin "${train[@]}"
wait_for read
kill -INT "$job"
ended 130 "SIGINT over an old result"
same "a result before an interrupted run" "$(<out/model)" precious
rm out/model

# Twice: at once, even where the run cannot end, because nobody reads what it says. The pipe is made
# to hold less than a line of progress and the report.
exec 5<>said
python3 -c 'import fcntl; fcntl.fcntl(5, fcntl.F_SETPIPE_SZ, 4096)'
begin "${train[@]}"
exec 5<&-
wait_for read
kill -INT "$job"
IFS= read -r err <&4
kill -INT "$job"
wait "$job"
status=$?
job=
((status == 130)) || complain "exit status $status after SIGINT twice"
[[ $err == *"again to abort"* ]] || complain "SIGINT once does not say what twice does: $err"
leaves_nothing "SIGINT twice"
exec 3<&- 4<&-

# A file that cannot even be opened, as on a mount whose server is gone: nothing waits for it.
if [[ -e $programs/leat_hold.so ]] && ! with_asan; then
  mkfifo held
  printf 'x,y\n1,2\n2,4\n3,7\n' >lost.csv
  for what in "run --data lost.csv --out out/model" "run predict --data $flights --model model --out out/predicted.csv"; do
    lost=lost.csv
    [[ $what != *predict* ]] || lost=model
    exec 5<>held
    # shellcheck disable=SC2086
    HOLD_OPEN=$lost HOLD_SAY=held LD_PRELOAD=$programs/leat_hold.so "$programs/regression" $what >said 2>errors &
    job=$!
    exec 3<said 4<errors
    IFS= read -r line <&5
    [[ $line == held ]] || complain "a file that hangs is not opened: $line"
    kill -INT "$job"
    ended 130 "SIGINT while a file hangs"
    [[ $err == *"regression: interrupted while its files were looked at: nothing has run" ]] ||
      complain "of a file that hangs it said: $err"
    leaves_nothing "SIGINT while a file hangs"
    exec 5<&-
  done
fi

# Killed: nothing is left where the file system can hold a file without a name.
if python3 -c 'import os; os.open("out", os.O_TMPFILE | os.O_WRONLY)' 2>/dev/null; then
  begin "${predict[@]}"
  wait_for write
  kill -KILL "$job"
  ended 137 "SIGKILL" 2>/dev/null
  leaves_nothing "SIGKILL"
else
  echo "no files without a name here: SIGKILL is left out"
fi

finish
