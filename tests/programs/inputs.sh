#!/usr/bin/env bash
# inputs.sh PROGRAMS: what is read: packed files, several, patterns, pipes and standard input.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

head -20001 "$flights" >all.csv
mkdir parts
head -1 all.csv >parts/a.csv
sed -n '2,5001p' all.csv >>parts/a.csv
{ head -1 all.csv && sed -n '5002,12001p' all.csv; } | gzip >parts/b.csv.gz
{ head -1 all.csv && sed -n '12002,$p' all.csv; } >parts/c.csv
gzip -c all.csv >all.csv.gz
python3 - all.csv members.gz <<'PY'
import gzip, sys
text = open(sys.argv[1], "rb").read()
with open(sys.argv[2], "wb") as out:
    for at in range(0, len(text), 100000):
        out.write(gzip.compress(text[at:at + 100000], 1))
PY

# The same rows, the same model, whatever they lie in.
model() {
  works -- regression run --out model --quiet --threads 2 "$@"
  mv model "$model"
}
model=plain
model --data all.csv
for data in all.csv.gz members.gz 'parts/*.csv*' parts/a.csv,parts/b.csv.gz,parts/c.csv; do
  model=other
  model --data "$data"
  cmp plain other || complain "the model of $data"
done

# Standard input and pipes, where they are read once.
works -- regression run predict --data all.csv --model plain --out wanted.csv --quiet
from() {
  "$programs/regression" run predict --data "$1" --model plain --out /dev/stdout --quiet
}
for packed in all.csv all.csv.gz; do
  from - <"$packed" | cmp - wanted.csv || complain "$packed as standard input"
  # A pipe, not a file that stands for it.
  # shellcheck disable=SC2002
  cat "$packed" | from - | cmp - wanted.csv || complain "$packed through a pipe"
  from <(cat "$packed") | cmp - wanted.csv || complain "$packed in a pipe of the shell's"
done
{
  head -c 1000 all.csv
  tail -c +1001 all.csv
} | from /dev/stdin | cmp - wanted.csv || complain "standard input that comes in two pieces"

# What gives what it has only once is not read twice, nor by a cluster; a file that stands for it may be.
once="which gives what it has only once: save it to a file, and read that"
mkfifo pipe
fails 2 "reads standard input, which stage" "$once" -- regression run --data - --out out/model < <(cat all.csv)
fails 2 "reads pipe, which stage" "$once" -- regression run --data pipe --out out/model
works -- regression run --data - --out model --quiet <all.csv
cmp plain model || complain "the model of a file that is standard input"

# What is wrong is said with the file, and where.
head -c 5000 all.csv.gz >cut.gz
fails 1 "cut.gz: ends in the middle of a gzip stream, at byte 5000" -- regression run predict --data cut.gz --model plain \
  --out out/p.csv
{ cat all.csv.gz && echo more; } >more.gz
fails 1 "more.gz: at byte" "goes on after the end of its gzip stream" -- regression run predict --data more.gz \
  --model plain --out out/p.csv
fails 1 "none*.csv: no file matches this pattern" -- regression run predict --data 'none*.csv' --model plain --out out/p.csv
sed '1s/distance/length/' parts/c.csv >parts/c2.csv
fails 1 "parts/c2.csv: column" "\"length\"" "\"distance\" in parts/a.csv" -- regression run predict \
  --data 'parts/*.csv*' --model plain --out out/p.csv
fails 1 "standard input: the file is empty" -- regression run predict --data - --model plain --out out/p.csv </dev/null

# The stock program.
works -- regression run --data all.csv --hour "" --out flat --quiet
works -- leat run "$root/examples/toml/predict.toml" --data all.csv --model flat --out one.csv --quiet
works -- leat run "$root/examples/toml/predict.toml" --data 'parts/[abc].csv*' --model flat --out toml.csv --quiet
cmp one.csv toml.csv || complain "TOML's predictions of several files"
works -- leat sniff all.csv.gz
[[ $out == *"packing      gzip"* && $out == *"f64"* ]] || complain "what sniff says of all.csv.gz: $out"
run_program leat sniff - < <(cat all.csv)
[[ $status == 0 && $out == *"standard input"* ]] || complain "what sniff says of standard input: $out$err"

finish
