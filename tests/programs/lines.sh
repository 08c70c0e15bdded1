#!/usr/bin/env bash
# lines.sh PROGRAMS: lines of text and of JSON in graphs that are TOML files.
set -uo pipefail
# shellcheck source=tests/programs/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/expect.sh"

cat >events.jsonl <<'EVENTS'
{"id": 1, "user": {"name": "ann", "age": 31}, "tags": ["a", "b"], "at": "2024-05-01T12:00:00Z"}
{"id": 2, "user": {"name": "bob, \"b\""}, "tags": [], "at": "2024-05-02"}

{"id": 3, "user": null, "tags": null, "at": null}
EVENTS
graph() {
  printf 'name = "g"\nsentence = "Reads lines."\n[[stage]]\nname = "read"\n%s\n[[stage]]\nname = "write"\nfrom = "%s"\n%s\n' "$@"
}
two='kind = "json.blocks"
path = "events.jsonl"
[[stage]]
name = "parse"
kind = "json.parse"
from = "read"'

# In one stage and in two, from plain and packed files, to CSV and to JSON.
graph 'kind = "json.lines"
path = "events.jsonl"' read 'kind = "csv.write"
path = "one.csv"' >one.toml
graph "$two" parse 'kind = "csv.write"
path = "two.csv"' >two.toml
works -- leat run one.toml --quiet
works -- leat run two.toml --quiet
cat >wanted.csv <<'WANTED'
id,user.name,user.age,tags,at
1,ann,31,"[""a"", ""b""]",2024-05-01T12:00:00Z
2,"bob, ""b""",,[],2024-05-02T00:00:00Z
3,,,,
WANTED
cmp one.csv wanted.csv || complain "json.lines: $(cat one.csv)"
cmp two.csv wanted.csv || complain "json.blocks and json.parse: $(cat two.csv)"
gzip -k events.jsonl
sed 's/events.jsonl/events.jsonl.gz/' one.toml >packed.toml
rm one.csv
works -- leat run packed.toml --quiet
cmp one.csv wanted.csv || complain "a packed file: $(cat one.csv)"

# Some fields, named, with a type.
graph "$two
columns = [\"name = user.name\", \"id\", \"tags[1]\"]
types = { id = \"text\" }" parse 'kind = "json.write"
path = "some.jsonl"' >some.toml
works -- leat run some.toml --quiet
cat >wanted.jsonl <<'WANTED'
{"name":"ann","id":"1","tags[1]":"b"}
{"name":"bob, \"b\"","id":"2","tags[1]":null}
{"name":null,"id":"3","tags[1]":null}
WANTED
cmp some.jsonl wanted.jsonl || complain "some fields: $(cat some.jsonl)"
sed -i 's/user.name"/user.nmae"/' some.toml
fails 2 'there is no field "user.nmae"' 'did you mean "user.name"' -- leat run some.toml --quiet

# A line that is cut is one sentence, or is left out.
printf '{"id": 4, "user": {"na' >>events.jsonl
fails 1 "events.jsonl:5: a string does not end on its line" "option bad: drop" -- leat run two.toml --quiet
sed 's/kind = "json.lines"/&\nbad = "drop"/' one.toml >drop.toml
works -- leat run drop.toml --quiet
cmp one.csv wanted.csv || complain "without the line that is cut: $(cat one.csv)"

# As many lines as wc counts.
graph 'kind = "text.lines"
path = "all.csv"' read 'kind = "csv.write"
path = "lines.csv"' >text.toml
head -5001 "$flights" >all.csv
works -- leat run text.toml --quiet
same "lines" "$(wc -l <lines.csv)" "$(($(wc -l <all.csv) + 1))"

finish
