#!/usr/bin/env bash
# streaming_csv.sh PROGRAMS: CSV to a table file, to a model, to a score and to predictions; and what is wrong on the way.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

# y = 3 + 2 a - 4 b; late is 1 where y is above 3.
python3 - <<'PY'
import random
random.seed(5)
with open("rows.csv", "w") as file:
    file.write("a,b,name,y,late\n")
    for row in range(20000):
        a, b = random.gauss(50, 10), random.gauss(0, 1)
        y = 3 + 2 * a - 4 * b + random.gauss(0, 0.1)
        file.write(f"{a:.6f},{b:.6f},n{row % 7},{y:.6f},{int(y + random.gauss(0, 8) > 103)}\n")
PY

ingest() { works -- streaming_csv run ingest --data "$1" --out "$2" --statistics "${3:-statistics.tables}" --quiet "${@:4}"; }

ingest rows.csv rows.tables statistics.tables
ingest rows.csv small.tables statistics16.tables --store f16
smaller=$(($(stat -c %s rows.tables) * 2 / 3))
(($(stat -c %s small.tables) < smaller)) || complain "f16 is not smaller: $(stat -c %s small.tables rows.tables)"

# What is in the columns.
printf '[[stage]]\nname = "a"\nkind = "tables.read"\npath = "statistics.tables"\n[[stage]]\nname = "b"\nkind = "csv.write"\npath = "statistics.csv"\nfrom = "a"\n' >look.toml
works -- leat run look.toml --quiet
same "columns that are described" "$(cut -d, -f1-5 statistics.csv)" "$(printf 'column,type,values,nulls,not_finite\na,f64,20000,0,0\nb,f64,20000,0,0\nname,text,20000,0,0\ny,f64,20000,0,0\nlate,i64,20000,0,0')"

# The same rows give the same model to the byte, in memory and on disk.
train=(streaming_csv run train --target y --features "a,b" --passes 10 --quiet)
works -- "${train[@]}" --data rows.tables --out one.model
works -- "${train[@]}" --data rows.tables --out two.model --cache 0
cmp -s one.model two.model || complain "a model of rows on disk is another than of rows in memory"

# Both ways find the line, and floats of all sizes nearly the same.
works -- streaming_csv run train --data rows.tables --target y --features a,b --method least_squares --out exact.model --quiet
for model in one exact; do
  works -- streaming_csv run evaluate --data rows.tables --model $model.model --score $model.score --quiet
done
python3 - "$programs/leat" <<'PY' || complain "scores differ by more than a hundredth"
import csv, subprocess, sys
def rmse(name):
    graph = f'[[stage]]\nname = "a"\nkind = "tables.read"\npath = "{name}"\n[[stage]]\nname = "b"\nkind = "csv.write"\npath = "{name}.csv"\nfrom = "a"\n'
    open("score.toml", "w").write(graph)
    subprocess.run([sys.argv[1], "run", "score.toml", "--quiet"], check=True)
    return float(next(csv.DictReader(open(f"{name}.csv")))["rmse"])
sgd, exact = rmse("one.score"), rmse("exact.score")
sys.exit(not (0.09 < exact < 0.11 and sgd < 1.01 * exact))
PY

# A probability.
works -- streaming_csv run train --data rows.tables --target late --features a,b --loss logistic --rate 0.05 --out late.model --score late.score --quiet
works -- streaming_csv run predict --data rows.tables --model late.model --out late.csv --rows late.tables --quiet
python3 - <<'PY' || complain "what predict gives is no probability"
import csv, sys
rows = list(csv.DictReader(open("late.csv")))
chances = [float(row["prediction"]) for row in rows]
right = sum((chance >= 0.5) == (row["late"] == "1") for chance, row in zip(chances, rows)) / len(rows)
sys.exit(not (len(rows) == 20000 and 0 <= min(chances) and max(chances) <= 1 and right > 0.8))
PY

# What is wrong is one sentence, and leaves nothing.
broken() {
  printf '%b' "$1" >bad.csv
  rm -f bad.tables
  run_program streaming_csv run ingest --data bad.csv --out bad.tables --statistics bad.statistics --quiet "${@:2}"
}
refuses() { # TEXT... -- CSV [ARGUMENT...]: training on that file is refused with each TEXT
  local texts=() text
  while [[ $1 != -- ]]; do texts+=("$1") && shift; done
  broken "$2" ${types:+--types "$types"}
  ((status == 0)) || complain "not ingested: $err"
  run_program streaming_csv run train --data bad.tables --target y --holdout 0 --out out/model --score out/score --quiet "${@:3}"
  ((status != 0)) || complain "trained on: $2"
  [[ $err != *$'\n'* ]] || complain "not one sentence: $err"
  for text in "${texts[@]}"; do [[ $err == *"$text"* ]] || complain "'$text' is not in: $err"; done
  leaves_nothing "$2"
}
broken ''
[[ $status == 1 && $err == *"bad.csv"*"empty"* && $err != *$'\n'* ]] || complain "an empty file: $err"
{ echo 'a,y'; seq 1 60000 | sed 's/$/,1/'; echo '7,no'; echo '8,1'; } >bad.csv
fails 1 "bad.csv:60002:" "column y" "no" -- streaming_csv run ingest --data bad.csv --out out/x --statistics out/s
echo 'x,k
70000,one' >bad.csv
fails 1 "column x, row 1" "70000" "too large for f16" -- streaming_csv run ingest --types x=f64 --data bad.csv --out out/x --statistics out/s --store f16
types=a=f64,y=f64
refuses "no rows to train on" -- 'a,y\n'
types=
refuses "one row" -- 'a,y\n1,2\n'
refuses "no features" -- 'y\n1\n2\n'
refuses "column a is 1 in every row" -- 'a,y\n1,2\n1,3\n'
refuses "column y is 2 in every row" -- 'a,y\n1,2\n3,2\n'
types=a=f64
refuses "column a has no value in any of its 2 rows" -- 'a,y\n,2\n,3\n'
types=
refuses "column y" "not there" -- 'a,b\n1,2\n3,2\n'
refuses "sgd diverges: at step" "smaller rate" -- 'a,b,y\n1,2,4\n3,2,5\n4,5,9\n1,7,3\n' --rate 1000 --passes 100
refuses "takes a target of 0 and 1" "column y has 4 in row 1" -- 'a,y\n1,4\n3,1\n' --loss logistic
fails 2 "least 1" -- streaming_csv run train --data rows.tables --target y --passes 0
finish
