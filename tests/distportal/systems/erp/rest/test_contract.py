"""The published contract is a valid document, and replies that break it are told apart from silence."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from distportal.systems.erp.rest.adapter import RestErp
from distportal.systems.erp.rest.settings import RestSettings
from distportal.systems.errors import (
    AuthFailed,
    Misconfigured,
    OutOfStep,
    Rejected,
    SystemCallError,
    UnknownOutcome,
    Unmapped,
)
from tests.distportal.systems.erp.drafts import draft
from tests.erp_peers.rest_contract import CONTRACT, ContractError, check_reply, check_request


def test_the_contract_is_a_valid_document() -> None:
    assert CONTRACT["openapi"].startswith("3.1")
    for name, schema in CONTRACT["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert name in json.dumps(CONTRACT["paths"]) + json.dumps(CONTRACT["components"])
    operations = [op for item in CONTRACT["paths"].values() for name, op in item.items() if name != "parameters"]
    assert len({op["operationId"] for op in operations}) == len(operations) == 9
    assert all("default" in op["responses"] for op in operations)


def test_every_reference_in_the_contract_leads_somewhere() -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from (value for key, value in node.items() if key == "$ref")
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    for reference in references(CONTRACT):
        if reference.startswith("#/"):
            place = CONTRACT
            for step in reference[2:].split("/"):
                place = place[step]


@contextmanager
def answering(status: int, body: bytes, **headers: str) -> Iterator[RestErp]:
    """An adapter in front of a server that always gives this answer."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        do_PUT = do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield RestErp(RestSettings(url=f"http://127.0.0.1:{server.server_address[1]}", secret="s"))
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "error", "code"),
    [
        (200, b'{"orders": [{"order_key": "NL-1"}]}', Misconfigured, "erp.contract_broken"),
        (200, b'{"nothing": 1}', Misconfigured, "erp.contract_broken"),
        (302, b"", Misconfigured, "erp.redirected"),
        (404, b"<html>", Misconfigured, "erp.not_found"),
        (404, b'{"code": "order_gone"}', Rejected, "erp.order_gone"),
        (403, b"", AuthFailed, "erp.auth"),
        (410, b'{"code": "cursor_unknown"}', OutOfStep, "erp.cursor_unknown"),
        (422, b'{"code": "unmapped_item", "detail": "no PLB-1"}', Misconfigured, "erp.unmapped_item"),
        (422, b'{"code": "unmapped_item", "detail": "no PLB-1", "value": "PLB-1"}', Unmapped, "erp.unmapped_item"),
    ],
)
def test_what_a_reply_to_a_read_means(status: int, body: bytes, error: type[SystemCallError], code: str) -> None:
    with answering(status, body, Location="http://127.0.0.1:9/") as erp, pytest.raises(error) as caught:
        erp.find_order("NL-1")
    assert caught.value.code == code


OTHER = {"order_key": "NL-2", "erp_id": "1", "number": "1", "stage": "accepted", "total": "1", "content_hash": "x",
         "as_of": "2026-11-25T10:00:00+00:00", "lines": []}  # fmt: skip


@pytest.mark.parametrize("body", [b'{"stage": "accepted"}', b"[]", b"<html>", b"", json.dumps(OTHER).encode()])
def test_an_answer_to_a_write_that_is_not_as_agreed_is_unknown(body: bytes) -> None:
    wanted = draft()
    with answering(200, b'{"orders": []}') as reading:
        assert reading.find_order(wanted.order_key) == []
    with answering(200, body) as erp, pytest.raises(UnknownOutcome) as caught:
        erp._written("PUT", "NL-1", "", {})
    assert caught.value.code == "erp.no_verdict"


def test_an_order_under_another_key_is_not_taken_for_the_asked_one() -> None:
    with answering(200, json.dumps({"orders": [OTHER]}).encode()) as erp, pytest.raises(Misconfigured) as caught:
        erp.find_order("NL-1")
    assert caught.value.code == "erp.contract_broken"


def test_the_contract_judges_both_sides() -> None:
    with pytest.raises(ContractError, match="customer"):
        check_request("PUT", "/v1/orders/NL-1", {"content_hash": "x"})
    with pytest.raises(ContractError, match="order_key"):
        check_reply("PUT", "/v1/orders/NL-1", 200, {"stage": "maybe"})
    with pytest.raises(ContractError, match="no DELETE"):
        check_request("DELETE", "/v1/orders/NL-1", {})
