#!/usr/bin/env bash
# otlp.sh PROGRAMS: a coordinator, a node and runs tell a collector of OpenTelemetry what they count, over real HTTP; and
# where that is gone, or refuses, they say so once and work on.
set -uo pipefail
# shellcheck source=tests/cluster/processes.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/processes.sh"
# shellcheck disable=SC2034
program=leat_spin

# begin_collector STATUS: writes each body it is sent into FOLDER/NUMBER.PATH; sets $collector.
begin_collector() {
  rm -rf told && mkdir told
  python3 - "$1" >collector.out 2>collector.err <<'COLLECTOR' &
import http.server, sys
number = 0
class Collector(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global number
        number += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Type"] == "application/json"
        with open(f"told/{number:04}.{self.path.strip('/').replace('/', '.')}", "wb") as file:
            file.write(body)
        self.send_response(int(sys.argv[1]))
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
    def log_message(self, *words): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
print(f"at {server.server_port}", flush=True)
server.serve_forever()
COLLECTOR
  pids[collector]=$!
  says collector "^at ([0-9]+)$" || return 1
  collector=http://127.0.0.1:${BASH_REMATCH[1]}
}

end_collector() {
  kill -KILL "${pids[collector]}"
  wait "${pids[collector]}" 2>/dev/null
  unset "pids[collector]"
}

begin_collector 200 || finish
begin_coordinator --otlp "$collector" || finish
begin_node node-1 --otlp "$collector/"
says node-1 "^joined " || finish
begin_run --otlp "$collector" --replicas 2
says run '"name":"turn","replicas":[0-9]+,"visits":[1-9]' || finish
works -- leat_spin drain spin --cluster "$address"
ends run 60 0
take_down node-1
python3 - <<'TOLD' || complain "what the collector was told is not as the protocol has it"
import glob, json, re
def of(path, outer, inner):
    for name in sorted(glob.glob(f"told/*.v1.{path}")):
        for resource in json.load(open(name))[outer]:
            about = {each["key"]: each["value"]["stringValue"] for each in resource["resource"]["attributes"]}
            assert about["service.name"] == "leat_spin" and about["service.instance.id"] and about["service.version"], about
            for scope in resource[inner]:
                assert scope["scope"]["name"] == "leat"
                for each in scope[path if path == "metrics" else "spans"]:
                    yield about, each
metrics = {}
for about, metric in of("metrics", "resourceMetrics", "scopeMetrics"):
    points = metric[kind := "sum" if "sum" in metric else "gauge"]["dataPoints"]
    assert re.fullmatch("leat_[a-z_]+", metric["name"]) and metric["description"] and metric["unit"] in ("1", "s", "By"), metric
    if kind == "sum": assert metric["sum"]["aggregationTemporality"] == 2 and metric["sum"]["isMonotonic"] is True
    for point in points:
        assert int(point["startTimeUnixNano"]) <= int(point["timeUnixNano"]) and isinstance(point["timeUnixNano"], str)
        assert isinstance(point["asInt"], str) if "asInt" in point else isinstance(point["asDouble"], float), point
    metrics.setdefault(about["leat.process"], {})[metric["name"]] = points
assert set(metrics) == {"run", "node", "coordinator"}, set(metrics)
turned = [point for point in metrics["run"]["leat_stage_visits_total"]
          if {"key": "stage", "value": {"stringValue": "turn"}} in point["attributes"]]
assert int(turned[0]["asInt"]) > 0, turned
assert int(metrics["node"]["leat_node_jobs_started_total"][0]["asInt"]) == 1
assert "leat_cluster_nodes" in metrics["coordinator"]
spans = {}
for about, span in of("traces", "resourceSpans", "scopeSpans"):
    assert re.fullmatch("[0-9a-f]{32}", span["traceId"]) and re.fullmatch("[0-9a-f]{16}", span["spanId"]), span
    assert int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"]) and span["kind"] == 1 and span["status"] == {}, span
    spans.setdefault(about["leat.process"], {})[span["name"]] = span
assert {"job spin", "stage endless", "stage turn", "stage keep"} == set(spans["run"]), set(spans["run"])
assert {"job spin", "running", "committing"} <= set(spans["coordinator"]), set(spans["coordinator"])
for of_process, part in (("run", "stage turn"), ("coordinator", "running")):
    whole = spans[of_process]["job spin"]
    assert spans[of_process][part]["traceId"] == whole["traceId"]
    assert spans[of_process][part]["parentSpanId"] == whole["spanId"]
TOLD
rm -f out/kept

# Gone, or with a 404: one warning, and the run ends as it would.
end_collector
train=(regression run --data "$flights" --out out/model)
for status_of in gone 404; do
  [[ $status_of == gone ]] || begin_collector 404 || finish
  run_program "${train[@]}" --otlp "$collector"
  ((status == 0)) || complain "a run whose collector is $status_of: $err"
  [[ $(grep -c "regression: warning: the collector is not told: " <<<"$err") == 1 ]] || complain "a run whose collector is $status_of says: $err"
  run_program "${train[@]}" --otlp "$collector" --quiet
  [[ $status == 0 && $err != *collector* ]] || complain "a quiet run whose collector is $status_of says: $err"
  rm -f out/model
done
end_collector
fails 2 "--otlp https://127.0.0.1: https is not spoken here" -- "${train[@]}" --otlp https://127.0.0.1
fails 2 "--otlp nowhere: must be an address such as http://127.0.0.1:4318" -- "${train[@]}" --otlp nowhere
finish
