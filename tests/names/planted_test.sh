#!/usr/bin/env bash
# planted_test.sh: names.sh must report each planted case, at its line, and nothing that only looks
# like one. The cases are put together from halves, so that they are none where they stand.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

plant() {
  mkdir -p "$tree/$(dirname -- "$1")"
  printf '%b' "$2" >"$tree/$1"
}
lines() { for ((i = 1; i <= $1; ++i)); do echo "// $i"; done; }

# Sound, though near.
plant src/baseline.hpp 'int implied;\n'
plant src/database.hpp 'int rows;\n'
plant src/unmanaged.cpp '// asleep_for; mktemp /tmp/dir.XXXXXX\n#include <sys/types.h>\n'
plant src/todos.hpp '// todo lists, and shacks\n'
plant docs/paths.md 'See build/here/leat, ../home/x and https://example.org/root/page.\n'
plant build/dev/manager.cpp 'int generated;\n'
lines 400 >"$tree/src/long.cpp"
lines 500 >"$tree/docs/long.md"

# Broken.
expected=()
broken() {
  plant "$1" "$2"
  expected+=("$3")
}
for word in util utils helper helpers common misc manager managers handler handlers impl base; do
  broken "names/queue_$word.hpp" 'int x;\n' "names/queue_$word.hpp:1: is called $word"
done
broken common/queue.hpp 'int x;\n' "common/queue.hpp:1: is called common"
broken src/Helper.hpp 'int x;\n' "src/Helper.hpp:1: is called helper"
for word in "TO""DO" "FIX""ME" "XX""X" "HA""CK"; do
  broken "left/$word.cpp" "int x;\n// $word: later\n" "left/$word.cpp:2: is an issue"
done
broken src/waits.cpp "\n\nthis_thread::sleep_""for(1s);\n" "src/waits.cpp:3: waits for time"
broken src/polls.cpp "sleep_""until(then);\n" "src/polls.cpp:1: waits for time"
broken src/naps.cpp "usl""eep(10);\n" "src/naps.cpp:1: waits for time"
for path in "/wo""rk/tree" "/ro""ot/.cache" "/ho""me/someone"; do
  broken "machine$path.md" "in $path\n" "machine$path.md:1: is a path of one machine"
done
broken src/place.cpp 'open("/tm''p/leat-x");\n' "src/place.cpp:1: is a path of one machine"
plant src/longer.cpp ''
lines 401 >"$tree/src/longer.cpp"
expected+=("src/longer.cpp:401: has more than 400 lines")
plant bin/script '#!/bin/sh\n'
lines 400 >>"$tree/bin/script"
expected+=("bin/script:401: has more than 400 lines")

failed=0
if found=$("$here/names.sh" "$tree" 2>/dev/null); then
  echo "names.sh passed a tree that breaks the house rules"
  failed=1
fi
for line in "${expected[@]}"; do
  [[ $'\n'$found == *$'\n'"$line"* ]] || { echo "not reported: $line"; failed=1; }
done
if (($(wc -l <<<"$found") != ${#expected[@]})); then
  printf 'expected %d reports, found:\n%s\n' "${#expected[@]}" "$found"
  failed=1
fi
((failed == 0)) && echo "all ${#expected[@]} planted cases are reported, and no other"
exit "$failed"
