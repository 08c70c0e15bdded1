#!/usr/bin/env bash
# layers.sh [ROOT]: holds every #include under ROOT against the table of layers, and prints
# FILE:LINE and the rule for each that breaks it. bench/ is no layer: its peers see what they like.
set -euo pipefail
export LC_ALL=C

root=$(cd -- "${1:-$(dirname -- "${BASH_SOURCE[0]}")/../..}" && pwd)

# What of leat each layer sees, by folder: <leat/FOLDER/...>. A layer's tests see what it sees.
declare -A sees=(
  [framework/chunk]="schemas chunk"
  [framework/actor]="chunk actor"
  [framework/checkpoint]="schemas chunk actor checkpoint"
  [framework/graph]="chunk actor graph"
  [framework/diagnosis]="chunk actor graph diagnosis"
  [framework/runtime]="chunk actor checkpoint graph diagnosis runtime"
  [framework/net]="schemas chunk actor net"
  [framework/inspect]="chunk actor graph diagnosis net inspect"
  [framework/cluster]="schemas chunk actor checkpoint graph diagnosis runtime net cluster"
  [framework/app]="schemas chunk actor checkpoint graph diagnosis inspect runtime net cluster actors app leat.hpp"
  [framework/page]="page"
  [framework/gateway]="schemas chunk actor checkpoint graph diagnosis inspect net runtime/machine.hpp runtime/run.hpp actors app page gateway"
  [actors]="schemas chunk actor graph actors"
  [examples]="schemas chunk actor graph runtime/run.hpp actors app/app.hpp gateway/job_service.hpp leat.hpp"
  [nodes]="schemas chunk actor graph runtime/run.hpp actors app/app.hpp app/exit_status.hpp gateway/job_service.hpp leat.hpp"
  [tests/chunk]="schemas chunk"
  [tests/actor]="schemas chunk actor"
  [tests/checkpoint]="schemas chunk actor checkpoint"
  [tests/graph]="schemas chunk actor graph"
  [tests/diagnosis]="schemas chunk actor graph diagnosis runtime net"
  [tests/runtime]="schemas chunk actor checkpoint graph diagnosis runtime actors"
  [tests/net]="schemas chunk actor net"
  [tests/inspect]="chunk actor graph diagnosis net inspect"
  [tests/cluster]="schemas chunk actor graph diagnosis runtime net cluster actors"
  [tests/actors]="schemas chunk actor graph actors"
)
everything="schemas chunk actor checkpoint graph diagnosis inspect runtime net cluster actors app page gateway leat.hpp"

# Libraries with one home: what is included, and the only files that may (patterns of [[ == ]]).
homes=(
  "caf/*|framework/*/caf_*.[ch]pp"
  "boost/asio*|framework/net/*"
  "boost/beast*|framework/net/*"
  "openssl/*|framework/net/*"
  "toml++/*|nodes/*"
  "spdlog/*|framework/app/*"
  "CLI/*|framework/app/*"
)

# Sets `row` to that of a file; of a test folder that mirrors no layer, its own name.
find_row() {
  case $1 in
    framework/*/* | tests/*/*)
      row=${1#*/}
      row=${1%%/*}/${row%%/*}
      ;;
    *) row=${1%%/*} ;;
  esac
}

# Sets `rule` to the one that `file` breaks by including `what` between `quote`s, or to nothing. No process
# an include: there are thousands.
find_rule() {
  local file=$1 quote=$2 what=$3 row entry may
  rule=
  find_row "$file"
  for entry in "${homes[@]}"; do
    # shellcheck disable=SC2053 # both right-hand sides are patterns
    if [[ $what == ${entry%%|*} && $file != ${entry##*|} ]]; then
      rule="only ${entry##*|} may include ${entry%%|*}"
      return
    fi
  done
  if [[ $quote == '"' ]]; then
    case $file in
      framework/* | actors/*) rule="write <leat/...>, so that the layer shows" ;;
      *) [[ /$what/ != */../* ]] || rule="do not reach out of the folder with .." ;;
    esac
    return
  fi
  [[ $what == leat/* ]] || return 0
  may=${sees[$row]-}
  if [[ -z $may ]]; then
    [[ $row == tests/* ]] || { rule="$row is no layer: give it a row in tests/layers"; return; }
    may=$everything
  fi
  what=${what#leat/}
  for entry in $may; do
    if [[ $what == "$entry" || $what == "$entry"/* ]]; then return; fi
  done
  rule="$row sees only ${may// /, } of leat"
}

cd "$root"
folders=()
for folder in framework actors nodes examples tests; do
  [[ ! -d $folder ]] || folders+=("$folder")
done
mapfile -t lines < <(grep -rnE --include='*.[hc]pp' --include='*.[hc]' --include='*.cc' \
  --include='*.[hc]xx' --include='*.ipp' '^[[:space:]]*#[[:space:]]*(include|import)' \
  "${folders[@]}" | grep -v '^tests/layers/broken/' | sort -t: -k1,1 -k2,2n)
((${#lines[@]} > 0)) || { echo "found no #include under $root" >&2; exit 1; }

form='^([^:]+):([0-9]+):[[:space:]]*#[[:space:]]*include[[:space:]]*([<"])([^">]+)[">]'
broken=0
for line in "${lines[@]}"; do
  if [[ $line =~ $form ]]; then
    file=${BASH_REMATCH[1]} number=${BASH_REMATCH[2]} what=${BASH_REMATCH[4]}
    find_rule "$file" "${BASH_REMATCH[3]}" "$what"
  else
    IFS=: read -r file number what <<<"$line"
    rule="write #include <...> in full, so that the layer shows"
  fi
  [[ -n $rule ]] || continue
  broken=$((broken + 1))
  echo "$file:$number: $what: $rule"
done
((broken == 0)) || { echo "$broken of ${#lines[@]} includes break the layers" >&2; exit 1; }
echo "${#lines[@]} includes keep to their layers"
