#!/usr/bin/env bash
# thaws.sh PROGRAMS: processes that are stopped and go on later. Who was stopped itself first hears what was said
# meanwhile, and does not take its own silence for another's.
set -uo pipefail
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"

if with_asan; then skip "another library is preloaded first under ASan"; fi
[[ -e $programs/leat_hold.so ]] || { complain "there is no leat_hold.so"; finish; }

mkfifo held go
exec {said}<>held {goes}<>go
# shellcheck disable=SC2119 # its options are its own
begin_coordinator || finish
HOLD_AT="rename 1 before" HOLD_SAY=$scratch/held HOLD_GO=$scratch/go LD_PRELOAD=$programs/leat_hold.so \
  begin_node node-1
says node-1 "^joined " || finish

# A submitter is stopped while its job is committed, until the coordinator has given it up.
begin_run --data "$flights" --out out/model
IFS= read -r -t 60 _ <&"$said" || { complain "the node did not come to commit"; finish; }
kill -STOP "${pids[run]}"
echo >&"$goes"
says coordinator "job committed"
says coordinator "refused .*silent for"
kill -CONT "${pids[run]}"
ends run 20 0
same "the last line of a submitter that was stopped" "$(grep -c '"type":"report".*"ending":"complete"' run.out)" 1
[[ -s out/model ]] || complain "the model is not there"
rm -f out/model

still_works 1
take_down node-1
finish
