#!/usr/bin/env bash
# refused.sh SCRATCH COMPILER [FLAG...]: each bad program beside this script must be refused with one
# error and no other: the sentence on its first line, after "// expect: ". A setting thrown away counts as
# one. sound.cpp must compile.
set -euo pipefail
shopt -s extglob
export LC_ALL=C

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
scratch=$1
shift
set -- "$@" -Werror=unused-result
compile=("$@" -I"$scratch" -I"$here")

mkdir -p "$scratch"
rm -f "$scratch"/*
failed=0
complain() {
  echo "$1"
  sed 's/^/    /' "$scratch/log" | head -n 40
  failed=1
}

# Streams cost seconds to read: once, here. What cannot use it reads program.hpp itself.
"$@" -x c++-header "$here/program.hpp" -o "$scratch/program.hpp.gch" >"$scratch/log" 2>&1 ||
  complain "program.hpp does not compile"

"${compile[@]}" -fsyntax-only "$here/sound.cpp" >"$scratch/log" 2>&1 ||
  complain "sound.cpp is refused"

programs=0
for program in "$here"/*.cpp; do
  name=${program##*/}
  [[ $name != sound.cpp ]] || continue
  programs=$((programs + 1))
  read -r first <"$program"
  sentence=${first#// expect: }
  if [[ $first != "// expect: leat: "* ]]; then
    : >"$scratch/log"
    complain "$name does not start with the sentence it expects"
  elif "${compile[@]}" -fsyntax-only "$program" >"$scratch/log" 2>&1; then
    complain "$name compiles"
  else
    mapfile -t errors < <(grep -E ': (fatal )?error:' "$scratch/log")
    if ((${#errors[@]} != 1)); then
      complain "$name is refused with ${#errors[@]} errors, not 1"
    elif [[ ${errors[0]} != *"$sentence"?([\"\'])?(" [-W"*) ]]; then # clang quotes it
      complain "$name is refused with another sentence than: $sentence"
    fi
  fi
done
((programs > 0)) || { echo "found no bad programs in $here"; exit 1; }
((failed == 0)) && echo "$programs bad programs are refused with one sentence each"
exit "$failed"
