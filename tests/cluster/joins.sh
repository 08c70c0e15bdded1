#!/usr/bin/env bash
# joins.sh PROGRAMS: real processes join, run the regression as one process does, and refuse who is not
# of the same program.
set -uo pipefail
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"

norm() { python3 "$root/deploy/compare_models.py" "$@"; }

# Nobody there.
begin_coordinator --listen 127.0.0.1:0
kill -KILL "${pids[coordinator]}"
ends coordinator 5 137
fails 1 "$address" -- regression run --cluster "$address" --data "$flights" --out out/model
fails 1 "$address" -- regression status --cluster "$address"
fails 1 "$address" -- regression node --join "$address" --join-within 1

# The same model on three nodes as on one process, and each node does a part.
long_csv
bring_up 3 || finish
works -- regression status --cluster "$address"
for node in node-{1,2,3}; do
  [[ $out == *"node $node: 1 cpus"* ]] || complain "status does not show $node: $out"
done
works -- regression run --data long.csv --out one.bin --json
echo "$out" >one.json
works -- regression run --cluster "$address" --nodes 3 --data long.csv --out three.bin --json
echo "$out" >three.json
norm one three || complain "another model on three nodes"
python3 - three.json $(($(wc -l <long.csv) - 1)) <<'PARTS' || complain "the parts of the nodes"
import json, sys
report = json.loads(open(sys.argv[1]).read().splitlines()[-1])
rows, whole = int(sys.argv[2]), {stage["name"]: stage for stage in report["stages"]}
for name in "parse", "parse again":
    parts = [next(s["counts"].get("rows", 0) for s in node["stages"] if s["name"] == name) for node in report["nodes"]]
    print(name, parts)
    assert len(parts) == 3 and sum(parts) == rows == whole[name]["counts"]["rows"], parts
    assert min(parts) > 0, parts
PARTS

# In order: the same bytes.
for where in one three; do
  on=()
  [[ $where == one ]] || on=(--cluster "$address" --nodes 3)
  works -- regression run predict "${on[@]}" --data "$flights" --model one.bin --out "$where.csv" --quiet
done
cmp one.csv three.csv || complain "predictions are not the same bytes on three nodes"

# A job that fails says what it says on one process, and leaves nothing.
sed '150000s/.*/x,y,z/' "$flights" >bad.csv
fails 1 "bad.csv:150000:" "column delay" -- regression run --cluster "$address" --nodes 3 --data bad.csv --out out/model
fails 1 "nowhere.csv" -- regression run --cluster "$address" --nodes 3 --data nowhere.csv --out out/model
fails 1 "nowhere/model" -- regression run --cluster "$address" --nodes 3 --data "$flights" --out nowhere/model
still_works 3

# Who waits for nodes says so; and who has certificates of its own is told where they are from.
start waits regression run --cluster "$address" --nodes 4 --data "$flights" --out out/model
says waits "regression: waiting for nodes: 3 of 4" || complain "it does not say what it waits for"
kill -INT "${pids[waits]}"
ends waits 10 130
LEAT_STATE=$scratch/elsewhere fails 1 "$scratch/elsewhere/loopback, as LEAT_STATE is $scratch/elsewhere" -- \
  regression status --cluster "$address"

# A name is taken once; more nodes than there are do not come.
start twin regression node --join "$address" --name node-2
ends twin 10 1
says_why twin "node-2 is taken"

# Another build of the same program, and another program.
mkdir built
cp "$programs/hello" built/hello
python3 - "$programs/regression" built/regression <<'BUILD'
import re, sys
program = bytearray(open(sys.argv[1], "rb").read())
# The linker's note: 4 bytes of name, an identity of so many bytes, kind 3. A build without one is its bytes.
note = re.search(rb"\x04\0\0\0[\x08-\x20]\0\0\0\x03\0\0\0GNU\0", program)
if note:
    program[note.end()] ^= 1
open(sys.argv[2], "wb").write(program + b"\0")
BUILD
chmod +x built/regression
programs=built start other regression node --join "$address" --name other
ends other 10 1
says_why other "another build"
start stranger hello node --join "$address" --name stranger
ends stranger 10 1
[[ $err == *"another program"*"run the same program everywhere"* ]] || complain "a stranger was told: $err"
says coordinator "refused .*another program: .*that one has .*this program has"
fails 2 "another program than the coordinator's: the coordinator's has" -- own_actor run --cluster "$address" --data "$flights" --out out/hours.csv
still_works 3

# A port that is taken.
fails 1 "$address" -- regression coordinator --listen "$address"
data=$(sed -n 's/.*data on //p' node-1.out)
start blocked regression node --join "$address" --name blocked --data "$data"
ends blocked 10 1
says_why blocked "$data"

take_down node-1 node-2 node-3

# A run that is its own coordinator, on nodes that look for it before it is there.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
address=127.0.0.1:$port
begin_node node-1
begin_node node-2
run_program regression run --listen "$address" --nodes 2 --data "$flights" --out own.bin --json
((status == 0)) || complain "run --listen ended with $status: $err"
echo "$out" >own.json
works -- regression run --data "$flights" --out one.bin --json
echo "$out" >one.json
norm one own || complain "another model with run --listen"
for node in node-1 node-2; do
  ends "$node" 15 1
  says_why "$node" "$address"
done

# A coordinator goes on when nobody reads its log any more, and a node when nobody reads anything it says.
exec {gone}> >(exec true)
wait $!
mkfifo announced
for name in coordinator node-1; do : >"$name.out" 2>"$name.err"; done
"$programs/regression" coordinator --announce announced </dev/null >coordinator.out 2>&"$gone" &
pids[coordinator]=$!
read -r -t 60 address <announced || complain "the coordinator says nowhere where it is"
"$programs/regression" node --join "$address" --name node-1 --cpus 1 </dev/null 1>&"$gone" 2>&"$gone" &
pids[node-1]=$!
still_works 1
take_down node-1

finish
