#!/usr/bin/env bash
# files.sh PROGRAMS: what deploy/ ships for systemd, containers, Kubernetes and Slurm, held against
# whatever can check it here, and against the command line of a program in PROGRAMS. What cannot be
# checked here is said aloud.
set -uo pipefail

programs=$(cd -- "${1:?usage: files.sh FOLDER_OF_PROGRAMS}" && pwd)
program=$programs/regression
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "$here/../.." && pwd)
scratch=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null; rm -rf "$scratch"' EXIT
cd "$root/deploy" || exit 1
failures=0

complain() {
  failures=$((failures + 1))
  printf 'FAILED: %s\n' "$*"
}
without() { echo "left out: $1 is not installed, so $2"; }

files=(prometheus/alerts.yaml grafana/leat.json systemd/*.service container/Containerfile container/compose.yaml kubernetes/leat.yaml slurm/leat.sbatch)
for file in "${files[@]}"; do
  grep -q UNTESTED "$file" || complain "$file does not say what of it is untested"
  grep -q "$(dirname "$file")" README.md || complain "README.md does not name $file"
done

if command -v shellcheck >/dev/null; then
  shellcheck container/probe slurm/leat.sbatch || complain "scripts that shellcheck complains of"
else
  without shellcheck "the scripts are not checked"
fi

"$here/expressions.py" "$root" || complain "the expressions of alerts and dashboard"

# The program they start is not installed here; any other that is stands in for it.
if command -v systemd-analyze >/dev/null; then
  for unit in systemd/*.service; do
    sed 's,/usr/local/bin/leat,/bin/true,' "$unit" >"$scratch/$(basename "$unit")"
    said=$(systemd-analyze verify "$scratch/$(basename "$unit")" 2>&1) || complain "systemd-analyze ends with $? for $unit"
    [[ -z $said ]] || complain "$unit: $said"
  done
else
  without systemd-analyze "the units are not verified"
fi

if python3 -c 'import yaml' 2>/dev/null; then
  python3 "$here/manifests.py" "$root/deploy" || complain "the YAML files"
elif /usr/bin/python3 -c 'import yaml' 2>/dev/null; then
  /usr/bin/python3 "$here/manifests.py" "$root/deploy" || complain "the YAML files"
else
  without python3-yaml "the YAML files are not parsed"
fi
if docker compose version >/dev/null 2>&1; then
  docker compose -f container/compose.yaml config --quiet || complain "container/compose.yaml"
else
  without "docker compose" "container/compose.yaml is not read by it"
fi

# Every option is one of the command's own, so that none outlives a change of the command line.
for command in coordinator node drain; do
  help=$("$program" "$command" --help) || complain "$program $command --help"
  while read -r option; do
    [[ $help == *"$option "* ]] || complain "$command has no $option"
  done < <(sed -e ':a; /\\$/ { N; s/\\\n//; ta }' "${files[@]}" | grep -oE "leat $command .*" |
    grep -oE -- '--[a-z-]+' | sort -u)
done

# What the image copies is there, and what it installs is what the program links with.
while read -r _ sources; do
  for source in ${sources% *}; do
    [[ $source == --from=* || $source == /* || -e $root/$source ]] || complain "the image copies $source, which is not there"
  done
done < <(grep '^COPY' container/Containerfile)
while read -r library; do
  package=$(dpkg-query -S "$(readlink -f "$library")" 2>/dev/null | cut -d: -f1)
  case $package in
    '' | libc6 | libgcc-s1 | libstdc++6 | zlib1g | libasan* | libubsan*) ;;
    *) grep -qE "[[:space:]]$package( |\$)" container/Containerfile || complain "the image lacks $package" ;;
  esac
done < <(ldd "$program" | awk '$3 ~ /^\// { print $3 }')

# The probe, against a server that says what its path asks for.
cat >"$scratch/server.py" <<'SERVER'
import http.server
class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(int(self.path[1:]))
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_):
        pass
with http.server.HTTPServer(("127.0.0.1", 0), Answers) as server:
    print(server.server_port, flush=True)
    server.serve_forever()
SERVER
exec 3< <(exec python3 "$scratch/server.py")
server=$!
IFS= read -r -t 20 port <&3 || complain "the server for the probe does not start"
container/probe /200 "$port" || complain "the probe fails though the answer is 200"
container/probe /503 "$port" 2>/dev/null && complain "the probe succeeds though the answer is 503"
kill "$server"
wait "$server" 2>/dev/null
server=
container/probe /200 "$port" 2>/dev/null && complain "the probe succeeds though nobody answers"

# Slurm's script, where srun starts the tasks here and machines have an address of the loopback.
mkdir "$scratch/bin"
mkfifo "$scratch/nodes"
cat >"$scratch/bin/srun" <<'SRUN'
#!/usr/bin/env bash
shift
SLURM_PROCID=0 "$@"
SLURM_PROCID=1 "$@"
: >"$NODES"
SRUN
cat >"$scratch/bin/hostname" <<'HOSTNAME'
#!/bin/sh
if [ "$1" = -i ]; then echo "127.0.0.1 10.0.0.9"; else echo machine; fi
HOSTNAME
# Its run ends when both nodes have been started.
cat >"$scratch/bin/prog" <<'PROG'
#!/bin/sh
echo "prog $*" >>"$CALLS"
[ "$1" = node ] || cat "$NODES"
PROG
chmod +x "$scratch"/bin/*
CALLS=$scratch/calls NODES=$scratch/nodes PATH=$scratch/bin:$PATH SLURM_JOB_NUM_NODES=2 LEAT_CREDENTIALS=/shared LEAT_PORT=4711 \
  timeout 20 slurm/leat.sbatch prog train --data "two words" || complain "leat.sbatch ends with $?"
credentials="--certificate /shared/cluster.pem --key /shared/cluster.key --authority /shared/authority.pem"
for call in \
  "node --data 127.0.0.1:0 --name machine-0 --join 127.0.0.1:4711 $credentials" \
  "node --data 127.0.0.1:0 --name machine-1 --join 127.0.0.1:4711 $credentials" \
  "run train --data two words --listen 127.0.0.1:4711 --nodes 2 $credentials"; do
  grep -qxF "prog $call" "$scratch/calls" || complain "leat.sbatch does not call prog $call, but: $(<"$scratch/calls")"
done

if ((failures > 0)); then
  printf '%d checks failed\n' "$failures"
  exit 1
fi
echo "every check passed"
