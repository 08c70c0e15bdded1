#!/usr/bin/env bash
# jobs.sh PROGRAMS: jobs of this machine are listed, asked, cancelled and drained, whatever their threads do. Waits are
# for a state that a job says, or for the end of a process.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"
job=
trap '[[ -z $job ]] || kill -KILL "$job" 2>/dev/null; rm -rf "$scratch"' EXIT

# begin ARGUMENT...: a run of leat_spin in the background; leaves its number in $number once its cells run.
begin() {
  number=$(($(cat state/jobs/last 2>/dev/null || echo 0) + 1)) # before it takes one
  "$programs/leat_spin" run "$@" --quiet >said 2>errors &
  job=$!
  until_says "job $number: spin, running" describe "$number"
}

# until_says TEXT VERB ARGUMENT...: asks again and again; the run that is asked must be there all the time, once it began.
until_says() {
  local text=$1 until=$((SECONDS + 120))
  shift
  while ((SECONDS < until)); do
    run_program leat_spin "$@"
    [[ $out != *"$text"* ]] || return 0
    kill -0 "$job" 2>/dev/null || break
  done
  complain "$* never says '$text': $out $err $(cat errors)"
  return 1
}

# gone STATUS WHAT: the run has ended so.
gone() {
  status=0
  wait "$job" || status=$?
  job=
  ((status == $1)) || complain "exit status $status, not $1, after $2: $(cat errors)"
}

# Nothing runs.
works -- leat_spin jobs
same "jobs where none run" "$out" "no jobs"
fails 1 "there is no job 41" "no job runs here" -- leat_spin why 41
fails 1 "there is no job spni" -- leat_spin describe spni

# One runs.
begin
works -- leat_spin jobs
[[ $out == *"$number "*"run "*"spin "*"running"*"$job"* ]] || complain "jobs says: $out"
works -- leat_spin jobs --json
python3 -c 'import json, sys; jobs = json.load(sys.stdin); assert jobs["type"] == "jobs" and jobs["version"] == 1; assert [j["graph"] for j in jobs["jobs"]] == ["spin"]' \
  <<<"$out" || complain "jobs --json: $out"
