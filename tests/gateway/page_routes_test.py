#!/usr/bin/python3
"""page_routes_test.py PROGRAMS [TEST...]: the files of the page and of panels, as any client is given them."""

import re

from made import delays, run, spinning


def a_panel_is_named_and_open():
    service = delays()
    try:
        panels = service.ask("GET", "/api/v1/panels")[2]
        assert panels == {"panels": [{"name": "Longest", "module": "/panels/Longest"}]}, panels
        status, fields, module = service.ask("GET", "/panels/Longest", token=False)
        assert status == 200 and fields["Content-Type"].startswith("text/javascript") and b"export default" in module, fields
        assert service.ask("GET", "/panels/x", token=False)[0] == 404
    finally:
        service.end()


def the_page_is_open_and_keeps_to_its_origin():
    service = spinning()
    try:
        status, fields, page = service.ask("GET", "/", token=False)
        assert status == 200 and fields["Content-Type"] == "text/html; charset=utf-8" and page.startswith(b"<!doctype html>"), fields
        policy = dict(one.strip().split(" ", 1) for one in fields["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'", policy
        assert all(policy[one] == "'self'" for one in ("script-src", "style-src", "connect-src", "worker-src")), policy
        assert fields["X-Content-Type-Options"] == "nosniff" and "unsafe" not in fields["Content-Security-Policy"]
        for asset in re.findall(rb'(?:src|href)="(/[^"]+)"', page) + [b"/assets/licences.txt", b"/assets/layout.js"]:
            status, fields, content = service.ask("GET", asset.decode(), token=False)
            assert status == 200 and content and "Content-Security-Policy" in fields, (asset, fields)
            assert service.ask("GET", asset.decode(), token=False, headers={"If-None-Match": fields["ETag"]})[0] == 304
        assert service.ask("GET", "/assets/..%2Fpage.hpp", token=False)[0] == 404
        assert service.ask("GET", "/assets/none.js", token=False)[0] == 404
        assert service.ask("POST", "/", token=False)[0] == 405
    finally:
        service.end()


run([a_panel_is_named_and_open, the_page_is_open_and_keeps_to_its_origin])
