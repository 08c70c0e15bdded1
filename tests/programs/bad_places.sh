#!/usr/bin/env bash
# bad_places.sh PROGRAMS: outputs that cannot be written, models that cannot be read, and inputs that
# are too large in one way or another.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

train=(regression run --data "$flights")
# Most bytes a program had resident, in MiB; what it says goes to .err.
peak() {
  python3 - "$programs/$1" "${@:2}" <<'PEAK'
import resource, subprocess, sys
with open(".err", "w") as errors:
    subprocess.run(sys.argv[1:], stderr=errors)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)
PEAK
}

# Outputs.
fails 1 "nowhere/model" "no folder nowhere" -- "${train[@]}" --out nowhere/model
fails 1 "out" "folder" -- "${train[@]}" --out out
fails 1 "out/" "folder" -- "${train[@]}" --out out/
fails 1 "/proc/model" -- "${train[@]}" --out /proc/model
works -- "${train[@]}" --out /dev/null --quiet
[[ -c /dev/null ]] || complain "a device is replaced"
echo precious >file
fails 1 "file/model" -- "${train[@]}" --out file/model
if ((EUID)); then
  mkdir -m 500 closed
  fails 1 "closed/model" "ermission denied" -- "${train[@]}" --out closed/model
fi
ln -s nowhere/model broken
fails 1 "broken" "no folder nowhere" -- "${train[@]}" --out broken
ln -s round round
fails 1 "round" "symbolic links" -- "${train[@]}" --out round
[[ -L round ]] || complain "a link to itself is replaced"
ln -s out/linked link
works -- "${train[@]}" --out link --quiet
[[ -L link && -f out/linked ]] || complain "a link is not followed to a file that is not there yet"
rm -f out/linked
# What was there stays as it was when the job fails.
echo precious >out/model
run_program "${train[@]}" --out out/model --features distance,distance
same "a failed job's output" "$(<out/model)" precious
same "what lies beside it" "$(ls -A out)" model
works -- "${train[@]}" --out out/model --quiet
! grep -q precious out/model || complain "a job that works does not replace its output"

# Models.
from=(regression run predict --data "$flights")
predict=("${from[@]}" --out out/predicted.csv)
mv out/model model
fails 1 "nowhere.bin" "no such file" -- "${predict[@]}" --model nowhere.bin
fails 1 "model out:" "not a file" -- "${predict[@]}" --model out
: >empty
fails 1 "model empty:" "damaged" -- "${predict[@]}" --model empty
head -c 100 model >damaged
fails 1 "model damaged:" "damaged" -- "${predict[@]}" --model damaged
fails 1 "flights-200k.csv:" "not a linear model" -- "${predict[@]}" --model "$flights"
sed 's/distance/length/' "$flights" | head -100 >renamed.csv
fails 2 "distance" "there are delay, length" -- regression run predict --data renamed.csv --model model --out out/predicted.csv

# What is read is not written over; pipes and standard output are written through.
cp "$flights" own.csv
fails 2 "writes own.csv, which stage read reads" -- regression run predict --data own.csv --model model --out own.csv
fails 2 "writes ./model, which stage" "reads, as model" -- "${predict[@]:0:5}" --model model --out ./model
cmp -s own.csv "$flights" || complain "a file that is read is written over"
works -- "${predict[@]}" --model model --quiet
mv out/predicted.csv predicted.csv
run_program "${from[@]}" --model model --out /dev/stdout --quiet
cmp "$scratch/.out" predicted.csv || complain "standard output is another file"
mkfifo through
cat through >piped.csv &
works -- "${from[@]}" --model model --out through --quiet
wait $!
[[ -p through ]] || complain "a pipe is replaced"
cmp piped.csv predicted.csv || complain "through a pipe comes another file"

# A disk that is full: a small file system of one's own, else a limit on the size of files.
if mkdir small && mount -t tmpfs -o size=64k tmpfs small 2>/dev/null; then
  trap 'umount small; rm -rf "$scratch"' EXIT
  fails 1 "small/predicted.csv" "disk is full" -- "${from[@]}" --model model --out small/predicted.csv
  same "what a full disk keeps" "$(ls -A small)" ""
else
  echo "no tmpfs of one's own here: a full disk is left out"
fi
(
  ulimit -f 64
  exec "$programs/regression" run predict --data "$flights" --model model --out out/predicted.csv
) 2>.err
same "exit status of a file that grows too large" $? 1
grep -q "out/predicted.csv: File too large" .err || complain "of a file that grows too large: $(<.err)"
leaves_nothing "a file that grows too large"

# A line of 100 MB, at the beginning and later on.
line() { head -c 100000000 /dev/zero | tr '\0' "$1"; }
line 7 >long.csv
fails 1 "long.csv:1:" "longer than max_record" -- regression run --data long.csv --out out/model
{ head -n 50000 "$flights" && line 7 && echo && tail -n 1000 "$flights"; } >long.csv
fails 1 "long.csv:50001:" "longer than max_record" -- regression run --data long.csv --out out/model
if ! with_asan; then
  most=$(peak regression run --data long.csv --out out/model)
  ((most < 64)) || complain "a line of 100 MB takes $most MiB"
  grep -q max_record .err || complain "said of a long line: $(<.err)"
fi
{ head -n 50000 "$flights" && printf '"' && line 7; } >long.csv
fails 1 "long.csv:50001:" "quote" -- regression run --data long.csv --out out/model
rm long.csv

# 5,000 columns: those wanted are found, all of them are too many for 60 rows, and say so.
awk 'BEGIN {
  for (i = 0; i < 5000; ++i) printf "c%d%s", i, i < 4999 ? "," : "\n"
  for (r = 0; r < 60; ++r) for (i = 0; i < 5000; ++i) printf "%d%s", (r * (i + 3) + i * i) % 101, i < 4999 ? "," : "\n"
}' >wide.csv
wide=(regression run --out out/model --hour "" --target c4999)
works -- "${wide[@]}" --data wide.csv --features c0,c17,c2500 --quiet
rm -f out/model
fails 1 "rows" "4999" -- "${wide[@]}" --data wide.csv --features ""
sed '33s/,[0-9]*,/,x,/' wide.csv >in.csv
fails 1 "in.csv:33:" "column c1" '"x"' -- "${wide[@]}" --data in.csv --features c1
# Nobody asked for c1.
works -- "${wide[@]}" --data in.csv --features c0 --quiet
rm -f out/model

finish
