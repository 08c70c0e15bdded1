#!/usr/bin/env python3
"""manifests.py DEPLOY: reads the YAML files of DEPLOY as those they are for would: every key known where it
stands and of the right type, and what names another thing names one that is there."""
import pathlib
import re
import sys

import yaml

DEPLOY = pathlib.Path(sys.argv[1])
wrong = []

TEXTS, NAMED, WHOLE, FLAG = [str], {"*": str}, int, bool
PROBE = {"exec": {"command": TEXTS}, "periodSeconds": WHOLE, "timeoutSeconds": WHOLE}
CONTAINER = {
    "name": str, "image": str, "command": TEXTS,
    "env": [{"name": str, "value": str, "valueFrom": {"fieldRef": {"fieldPath": str}}}],
    "ports": [{"name": str, "containerPort": WHOLE}],
    "livenessProbe": PROBE, "readinessProbe": PROBE,
    "lifecycle": {"preStop": {"exec": {"command": TEXTS}}},
    "volumeMounts": [{"name": str, "mountPath": str, "readOnly": FLAG}],
}
POD = {
    "terminationGracePeriodSeconds": WHOLE,
    "securityContext": {"runAsNonRoot": FLAG, "runAsUser": WHOLE, "fsGroup": WHOLE},
    "containers": [CONTAINER],
    "volumes": [{"name": str, "secret": {"secretName": str, "defaultMode": WHOLE}}],
}
TOP = {"apiVersion": str, "kind": str, "metadata": {"name": str}}
KUBERNETES = {
    "Service": {**TOP, "spec": {"selector": NAMED, "clusterIP": str, "ports": [{"name": str, "port": WHOLE}]}},
    "StatefulSet": {**TOP, "spec": {
        "serviceName": str, "replicas": WHOLE, "podManagementPolicy": str, "selector": {"matchLabels": NAMED},
        "template": {"metadata": {"labels": NAMED}, "spec": POD}}},
}
CHECK = {"test": TEXTS, "interval": str, "timeout": str, "start_period": str}
SERVICE = {
    "image": str, "user": str, "depends_on": {"*": {"condition": str}}, "volumes": TEXTS, "environment": NAMED,
    "entrypoint": TEXTS, "command": TEXTS, "stop_grace_period": str, "healthcheck": CHECK, "deploy": {"replicas": WHOLE},
}
COMPOSE = {"x-leat": SERVICE, "services": {"*": SERVICE}, "volumes": {"*": type(None)}}


def expect(true, sentence):
    if not true:
        wrong.append(sentence)


def check(value, shape, where):
    if isinstance(shape, dict):
        expect(isinstance(value, dict), f"{where} is no map")
        for key, inner in value.items() if isinstance(value, dict) else ():
            known = shape.get(key, shape.get("*"))
            expect(known is not None, f"{where}.{key} is not known there")
            if known is not None:
                check(inner, known, f"{where}.{key}")
    elif isinstance(shape, list):
        expect(isinstance(value, list) and value, f"{where} is no list")
        for number, inner in enumerate(value if isinstance(value, list) else ()):
            check(inner, shape[0], f"{where}[{number}]")
    else:
        expect(type(value) is shape, f"{where} is {value!r}, which is no {shape.__name__}")


def kubernetes():
    documents = list(yaml.safe_load_all((DEPLOY / "kubernetes/leat.yaml").read_text()))
    services, sets = ({d["metadata"]["name"]: d["spec"] for d in documents if d["kind"] == kind}
                      for kind in ("Service", "StatefulSet"))
    expect(len(services) + len(sets) == len(documents), "kubernetes: two of one name, or a kind that is neither")
    for document in documents:
        check(document, KUBERNETES[document["kind"]], document["kind"])
        group = {"Service": "v1", "StatefulSet": "apps/v1"}[document["kind"]]
        expect(document["apiVersion"] == group, f"{document['kind']} is not of {group}")
    for name, spec in sets.items():
        labels, pod = spec["template"]["metadata"]["labels"], spec["template"]["spec"]
        service = services.get(spec["serviceName"])
        expect(spec["selector"]["matchLabels"] == labels, f"{name} does not select its own pods")
        expect(service and service["selector"] == labels, f"{name} has no service that selects its pods")
        volumes = {volume["name"] for volume in pod["volumes"]}
        for container in pod["containers"]:
            expect({mount["name"] for mount in container["volumeMounts"]} <= volumes, f"{name} mounts what is not there")
            ports = {port["name"]: port["containerPort"] for port in container["ports"]}
            expect(ports == {port["name"]: port["port"] for port in service["ports"]}, f"{name} and its service differ in ports")
            text = " ".join(container["command"])
            for port in ports.values():
                expect(f":{port}" in text, f"{name} does not listen on {port}")
            given = {variable["name"] for variable in container["env"]} | {"HOSTNAME"}
            commands = text + " ".join(container.get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command", []))
            used = set(re.findall(r"\$(\w+)", commands))
            expect(used <= given, f"{name} uses {used - given}, which it does not set")
            joined = re.findall(r"--(?:join|cluster) ([\w-]+):(\d+)", commands)
            for host, port in joined:
                expect(host in services and services[host]["ports"][0]["port"] == int(port), f"{name} meets {host}:{port}")
            mounted = [mount["mountPath"] for mount in container["volumeMounts"]]
            for variable in container["env"]:
                for path in re.findall(r" (/\S+)", " " + variable.get("value", "")):
                    expect(any(path.startswith(f"{root}/") for root in mounted), f"{name}: {path} is not mounted")


def compose():
    document = yaml.safe_load((DEPLOY / "container/compose.yaml").read_text())
    # `<<` has been merged by the parser.
    check(document, COMPOSE, "compose")
    services = document["services"]
    for name, service in services.items():
        expect(set(service.get("depends_on", {})) <= set(services), f"compose.{name} waits for what is not there")
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            expect(source.startswith(".") or source in document["volumes"], f"compose.{name} mounts {source}")
        text = " ".join(service["command"])
        for host, port in re.findall(r"--(?:join|cluster) ([\w-]+):(\d+)", text):
            expect(f"--listen 0.0.0.0:{port}" in " ".join(services.get(host, {}).get("command", [])), f"{name} meets {host}:{port}")
        expect(not re.search(r"(?<!\$)\$[A-Z(]", text), f"compose.{name}: a single $ is for compose itself: {text}")


kubernetes()
compose()
print("\n".join(wrong) if wrong else "the YAML files are sound")
sys.exit(1 if wrong else 0)
