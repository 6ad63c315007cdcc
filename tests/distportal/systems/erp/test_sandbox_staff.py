"""The staff page: nobody gets in without the token, and its buttons work."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from distportal.systems.erp.sandbox_rest import SandboxErp
from tests.distportal.systems.erp.drafts import accepted, draft
from tests.sandbox import SandboxProcess


@pytest.fixture
def browser(sandbox_erp: SandboxProcess) -> Iterator[httpx.Client]:
    """A browser on the ERP."""
    with httpx.Client(base_url=sandbox_erp.url, follow_redirects=True) as client:
        yield client


def test_without_signing_in_no_order_is_shown_and_no_button_works(
    browser: httpx.Client, erp: SandboxErp, sandbox_erp: SandboxProcess
) -> None:
    state = accepted(erp, draft())
    assert state.number not in browser.get("/staff").text
    browser.post("/staff/ship", data={"order": state.number})
    assert browser.post("/staff/login", data={"token": "wrong"}).status_code == 401
    assert sandbox_erp.orders(state.order_key)[0]["status"] == "RELEASED"


def test_ship_short_and_bill_from_the_page(browser: httpx.Client, erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    state = accepted(erp, draft())
    sandbox_erp.faults({"kind": "latency", "count": 5, "match": {"path_regex": "/nothing"}})
    page = browser.post("/staff/login", data={"token": sandbox_erp.token})
    assert state.number in page.text
    assert "Fault plan active" in page.text
    browser.post("/staff/short-ship", data={"order": state.number, "line": "1", "quantity": "1"})
    assert "Invoiced: 9" in browser.post("/staff/invoice", data={"order": state.number}).text
    order = sandbox_erp.orders(state.order_key)[0]
    assert (order["status"], order["lines"][0]["shipped"]) == ("INVOICED", 1)
    assert browser.post("/staff/ship", data={"order": state.number}).status_code == 409


def test_what_an_order_says_is_shown_as_text(
    browser: httpx.Client, erp: SandboxErp, sandbox_erp: SandboxProcess
) -> None:
    erp.advance_order(draft(customer_po="<script>alert(1)</script>"), None)
    page = browser.post("/staff/login", data={"token": sandbox_erp.token})
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
