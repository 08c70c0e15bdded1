#!/usr/bin/env bash
# stock.sh PROGRAMS: the stock program, leat, on graphs written as TOML.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

graphs=$root/examples/toml
refuses() { fails 2 "$@"; }
late=(leat run "$graphs/late.toml" --data "$flights")

# The regression in TOML saves what the one in C++ saves, to the byte.
train=(leat run "$graphs/regression.toml" --data "$flights")
same_model() {
  local what=$1
  shift
  works -- "${train[@]}" --out toml.bin --threads 1 "${toml[@]}"
  local said
  said=$(grep -E '^(target|rmse|mae|r2|held-out rows)' <<<"$out")
  works -- regression run --data "$flights" --hour= --out cpp.bin --threads 1 "$@"
  cmp toml.bin cpp.bin || complain "the two models of $what"
  same "the errors of $what" "$said" "$(grep -E '^(target|rmse|mae|r2|held-out rows)' <<<"$out")"
  rm -f toml.bin cpp.bin
}
toml=()
same_model defaults --features distance,time
toml=(--share 0.7 --l2 0.5 --features distance --numbers f32)
same_model options --holdout 0.3 --l2 0.5 --features distance --numbers f32
toml=(--target distance --features "time,delay" --bad drop)
same_model "another target" --target distance --features time,delay --bad drop

toml=(--features "distance,time" --intercept false --numbers f64)
same_model "a model through the origin" --features distance,time --intercept false

# A file of another dialect, told as in the C++ program: not all of it could be seen.
sed 's/,/;/g; s/\./,/g; 3s/.*/-;1;2/' "$flights" | head -20001 >dialect.csv
dialect=(--delimiter ';' --header true --decimal ',' --nulls ",-" --types "delay=f64" --features "distance,time")
works -- leat run "$graphs/regression.toml" --data dialect.csv --out toml.bin --threads 1 --quiet "${dialect[@]}"
works -- regression run --data dialect.csv --hour= --out cpp.bin --threads 1 --quiet "${dialect[@]}"
cmp toml.bin cpp.bin || complain "the two models of another dialect"
fails 2 "delimiter" "one ASCII character" -- leat run "$graphs/regression.toml" --data dialect.csv --delimiter ';;'

# Its predictions are those of the C++ program.
works -- "${train[@]}" --out model --quiet
works -- leat run "$graphs/predict.toml" --data "$flights" --model model --out toml.csv --quiet
works -- regression run predict --data "$flights" --hour= --model model --out cpp.csv --quiet
cmp toml.csv cpp.csv || complain "the predictions"

# The rows that where keeps, in order.
works -- "${late[@]}" --out late.csv --delay 600 --quiet
same "late flights" "$(wc -l <late.csv)" "$(awk -F, 'NR == 1 || $1 > 600' "$flights" | wc -l)"
same "delays of late flights" "$(cut -d, -f1 late.csv)" "$(awk -F, 'NR == 1 || $1 > 600 { print $1 }' "$flights")"

# Scaled columns have mean 0 and deviation 1; others stay.
works -- leat run "$graphs/standardise.toml" --data "$flights" --columns delay,time --out scaled.csv --quiet
awk -F, 'NR > 1 { n++; s += $1; q += $1 * $1; t += $3; u += $3 * $3; d += $2 }
  END { exit !(s / n < 1e-9 && s / n > -1e-9 && q / n > 1 - 1e-9 && q / n < 1 + 1e-9 &&
               t / n < 1e-9 && t / n > -1e-9 && u / n > 1 - 1e-9 && u / n < 1 + 1e-9) }' scaled.csv ||
  complain "the scaled columns"

# On a cluster whose nodes have neither the graph's file nor its folder: the same errors.
export LEAT_STATE=$scratch/state
mkdir elsewhere
mkfifo said
timeout 120 "$programs/leat" run "$graphs/regression.toml" --data "$flights" --out cluster.bin \
  --listen 127.0.0.1:0 --nodes 2 >cluster.out 2>said &
