"""The headers that keep a browser from being used against a person are on every answer there is."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.architecture.routes import routes
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
WANTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ELSEWHERE = (
    "/accounts/login/", "/accounts/password/reset/", "/admin/", "/admin/login/", "/api/v1/orders/", "/api/reference/",
    "/api/v1/schema", "/nothing/here/", "/favicon.ico",
)  # fmt: skip


LOOSER = {
    "/admin/": ["script-src 'self' 'unsafe-eval'"],
    "/admin/login/": ["script-src 'self' 'unsafe-eval'"],
}
"""The back office's theme evaluates expressions: docs/architecture.md."""
FRAMED = "/invoices/nothing/pdf/"
"""Our own page of the invoice shows it in a frame."""


def lacking(answer: HttpResponse) -> list[str]:
    wrong = [name for name, value in WANTED.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    if "frame-ancestors 'none'" not in policy or "object-src 'none'" not in policy or "base-uri 'self'" not in policy:
        wrong.append("Content-Security-Policy")
    scripts = policy.partition("script-src")[2].partition(";")[0]
    if "unsafe" in scripts or "*" in scripts:
        wrong.append(f"script-src{scripts}")
    return wrong


def test_a_stranger_gets_them_everywhere() -> None:
    client = Client()
    addresses = [*routes().values(), *ELSEWHERE]
    assert len(addresses) > 150
    found = {address: lacking(client.get(address)) for address in addresses}  # type: ignore[arg-type]
    framed = client.get(FRAMED).headers
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
    assert found.pop(FRAMED) == ["X-Frame-Options", "Content-Security-Policy"]
    assert {address: wrong for address, wrong in found.items() if wrong} == LOOSER


def test_whoever_signed_in_gets_them_and_no_page_is_kept_by_others(cast: Cast) -> None:
    client = signed_in(cast.agent)
    for address in ("/", "/desk/", "/orders/", "/dealers/", "/nothing/here/"):
        answer = client.get(address)
        assert lacking(answer) == [], address  # type: ignore[arg-type]
        assert "Cookie" in answer.headers["Vary"], address
