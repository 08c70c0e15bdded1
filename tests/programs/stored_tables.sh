#!/usr/bin/env bash
# stored_tables.sh PROGRAMS: tables kept in SQLite databases and in table files, by graphs written as TOML.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

# from FILE KIND_AND_OPTIONS... : stages "a", "b" ..., each of the one before, with its lines given.
chain() {
  local file=$1 name=a before='' stage
  shift
  : >"$file"
  for stage in "$@"; do
    printf '[[stage]]\nname = "%s"\n%b\n' "$name" "$stage" >>"$file"
    [[ -z $before ]] || printf 'from = "%s"\n' "$before" >>"$file"
    before=$name
    name=$(tr 'a-y' 'b-z' <<<"$name")
  done
}
csv='kind = "csv.blocks"\npath = "few.csv"'
parse='kind = "csv.parse"'
from_db='kind = "sqlite.read"\npath = "few.db"\ntable = "few"'
to_db='kind = "sqlite.write"\npath = "few.db"\ntable = "few"'
from_file='kind = "tables.read"\npath = "few.tables"'
to_file='kind = "tables.write"\npath = "few.tables"'

# From CSV to SQLite, from there to a table file, and back.
printf 'id,name,x\n1,one,0.5\n2,"two, three",\n' >few.csv
chain to_db.toml "$csv" "$parse" "$to_db"
chain to_file.toml "$from_db" "$to_file"
chain to_csv.toml "$from_file" 'kind = "csv.write"\npath = "back.csv"'
round() {
  for graph in to_db to_file to_csv; do works -- leat run $graph.toml --quiet; done
}
round
same "what came back" "$(<back.csv)" "$(<few.csv)"

# Another run adds its rows.
round
same "the rows of two runs" "$(wc -l <back.csv)" 5

# What no stage reads is not asked for.
chain names.toml "$from_file" 'kind = "select"\ncolumns = "name"' 'kind = "csv.write"\npath = "names.csv"'
works -- leat run names.toml --quiet
same "the names" "$(sort -u names.csv)" "$(sort -u <(printf 'name\none\n"two, three"\n'))"
works -- leat plan names.toml
[[ $out == *"a makes those that are read: name"* ]] || complain "the plan does not say what is read: $out"

# One database is not read and written in one graph.
chain both.toml "$from_db" 'kind = "sqlite.write"\npath = "few.db"\ntable = "more"'
fails 2 "few.db" -- leat run both.toml
chain wrong.toml 'kind = "sqlite.read"\npath = "few.db"\ntable = "fewx"' 'kind = "csv.write"\npath = "out/x.csv"'
run_program leat run wrong.toml
[[ $err == *"few.db"*"did you mean few?"* && $status != 0 ]] || complain "a table that is not there: $err"
chain choose.toml 'kind = "sqlite.read"\npath = "few.db"' 'kind = "csv.write"\npath = "out/x.csv"'
fails 2 "either a table or a query" -- leat run choose.toml

# Nobody waits for ever, and a lock is named.
chain locked.toml "$csv" "$parse" "$to_db\nwait = 0"
python3 - "$programs/leat" <<'PY' || complain "a locked database"
import sqlite3, subprocess, sys
other = sqlite3.connect("few.db", isolation_level=None)
other.execute("BEGIN EXCLUSIVE")
ran = subprocess.run([sys.argv[1], "run", "locked.toml"], capture_output=True, text=True, timeout=120)
print(ran.stderr)
sys.exit(0 if ran.returncode == 1 and "another process has it locked" in ran.stderr else 1)
PY

finish
