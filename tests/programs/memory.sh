#!/usr/bin/env bash
# memory.sh PROGRAMS: training stays under the bound that `plan` names, however long the file is.
# Exits 77, skipped, under ASan, whose own memory is not ours to bound.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"
with_asan && skip "built with AddressSanitizer"

grow() {
  head -1 "$flights"
  for ((i = 0; i < $1; ++i)); do tail -n +2 "$flights"; done
}
grow 5 >20.csv
grow 47 >200.csv

# Its own figure, and the kernel's.
peaks() {
  python3 - "$programs/regression" "$@" <<'PEAKS'
import json, resource, subprocess, sys
run = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, check=True)
report = json.loads(run.stdout.splitlines()[-1])
print(report["peak_memory"], resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
PEAKS
}

for scheduling in sharing stealing; do
  most=()
  for size in 20 200; do
    data=(--data "$size.csv" --out out/model --threads 2)
    bound=$("$programs/regression" plan "${data[@]}" --format json |
      python3 -c 'import json, sys; print(json.load(sys.stdin)["bound"]["bytes"])')
    read -r own kernel < <(peaks run "${data[@]}" --json --scheduling $scheduling)
    echo "$scheduling, $(du --apparent-size -m $size.csv): at most $own bytes, or $kernel, of a bound of $bound"
    ((own > 0 && own < bound)) || complain "$own bytes at $size MB are not under the bound, $bound"
    ((kernel < bound)) || complain "$kernel bytes at $size MB, says the kernel, are over the bound, $bound"
    most+=("$own")
  done
  ((most[1] - most[0] <= 2 << 20)) || complain "ten times the rows: ${most[0]} bytes became ${most[1]}"
done

# What the bound says must hold for the limit: it fits, and a byte less does not.
works -- regression run --data 20.csv --out out/model --threads 2 --memory "$((bound + (1 << 20)))" --quiet
rm -f out/model
fails 2 "the limit is" -- regression run --data 20.csv --out out/model --threads 2 --memory "$((bound - (1 << 20)))"

finish
