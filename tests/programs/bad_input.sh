#!/usr/bin/env bash
# bad_input.sh PROGRAMS: what `regression` says of files it cannot use: one sentence with the place,
# the right exit status, and nothing left behind.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

# 40 rows of x and y after the header; `sed` puts the faults in.
good() {
  echo x,y
  for i in {1..40}; do echo "$i,$((i * i % 17))"; done
}
of=(regression run --data in.csv --out out/model --hour "")
train=("${of[@]}" --target y --features x)
bad() { fails 1 "$@" -- "${train[@]}"; }

good >good.csv
cp good.csv in.csv
works -- "${train[@]}" --quiet
mv out/model model

# Files that are none, or hold nothing.
fails 1 "nowhere.csv" "no such file" -- regression run --data nowhere.csv --out out/model
fails 1 "out: " "directory" -- regression run --data out --out out/model
fails 2 "/dev/zero" "gives what it has only once" -- regression run --data /dev/zero --out out/model
mkfifo pipe
fails 2 "pipe" "gives what it has only once" -- regression run --data pipe --out out/model
: >in.csv
bad "in.csv" "empty"
printf '\xef\xbb\xbf' >in.csv
bad "in.csv" "empty but for a byte order mark"
printf '\n\n\r\n' >in.csv
bad "in.csv" "blank lines"
echo x,y >in.csv
bad "no rows"
printf 'x,y\n1,2\n' >in.csv
bad "rows"
printf '\xff\xfex\0,\0y\0' >in.csv
bad "in.csv" "UTF-16"

# Rows with too few and too many cells, by policy.
sed '8s/,.*//; 20s/$/,9,9/' good.csv >in.csv
bad "in.csv:8:" "1 cell where 2 belong"
sed '20s/$/,9,9/' good.csv >in.csv
bad "in.csv:20:" "4 cells where 2 belong"
sed '8s/,.*//; 20s/$/,9,9/' good.csv >in.csv
works -- "${train[@]}" --bad drop
[[ $out == *"rows dropped: 2 in parse"* ]] || complain "two dropped rows are not counted: $out"
works -- "${train[@]}" --bad null
[[ $out == *"cells null: 1 in parse"* && $out == *"rows dropped: 1 in parse"* ]] ||
  complain "a null and a dropped row are not counted: $out"
rm out/model

# Quotes.
sed '30s/^/"/' good.csv >in.csv
bad "in.csv:30:" "quote"
sed '30s/.*/"3"0,1/' good.csv >in.csv
bad "in.csv:30:" "column x" "after its closing quote"

# Line ends and a byte order mark are all one to it: the same rows, the same model.
sed 's/$/\r/' good.csv >crlf.csv
tr '\n' '\r' <good.csv >cr.csv
{ printf '\xef\xbb\xbf' && cat good.csv; } >bom.csv
for file in crlf cr bom; do
  cp $file.csv in.csv
  works -- "${train[@]}" --quiet
  cmp out/model model || complain "$file.csv trains another model"
  rm -f out/model
done

# Bytes that are no text.
sed '12s/^./\x00/' good.csv >in.csv
bad "in.csv:12:" "NUL"
{ echo x,y,name && good | tail -n +2 | sed 's/$/,caf\xc3\xa9/; 7s/caf/\xff\xfe/'; } >in.csv
predict=(regression run predict --data in.csv --model model --out out/predicted --hour "")
works -- "${predict[@]}" --bad drop
cmp in.csv <(sed 's/,[^,]*$//' out/predicted) || complain "a column that nobody reads is not written as it was"
rm out/predicted

# Values.
sed '9s/.*/seven,1/' good.csv >in.csv
bad "in.csv:9:" "column x" '"seven" is not an f64' "option bad"
# A column that begins with more numbers than anyone looks at, and goes wrong after them.
seq 100000 | sed '1i x,y' | sed 's/^[0-9]*$/&,1/; 90000s/.*/89999,oops/' >in.csv
bad "in.csv:90000:" "column y" '"oops"'
for cell in "" NA; do
  sed "9s/.*/$cell,1/" good.csv >in.csv
  works -- "${train[@]}"
  [[ $out == *"cells null: 1 in parse"* && $out == *"null in x: 1 in parse"* && $out == *"rows skipped: 1 in train"* ]] ||
    complain "a null is not counted where it counts: $out"
  rm -f out/model
