#!/usr/bin/env bash
# mutants_test.sh [ROOT]: every fault of tests/mutants can be put into the tree as it is, and names a program that
# finds it. Whether it does find it says "deploy/proof mutants".
set -euo pipefail

root=$(cd -- "${1:-$(dirname -- "${BASH_SOURCE[0]}")/..}" && pwd)
cd "$root"
shopt -s nullglob
patches=(tests/mutants/*.patch)
((${#patches[@]} > 0)) || { echo "there is no fault in tests/mutants"; exit 1; }

failed=0
for patch in "${patches[@]}"; do
  head -n 1 "$patch" | grep -qE '^test: [^ ]+' || { echo "$patch does not begin with \"test: \""; failed=1; }
  git apply --check "$patch" || { echo "$patch does not apply: make it anew from the code as it is"; failed=1; }
done
((failed == 0)) && echo "${#patches[@]} faults can be put in"
exit "$failed"