[[ $(stat -c %a state/jobs) == 700 && $(stat -c %a "state/jobs/$number.socket") == 600 ]] || complain "others may reach the sockets"
fails 1 "there is no job 999" "those that run here are $number" -- leat_spin why 999
fails 1 "there is no job spni, did you mean spin?" -- leat_spin describe spni
works -- leat_spin describe spin
[[ $out == *"state"* || $out == *"running"* ]] || complain "describe says: $out"
works -- leat_spin why "$number" --over 0.3
[[ -n $out ]] || complain "why says nothing"
works -- leat_spin why "$number" --over 0.3 --json
python3 -c 'import json, sys; why = json.load(sys.stdin); assert why["type"] == "why" and why["cause"]' <<<"$out" || complain "why --json: $out"
works -- leat_spin top "$number" --once
[[ $out == *"turn"* && $out == *"busy"* ]] || complain "top says: $out"
COLUMNS=20 works -- leat_spin top "$number" --once
while IFS= read -r line; do ((${#line} <= 20)) || complain "top in 20 columns is wider: $line"; done <<<"$out"
works -- leat_spin logs "$number"
[[ $out == *"run began"* && $out == *"job built"* ]] || complain "logs says: $out"
works -- leat_spin trace "$number" --over 0.3 --out trace.json
python3 -c 'import json; events = json.load(open("trace.json"))["traceEvents"]; assert any(e["ph"] == "X" for e in events)' ||
  complain "the trace has nothing"
works -- leat_spin dump "$number"
for word in threads cells turn; do [[ $out == *"$word"* ]] || complain "$word is not in the dump: $out"; done

# Tapped: the first rows from now on.
works -- leat_spin tap "$number" turn --rows 3
same "rows of a stage" "$out" $'number\n0\n1\n2'
works -- leat_spin tap spin 'endless > turn'
same "lines of ten rows" "$(wc -l <<<"$out")" 11
works -- leat_spin tap spin endless --rows 100 --json
python3 - <<'ROWS' || complain "tap --json: $out"
import json
rows = [json.loads(line) for line in open(".out")]
assert len(rows) == 100 and rows[99] == {"type": "row", "version": 1, "place": "endless", "row": {"number": 99}}
ROWS
fails 1 "there is no stage trun, did you mean turn?" -- leat_spin tap "$number" trun
fails 1 "there is no edge turn>endless" "endless>turn and turn>keep" -- leat_spin tap "$number" 'turn>endless'
fails 1 "stage keep is a sink and emits nothing" "turn>keep" -- leat_spin tap "$number" keep
fails 2 "--rows" -- leat_spin tap "$number" turn --rows 101

# Output into a pipe that nobody reads: one sentence.
status=0
mkfifo nobody
exec 5<>nobody
"$programs/leat_spin" top "$number" >nobody 2>top.err 5>&- &
top=$!
head -c 1 <&5 >/dev/null
exec 5<&-
wait "$top" || status=$?
((status == 1)) || complain "top into a closed pipe ends with $status"
[[ $(<top.err) == "leat_spin: "*"could not be written to standard output"* && $(wc -l <top.err) == 1 ]] ||
  complain "top into a closed pipe says: $(<top.err)"

# Of another version: a socket that answers so.
python3 - <<'OTHER' &
import os, socket
listening = socket.socket(socket.AF_UNIX)
listening.bind("state/not yet")
listening.listen()
os.rename("state/not yet", "state/jobs/900.socket")  # one that does not listen would be taken for a dead one's
while True:
    asked, _ = listening.accept()
    # Who only looks whether somebody listens asks nothing.
    if asked.recv(65536):
        asked.sendall(b'{"type":"job","version":2}\n')
    asked.close()
OTHER
other=$!
until [[ -e state/jobs/900.socket ]]; do kill -0 "$other" || break; done
until_says "version 2" jobs --json
fails 1 "has version 2" "speaks version 1" "ask with the program that the job was started with" -- leat_spin describe 900
# Of a process that is stopped.
kill -STOP "$other"
fails 1 "job 900 does not answer" "is stopped" -- leat_spin describe 900
# Of one that is dead.
kill -KILL "$other"
wait "$other" 2>/dev/null
fails 1 "job 900 is no more" "its process died" -- leat_spin describe 900
[[ ! -e state/jobs/900.socket ]] || complain "the socket of a dead process stays"
fails 1 "there is no job 900" -- leat_spin describe 900

# Another user's.
if ((EUID == 0)) && command -v setpriv >/dev/null; then
  chown 65534 state/jobs
  fails 1 "are those of user 65534" "ask as that user" -- leat_spin jobs
  chown 0 state/jobs
else
  echo "left out: another user's jobs, as only root can make them"
fi

# Drained: what is there is finished and committed.
works -- leat_spin drain "$number"
gone 0 "drain"
[[ -s out/kept ]] || complain "a drained run commits nothing"
rm -f out/kept

# Cancelled: no process, nothing partial.
begin
works -- leat_spin cancel "$number"
same "how it ended" "$out" "job $number: cancelled"
gone 130 "cancel"
leaves_nothing cancel
fails 1 "there is no job $number" -- leat_spin cancel "$number"

# All threads of the crew in endless loops: it answers, and is ended.
begin --stage spin --threads 2
until_says "visit turn" dump "$number"
works -- leat_spin dump "$number" --json
python3 - <<'LOOPS' || complain "the dump of a stuck run: $out"
import json
dump = json.loads(open(".out").read())
assert dump["type"] == "dump" and len(dump["threads"]) >= 3
assert any(cell["now"] == "visit" and cell["for_ns"] > 0 for cell in dump["snapshot"]["cells"])
LOOPS
works -- leat_spin why "$number" --over 0.3
[[ $out == *turn* ]] || complain "why of a stuck run: $out"

# Nothing is emitted any more: a tap goes on until it is interrupted, or the job ends.
"$programs/leat_spin" tap "$number" turn >tap.out 2>tap.err &
tap=$!
"$programs/leat_spin" tap "$number" turn >cut.out 2>cut.err &
cut=$!
works -- leat_spin describe "$number"
kill -TERM "$cut"
wait "$cut" 2>/dev/null
[[ ! -s cut.out && ! -s cut.err ]] || complain "a tap that is interrupted says: $(cat cut.out cut.err)"
works -- leat_spin cancel "$number"
status=0
wait "$tap" || status=$?
((status == 0)) || complain "a tap of a job that ends has status $status"
[[ $(<tap.err) == "leat_spin: turn has emitted no row before the job ended" && ! -s tap.out ]] ||
  complain "a tap of a job that ends says: $(cat tap.out tap.err)"
gone 130 "cancel of a stuck run"
leaves_nothing "cancel of a stuck run"

# One that is stopped does not even answer.
begin
kill -STOP "$job"
fails 1 "does not answer" -- leat_spin dump "$number"
works -- leat_spin jobs
[[ $out == *"$number "*silent* ]] || complain "jobs says of one that is stopped: $out"
works -- leat_spin cancel "$number"
same "how one that is stopped ended" "$out" "job $number: killed"
gone 137 "cancel of one that is stopped" 2>/dev/null
leaves_nothing "cancel of one that is stopped"
works -- leat_spin jobs
same "jobs after all" "$out" "no jobs"

# What shells and man know.
for shell in bash zsh fish; do
  works -- leat_spin completion "$shell"
  cp .out "completion.$shell"
  for word in describe tap cancel --threads; do [[ $out == *"${word#--}"* ]] || complain "$word is not in the completion of $shell"; done
done
bash -n completion.bash || complain "the completion of bash is not bash"
completes() { # WANTED WORD...: bash completes these words, the last one unfinished
  local wanted=$1 found
  shift
  found=$(bash -c 'source completion.bash; COMP_WORDS=(leat_spin "$@"); COMP_CWORD=$#; COMPREPLY=(); _leat_leat_spin; echo "${COMPREPLY[*]}"' _ "$@")
  [[ " $found " == *" $wanted "* ]] || complain "'$*' completes to '$found', without $wanted"
}
completes describe desc
completes --threads run --th
completes list dead-letter l
completes stealing run --scheduling s
if command -v zsh >/dev/null; then zsh -n completion.zsh || complain "the completion of zsh is not zsh"; fi
if command -v fish >/dev/null; then fish -n completion.fish || complain "the completion of fish is not fish"; fi
fails 2 "shell" -- leat_spin completion tcsh
works -- leat_spin man
cp .out leat_spin.1
[[ $out == *".TH "* && $out == *'\fBleat_spin why\fR'* ]] || complain "the man page has no why"
if command -v groff >/dev/null; then
  groff -man -Tascii -ww leat_spin.1 2>groff.err >/dev/null
  [[ ! -s groff.err ]] || complain "the man page: $(<groff.err)"
fi

finish