done
sed '9s/.*/"",1/' good.csv >in.csv
bad "in.csv:9:" "column x" "empty"
sed '9s/.*/-,1/' good.csv >in.csv
bad "in.csv:9:" "column x" '"-" is not an f64' "nulls"
works -- "${train[@]}" --nulls ,-
rm out/model
sed '9s/.*/1e999,1/' good.csv >in.csv
bad "in.csv:9:" "column x" '"1e999"' "out of range for an f64"
sed '9s/.*/1e39,1/' good.csv >in.csv
fails 1 "in.csv:9:" "column x" '"1e39"' "out of range for an f32" -- "${train[@]}" --numbers f32
works -- "${train[@]}" --quiet
rm out/model
# Numbers of any size are taken.
sed '9s/.*/1.7976931348623157e308,1/' good.csv >in.csv
works -- "${train[@]}" --holdout 0 --quiet
rm out/model
sed '9s/.*/5e-324,1/; 10s/.*/-0,1/; 11s/.*/18446744073709551617,2/' good.csv >in.csv
works -- "${train[@]}" --quiet
rm -f out/model
for value in nan inf -inf; do
  sed "9s/.*/$value,1/; 10s/.*/$value,2/; 11s/.*/$value,3/" good.csv >in.csv
  word=infinity
  [[ $value != nan ]] || word=NaN
  bad "in.csv:9: " "column x" "row 8 (the first is 1)" "$word"
done

# Columns that no model can be made of.
cp good.csv in.csv
fails 2 "in.csv" '"speed"' "columns: x and y" -- "${of[@]}" --target speed --features x
fails 2 "in.csv" 'did you mean "y"?' -- "${of[@]}" --target yy --features x
fails 2 "in.csv" 'did you mean "x"?' -- "${of[@]}" --target y --features xx
fails 2 "in.csv" '"time"' -- regression run --data in.csv --out out/model --target y --features x
fails 2 "x" "both target and feature" -- "${of[@]}" --target x --features x
fails 2 "x" "twice" -- "${of[@]}" --target y --features x,x
{ echo x,y && for i in {1..40}; do echo "$i,v$((i % 3))"; done; } >in.csv
bad "in.csv:2:" "column y" '"v1" is not an f64'
fails 2 "no features" -- "${of[@]}" --target x --features ""
sed 's/$/,5/; 1s/5$/five/' good.csv >in.csv
fails 1 "five" "constant" "l2" -- "${of[@]}" --target y --features x,five
works -- "${of[@]}" --target y --features x,five --l2 1e-6 --quiet
rm -f out/model
awk -F, 'NR == 1 { print "x,z,both,y"; next } { print $1 "," NR % 7 "," $1 + 2 * (NR % 7) "," $2 }' \
  good.csv >in.csv
fails 1 "x, z and both" "dependent" "l2" -- "${of[@]}" --target y --features x,z,both
works -- "${of[@]}" --target y --features x,z,both --l2 1e-6 --quiet
rm -f out/model

# Names that two columns have, and features that are no numbers.
{ echo x,y,x && tail -n +2 good.csv | sed 's/$/,7/'; } >in.csv
fails 2 "column \"x\"" "as columns 1 and 3" -- "${train[@]}"
fails 2 "column x" "as columns 1 and 3" -- "${predict[@]}"
sed '9s/.*/nan,1/' good.csv >in.csv
fails 1 "in.csv:9: " "NaN" "column x" -- "${predict[@]}"
# Its line, not only its row: a comment, a quoted line end and a blank line come before it.
printf '# notes\nx,y,note\n1,2,"two\nlines"\n\n2,4,\nnan,6,\n3,6,\n4,8,\n' >in.csv
fails 1 "in.csv:7: predict found NaN in row 3" "column x" -- "${predict[@]}"
fails 1 "in.csv:7: linear_regression found NaN in row 3" "column x" -- "${train[@]}" --holdout 0

# Rows for one side of the split only.
cp good.csv in.csv
fails 1 "no rows to train on" -- "${train[@]}" --holdout 1
works -- "${train[@]}" --holdout 0
[[ $out == *"model: "* && $out != *rmse* ]] || complain "an error on no rows: $out"
rm -f out/model

finish
