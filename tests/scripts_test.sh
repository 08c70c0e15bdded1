#!/usr/bin/env bash
# scripts_test.sh [ROOT]: runs shellcheck over every shell script of the project and checks that
# they can be executed. Exits 77, which ctest counts as skipped, where shellcheck is missing.
set -euo pipefail

root=$(cd -- "${1:-$(dirname -- "${BASH_SOURCE[0]}")/..}" && pwd)
if ! command -v shellcheck >/dev/null; then
  echo "skipped: shellcheck is not installed"
  exit 77
fi

cd "$root"
mapfile -t scripts < <(grep -lE '^#!(/bin/(ba)?sh|/usr/bin/env (ba)?sh)' \
  --directories=skip deploy/* .ci/* tests/*.sh tests/*/*.sh examples/*/*)
((${#scripts[@]} >= 6)) || { echo "found only ${#scripts[@]} scripts in $root"; exit 1; }

failed=0
for script in "${scripts[@]}"; do
  [[ -x $script ]] || { echo "$script cannot be executed: chmod +x it"; failed=1; }
done
shellcheck -x "${scripts[@]}" || failed=1
((failed == 0)) && echo "${#scripts[@]} scripts are clean"
exit "$failed"
