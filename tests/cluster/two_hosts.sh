# shellcheck shell=bash
# Two hosts for tests of clusters, on top of processes.sh: network namespaces $here and $there, joined by
# cables. Skips where namespaces may not be made.
#
#   lay_cable 10.77.0               # $here is 10.77.0.1 on it, $there is 10.77.0.2
#   start_on $there node-2 regression node ... "${two[@]}"    # "${one[@]}", "${two[@]}": certificates
#
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"

here=leat-$$-here there=leat-$$-there
command -v ip >/dev/null || skip "ip is not installed"
ip netns add $here 2>no-hosts || skip "network namespaces may not be made here: $(<no-hosts)"
trap 'ip netns del "$here"; ip netns del "$there" 2>/dev/null; stop_all' EXIT
ip netns add $there
ip -n $here link set lo up
ip -n $there link set lo up

# lay_cable NETWORK: called after it at both ends.
lay_cable() {
  ip -n $here link add "$1" type veth peer name "$1" netns $there 2>no-hosts || skip "no cables here: $(<no-hosts)"
  ip -n $here addr add "$1.1/24" dev "$1"
  ip -n $there addr add "$1.2/24" dev "$1"
  ip -n $here link set "$1" up
  ip -n $there link set "$1" up
}

# start_on HOST NAME PROGRAM ARGUMENT...
start_on() {
  : >"$2.out" 2>"$2.err"
  ip netns exec "$1" "$programs/$3" "${@:4}" >"$2.out" 2>"$2.err" </dev/null &
  pids[$2]=$!
}

works -- regression certs init keys
for name in one two; do works -- regression certs node $name --in keys --host 10.77.0.1 --host 10.77.0.2; done
shows() { echo --certificate "keys/$1.pem" --key "keys/$1.key" --authority keys/authority.pem; }
# shellcheck disable=SC2034
read -ra one < <(shows one)
# shellcheck disable=SC2034
read -ra two < <(shows two)
