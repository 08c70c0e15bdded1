"""The OpenAPI description of a service, and answers held against it."""

import re

from jsonschema import Draft202012Validator


class Description:
    """`api`: what /api/v1/openapi.json answers."""

    def __init__(self, api):
        Draft202012Validator.check_schema(api["components"]["schemas"])
        self.api = api
        self.paths = [(re.compile(re.sub(r"\{[^}]*\}", "[^/]+", pattern) + "$"), methods) for pattern, methods in api["paths"].items()]

    def check(self, method, path, status, content):
        """Raises AssertionError where the answer is not as described; `content`: JSON, or None."""
        found = [methods for pattern, methods in self.paths if pattern.match(path.split("?")[0])]
        # What is nowhere, and what nobody may ask, is refused before it has a route.
        if not found or method.lower() not in found[0] and not (method == "HEAD" and "get" in found[0]):
            assert status >= 400, f"{method} {path} answers {status} and is not described"
            return
        operation = found[0]["get" if method == "HEAD" else method.lower()]
        good = str(status) in operation["responses"]
        assert good or status >= 300 or status == 206, f"{method} {path} answers {status}, described are {list(operation['responses'])}"
        described = operation["responses"][str(status) if good else "default"]
        schema = described.get("content", {}).get("application/json", {}).get("schema")
        if content is None or status == 206 or schema is None:
            return
        wrong = list(Draft202012Validator({**schema, "components": self.api["components"]}).iter_errors(content))
        assert not wrong, f"{method} {path} answers {status} with {str(content)[:300]}: {wrong[0].message}"
