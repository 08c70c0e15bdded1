#!/usr/bin/env bash
# examples.sh PROGRAMS: the examples' answers against others' arithmetic over the same rows.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

# hello looks for its data where the project's root is.
mkdir -p examples/data
ln -s "$flights" examples/data/flights-200k.csv
works -- hello --quiet
same "the late flights of hello" "$(sort <<<"$out")" \
  "$(awk -F, 'NR > 1 && $1 > 1200 { print "row " NR - 2 ": " $1 " minutes" }' "$flights" | sort)"

works -- own_actor run --data "$flights" --out hours.csv --quiet
awk -F, 'NR > 1 { h = int($3); n[h]++; d[h] += $1 }
  END { print "hour,flights,delay"; for (h = 0; h < 24; ++h) printf "%d,%d,%.17g\n", h, n[h], n[h] ? d[h] / n[h] : 0 }' \
  "$flights" >expected.csv
python3 - hours.csv expected.csv <<'HOURS' || complain "the hours of own_actor"
import sys
ours, theirs = ([line.split(",") for line in open(name).read().splitlines()] for name in sys.argv[1:])
assert len(ours) == 25 and ours[0] == theirs[0]
for mine, other in zip(ours[1:], theirs[1:]):
    assert mine[:2] == other[:2] and abs(float(mine[2]) - float(other[2])) <= 1e-9 * abs(float(other[2])), (mine, other)
HOURS

# Runs of the same graph give the same bytes on one thread, and the same errors on any number.
train=(regression run --data "$flights")
works -- "${train[@]}" --out model --threads 1
error=$(grep -E '^(rmse|mae|r2|held-out rows)' <<<"$out")
works -- "${train[@]}" --out again --threads 1 --quiet
cmp model again || complain "two runs on one thread save two models"
for threads in 2 3 8; do
  works -- "${train[@]}" --out "model$threads" --threads $threads
  same "the errors on $threads threads" "$(grep -E '^(rmse|mae|r2|held-out rows)' <<<"$out")" "$error"
done

# Coefficients against least squares in sums of our own over what the predictions are made of: all rows,
# and the rows of the default split, which are known by their numbers only.
works -- "${train[@]}" --out all --holdout 0 --quiet
for model in all model model8; do
  works -- regression run predict --data "$flights" --model $model --out $model.csv --quiet
done
python3 - "$error" "$flights" all.csv model.csv model8.csv <<'SQUARES' || complain "the coefficients or the errors"
import csv, math, sys

def mixed(z):
    mask = 2**64 - 1
    z = ((z ^ z >> 30) * 0xbf58476d1ce4e5b9) & mask
    z = ((z ^ z >> 27) * 0x94d049bb133111eb) & mask
    return z ^ z >> 31

GOLDEN = 0x9e3779b97f4a7c15
SEED = mixed(GOLDEN)

def trains(row, share):
    return (mixed((SEED + (row + 1) * GOLDEN) % 2**64) >> 11) * 2.0**-53 < share

def rows(name):
    with open(name) as file:
        for row in csv.DictReader(file):
            hour = float(row["time"]) / 24 * 2 * math.pi
            yield [1.0, float(row["distance"]), math.sin(hour), math.cos(hour), float(row["delay"]),
                   float(row[predicted])]

def solved(a):
    for i in range(len(a)):
        pivot = max(range(i, len(a)), key=lambda r: abs(a[r][i]))
        a[i], a[pivot] = a[pivot], a[i]
        for r in range(len(a)):
            if r != i:
                factor = a[r][i] / a[i][i]
                a[r] = [x - factor * y for x, y in zip(a[r], a[i])]
    return [a[i][-1] / a[i][i] for i in range(len(a))]

def least_squares(data, column):
    means = [math.fsum(row[j] for row in data) / len(data) for j in range(6)]
    centred = [[row[j] - means[j] for j in (1, 2, 3, column)] for row in data]
    normal = [[math.fsum(row[i] * row[j] for row in centred) for j in range(4)] for i in range(3)]
    slopes = solved(normal)
    return [means[column] - sum(s * m for s, m in zip(slopes, means[1:4]))] + slopes

def apart(ours, theirs):
    return math.dist(ours, theirs) / math.hypot(*theirs)

error = dict(line.split(": ") for line in sys.argv[1].splitlines())
flights = sys.argv[2]
for name, share in zip(sys.argv[3:], (1, 0.8, 0.8)):
    with open(name) as file:
        predicted = next(csv.reader(file))[-1]
    data = list(rows(name))
    with open(flights) as file:
        given = [(float(r["distance"]), float(r["delay"])) for r in csv.DictReader(file)]
    assert [(row[1], row[4]) for row in data] == given, "predictions are not in the order of the rows"
    fit = [row for at, row in enumerate(data) if trains(at, share)]
    wanted = least_squares(fit, 4)
    # Predictions are a linear function of the features: the same arithmetic finds its coefficients.
    assert apart(least_squares(data, 5), wanted) < 1e-9, (name, wanted, least_squares(data, 5))
    held = [row for at, row in enumerate(data) if not trains(at, share)]
    if not held:
        continue
    assert int(error["held-out rows"]) == len(held), (error, len(held))
    off = [row[5] - row[4] for row in held]
    rmse = math.sqrt(math.fsum(x * x for x in off) / len(off))
    mae = math.fsum(abs(x) for x in off) / len(off)
    mean = math.fsum(row[4] for row in held) / len(held)
    r2 = 1 - math.fsum(x * x for x in off) / math.fsum((row[4] - mean) ** 2 for row in held)
    for what, value in ("rmse", rmse), ("mae", mae), ("r2", r2):
        assert abs(float(error[what]) - value) < 6e-5 * abs(value), (what, error, value)
SQUARES

finish