submitter=$!
exec {lines}<said
address=
while [[ -z $address ]] && IFS= read -r -t 60 line <&"$lines"; do
  [[ $line != *"listening on "* ]] || address=${line##*listening on }
done
cat <&"$lines" >cluster.err &
drained=$!
nodes=()
for node in one two; do
  (cd elsewhere && exec timeout 120 "$programs/leat" node --join "$address" --name $node >../$node.log 2>&1) &
  nodes+=($!)
done
wait "$submitter" || complain "the run on a cluster: $(cat cluster.err one.log two.log)"
kill -TERM "${nodes[@]}" 2>/dev/null
wait "${nodes[@]}" "$drained"
works -- "${train[@]}" --out alone.bin
same "the errors on a cluster" "$(grep -E '^(target|rmse|mae|r2|held-out rows)' cluster.out)" \
  "$(grep -E '^(target|rmse|mae|r2|held-out rows)' <<<"$out")"
[[ -s cluster.bin ]] || complain "the run on a cluster saved no model"

# Plans, help and the list of kinds.
works -- leat plan "$graphs/regression.toml" --data "$flights" --threads 2
[[ $out == *"2 x  read -> parse -> fit -> train"* && $out == *"memory bound"* ]] || complain "plan said: $out"
works -- leat plan "$graphs/late.toml" --data "$flights" --format json
python3 -c 'import json, sys; json.load(sys.stdin)' <<<"$out" || complain "the plan is no JSON"
shows() {
  local words=$1 word
  shift
  works -- "$@"
  for word in $words; do
    [[ $out == *"$word"* ]] || complain "$word is not shown by $*: $out"
  done
}
shows "run plan validate kinds --probe --cluster" leat
shows "--join --labels" leat node --help
shows "run plan validate kinds" leat --help
shows "run plan validate kinds" leat run --help
shows "--data --target --share [fraction] (0.8) f64|f32 --threads REQUIRED" leat run "$graphs/regression.toml" --help
[[ $out != *--graph* && $out != *--folder* ]] || complain "the help shows hidden parameters: $out"
shows "csv.blocks csv.parse linear_regression credit emits_at_most" leat kinds
shows "path REQUIRED block_bytes delimiter" leat kinds csv.blocks

# validate says what it found, every line with its place, and looks at no source unless asked.
works -- leat validate "$graphs/regression.toml"
works -- leat validate "$graphs/late.toml" --data /nowhere
works -- leat validate "$graphs/regression.toml" --probe --data "$flights"
sed -e 's/^kind = "split.train"/kind = "split.trian"/' -e 's/^target = .*"$/taget = 3/' \
  "$graphs/regression.toml" >wrong.toml
line() { grep -n -- "$1" wrong.toml | cut -d: -f1; }
run_program leat validate wrong.toml
same "the status of a wrong file" "$status" 2
expected="wrong.toml:$(line trian):8: stage fit: there is no kind split.trian, did you mean split.train?
wrong.toml:$(($(line '"linear_regression"') - 2)):1: stage train: has no target: column to predict
wrong.toml:$(line taget):1: stage train: there is no option taget, did you mean target?"
same "what is said of a wrong file" "$err" "$expected"
refuses "wrong.toml:$(line trian):8: stage fit: there is no kind" -- leat run wrong.toml --data "$flights"
refuses "wrong.toml:$(line trian):8: stage fit: there is no kind" -- leat plan wrong.toml
run_program leat validate "$graphs/regression.toml" --probe --data "$flights" --target dleay
same "the status of a wrong column" "$status" 2
[[ $err == *"regression.toml:32:1: stage parse: "*"did you mean \"delay\"?"* ]] || complain "a wrong column: $err"
refuses "did you mean \"delay\"?" "regression.toml:32:1" -- "${train[@]}" --target dleay --out out/model

# No parameter can take the name of an option.
for taken in $({ "$programs/hello" run --help; "$programs/hello" plan --help; } | grep -oE -- '--[a-z-]+' | sort -u) --probe; do
  printf '[params.%s]\ntype = "text"\nsentence = "s"\n' "${taken#--}" >taken.toml
  run_program leat validate taken.toml
  [[ $err == *"taken.toml:1:9: parameter ${taken#--}: $taken is the command line's own"* ]] ||
    complain "a parameter can be called ${taken#--}: $err"
done

# Values that a file cannot know are refused with their place.
cat >sign.toml <<'SIGN'
[params]
data = { type = "path", sentence = "CSV file to read" }
out = { type = "path", sentence = "CSV file to write" }
sign = { type = "text", sentence = "how to compare", default = ">" }
[[stage]]
name = "read"
kind = "csv.blocks"
path = "${data}"
[[stage]]
name = "parse"
kind = "csv.parse"
from = "read"
[[stage]]
name = "late"
kind = "where"
from = "parse"
condition = "delay ${sign} 600"
[[stage]]
name = "write"
kind = "csv.write"
from = "late"
path = "${out}"
SIGN
works -- leat run sign.toml --data "$flights" --out kept.csv --sign "<" --quiet
refuses "stage late: condition: \"delay about 600\", at character 7" "sign.toml:13:1" -- \
  leat run sign.toml --data "$flights" --out out/kept.csv --sign about

# Command lines.
refuses "needs a graph" "leat run FILE.toml" -- leat run
refuses "needs a graph" -- leat plan --threads 2 "$graphs/late.toml"
refuses "frobnicate" -- leat frobnicate
refuses "did you mean plan?" -- leat pla "$graphs/late.toml"
refuses "did you mean csv.parse?" -- leat kinds csv.prase
refuses "takes one kind" -- leat kinds csv.parse csv.blocks
refuses "validate needs a graph" -- leat validate
refuses "takes one file" -- leat validate a.toml b.toml
refuses "did you mean --data?" -- leat validate "$graphs/late.toml" --daat x
refuses "--data" "missing" -- leat validate "$graphs/regression.toml" --probe
refuses "must be a number" -- leat validate "$graphs/late.toml" --delay much
refuses "needs a value" -- leat validate "$graphs/late.toml" --delay
refuses "did you mean --data?" -- leat run "$graphs/late.toml" --daat "$flights" --out out/x
refuses "--share 2" "at most 1" -- "${train[@]}" --share 2 --out out/model
refuses "--data" "missing" -- leat run "$graphs/regression.toml"
refuses "--graph" -- "${train[@]}" --graph x --out out/model

# Files.
refuses "nowhere.toml" "No such file" -- leat run nowhere.toml
refuses "out" "directory" -- leat validate out
head -c 2000000 /dev/zero | tr '\0' '#' >large.toml
refuses "large.toml" "1 MiB" -- leat run large.toml
printf 'name = "x"\nstage = [\n' >open.toml
refuses "open.toml:2:" "this is no TOML" -- leat plan open.toml
: >empty.toml
refuses "empty.toml:1:1: the graph has no stages" -- leat run empty.toml
head -c 4096 /dev/urandom >noise.toml
run_program leat validate noise.toml
same "the status of noise" "$status" 2
same "the lines said of noise" "$(wc -l <<<"$err")" 1
fails 1 "/nowhere.csv" -- leat run "$graphs/late.toml" --data /nowhere.csv --out out/late.csv

# From a pipe, and from any folder.
works -- leat run /dev/stdin --data "$flights" --out piped.csv --quiet <"$graphs/late.toml"
[[ -s piped.csv ]] || complain "a graph from a pipe wrote nothing"

# What cannot be written is said.
if "$programs/leat" kinds >/dev/full 2>"$scratch/err"; then complain "kinds to a full disk end with 0"; fi
[[ $(<"$scratch/err") == *"could not be written"* ]] || complain "a full disk is not named"

finish
