#!/usr/bin/env python3
"""The expressions of deploy/prometheus and deploy/grafana are ones, and of metrics that leat has.

  expressions.py ROOT    prints what is wrong, and ends with 1; without promtool only the metrics' names are checked
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

METRIC = re.compile(r"\bleat_[a-z_]+\b")


def exposed(root):
    """Names of all metrics, as the sources that expose them have them."""
    text = "".join((root / path).read_text() for path in ("framework/app/metrics.cpp", "framework/runtime/stage_metrics.hpp"))
    return set(METRIC.findall(text))


def expressions(dashboard):
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


def checked(rules):
    """What promtool says against a file of rules; nothing where it is fine."""
    done = subprocess.run(["promtool", "check", "rules", str(rules)], capture_output=True, text=True)
    return [] if done.returncode == 0 else [f"{rules.name}: {done.stdout}{done.stderr}"]


def main():
    root = Path(sys.argv[1])
    alerts = root / "deploy/prometheus/alerts.yaml"
    dashboard = json.loads((root / "deploy/grafana/leat.json").read_text())
    all_of_it = expressions(dashboard)
    wrong = [] if all_of_it else ["the dashboard has no expression"]
    used = set(METRIC.findall(" ".join(all_of_it))) | set(METRIC.findall(" ".join(
        line.split("expr:", 1)[1] for line in alerts.read_text().splitlines() if "expr:" in line)))
    wrong += [f"{name} is used in deploy/, and leat has no such metric" for name in sorted(used - exposed(root))]
    if shutil.which("promtool"):
        wrong += checked(alerts)
        with tempfile.TemporaryDirectory() as folder:
            rules = Path(folder) / "dashboard.json"  # JSON is YAML
            rules.write_text(json.dumps({"groups": [{"name": "panels", "rules": [
                {"record": f"panel:{n}", "expr": expr.replace("$job", ".*")} for n, expr in enumerate(all_of_it)]}]}))
            wrong += checked(rules)
    else:
        print("left out: promtool is not installed, so only the metrics' names are checked")
    print("\n".join(wrong) if wrong else f"{len(all_of_it)} expressions of panels and those of the alerts")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
