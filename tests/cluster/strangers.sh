#!/usr/bin/env bash
# strangers.sh PROGRAMS: who has no business here, at the control port and at the data port: each gets one
# log line and a closed connection, and costs a job that runs meanwhile nothing.
set -uo pipefail
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"

# Certificates: ours, another authority's, and one of ours that has expired.
for authority in ours theirs; do
  works -- regression certs init $authority
  works -- regression certs node one --in $authority
done
fails 2 "ours" -- regression certs init ours
same "who reads the authority" "$(stat -c %a ours ours/authority.key ours/one.key | tr '\n' ' ')" "700 600 600 "
mkdir old
: >old/index.txt
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=old -keyout old/one.key -out old/one.csr 2>/dev/null
cat >old/ca.conf <<'CONF'
[ca]
default_ca = old
[old]
database = old/index.txt
new_certs_dir = old
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
CONF
openssl ca -batch -notext -config old/ca.conf -cert ours/authority.pem -keyfile ours/authority.key -in old/one.csr \
  -out old/one.pem -startdate 20200101000000Z -enddate 20200201000000Z 2>old/said || complain "openssl: $(<old/said)"
cp ours/authority.pem old/

shows() { echo --certificate "$1/one.pem" --key "$1/one.key" --authority "$1/authority.pem"; }
read -ra ours < <(shows ours)
read -ra theirs < <(shows theirs)
read -ra old < <(shows old)

# Off the loopback nothing starts without certificates; the metrics never leave it.
fails 2 "0.0.0.0:0" "certificate" -- regression coordinator --listen 0.0.0.0:0
fails 2 "192.0.2.1:4700" "certificate" -- regression node --join 192.0.2.1:4700 --data 192.0.2.2:0
fails 2 "192.0.2.1:4700" "certificate" -- regression run --cluster 192.0.2.1:4700 --data "$flights" --out out/model
fails 2 "0.0.0.0:0" "loopback" -- regression coordinator "${ours[@]}" --http 0.0.0.0:0
fails 2 "nowhere.pem" -- regression coordinator --certificate nowhere.pem --key ours/one.key --authority ours/authority.pem
fails 2 "one.key" -- regression coordinator --certificate ours/one.pem --key theirs/one.key --authority ours/authority.pem

begin_coordinator "${ours[@]}" || finish
for node in node-1 node-2; do begin_node $node "${ours[@]}"; done
for node in node-1 node-2; do says $node "^joined " || finish; done
data=$(sed -n 's/.*data on //p' node-2.out)

# Certificates that are not good here.
lines() { wc -l <coordinator.err; }
before=$(lines)
start stranger regression node --join "$address" --name stranger --join-within 2 "${theirs[@]}"
ends stranger 15 1
says_why stranger "$address"
(($(lines) > before)) || complain "a stranger's certificate is not in the coordinator's log"
start stranger regression node --join "$address" --name stranger --join-within 2 "${old[@]}"
ends stranger 15 2
says_why stranger "old/one.pem expired"
# A client that does not look at its own certificate first.
before=$(lines)
timeout 20 openssl s_client -connect "$address" -cert old/one.pem -key old/one.key -CAfile ours/authority.pem \
  -tls1_3 -quiet </dev/null >old/out 2>old/err
(($(lines) == before + 1)) || complain "an expired certificate took $(($(lines) - before)) lines of the log"
before=$(lines)
timeout 20 openssl s_client -connect "$address" -cert ours/one.pem -key ours/one.key -CAfile ours/authority.pem \
  -tls1_2 -quiet </dev/null >old/out 2>old/err && complain "TLS 1.2 is taken"
(($(lines) == before + 1)) || complain "TLS 1.2 took $(($(lines) - before)) lines of the log"

# While a job runs: garbage, half a handshake, silence, a header that announces 4 GiB, and a flood of all.
long_csv
begin_run --nodes 2 "${ours[@]}" --data long.csv --out out/model
says run "$parsing"
python3 - "$address" "$data" "${pids[coordinator]}" "${pids[node-2]}" $((128 * slower * slower)) <<'STRANGERS' || complain "a connection of a stranger stays open"
import os, socket, struct, sys

def resident(pid):
    return int(next(line for line in open(f"/proc/{pid}/status") if line.startswith("VmRSS")).split()[1])

random = os.urandom(4096)
sayings = {
    "plain HTTP": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "garbage": random,
    "a header of 4 GiB": struct.pack("<8I", 1, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0, 0, 0),
    "half a handshake": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + random[:32],
    "more than 4 KiB": b"\x16\x03\x01" + 3 * random,
    "nothing": b"",
}
failed = False
for port, pid in zip(sys.argv[1:3], sys.argv[3:5]):
    host, number = port.rsplit(":", 1)
    open_ones = []
    for round in range(8):
        for what, said in sayings.items():
            to = socket.create_connection((host, int(number)), timeout=20)
            try:
                to.sendall(said)
            except OSError:
                pass
            open_ones.append((what, to))
    for what, to in open_ones:
        try:
            while to.recv(4096):
                pass
        except ConnectionError:
            pass
        except TimeoutError:
            print(f"{port} keeps a connection that said {what}")
            failed = True
    print(f"{port}: {len(open_ones)} connections closed, {resident(pid) >> 10} MiB resident")
    if resident(pid) > int(sys.argv[5]) << 10:
        print(f"that is more than {sys.argv[5]}")
        failed = True
sys.exit(failed)
STRANGERS
ends run 120 0
[[ -s out/model ]] || complain "strangers cost the job its model"
rm -f out/model
for who in coordinator node-2; do
  grep -q 'peer="\?127.0.0.1:[0-9]' $who.err || complain "$who's log names no stranger: $(tail -n 3 $who.err)"
done
grep -c 'peer=' coordinator.err node-2.err

# A storm, from before a job until after it, and while a node joins: at each port 300 connections that say nothing
# or begin a handshake, one after the other, each renewed as it is closed.
: >storm.out
python3 "$root/tests/cluster/storm.py" 300 "$address" "$data" >storm.out 2>storm.err &
pids[storm]=$!
says storm "^all are out$" || finish
said_before=$(cat coordinator.err node-2.err | wc -c)
for _ in 1 2 3; do
  works -- regression run --cluster "$address" --nodes 2 "${ours[@]}" --data "$flights" --out out/model --quiet
  rm -f out/model
done
begin_node node-3 "${ours[@]}"
says node-3 "^joined " 10
works -- regression run --cluster "$address" --nodes 3 "${ours[@]}" --data "$flights" --out out/model --quiet
rm -f out/model
kill -TERM "${pids[storm]}"
ends storm 10 0
echo "the storm: $(tail -n 1 storm.out)"
(($(tail -n 1 storm.out | cut -d' ' -f1) > 300)) || complain "that was no storm"
said=$(($(cat coordinator.err node-2.err | wc -c) - said_before))
((said < 32768)) || complain "strangers made the logs $said bytes longer"

take_down node-1 node-2 node-3
finish
