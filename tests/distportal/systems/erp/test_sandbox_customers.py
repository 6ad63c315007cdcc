"""A customer is asked for once a while; a place that it has opened since is found at once."""

from __future__ import annotations

import pytest

from distportal.systems.erp import sandbox_rest
from distportal.systems.erp.sandbox_rest import SandboxErp
from distportal.systems.errors import Unmapped
from tests.distportal.systems.erp.drafts import draft
from tests.sandbox import SandboxProcess


def asked(sandbox_erp: SandboxProcess, *, since: int) -> int:
    """How often the ERP was asked for a customer after that line of its ledger."""
    rows = (row for row in sandbox_erp.ledger() if row["id"] > since)
    return sum(row["path"].startswith("/customers") for row in rows)


def test_orders_of_a_while_ask_for_their_customer_once(
    erp: SandboxErp, sandbox_erp: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = max((row["id"] for row in sandbox_erp.ledger()), default=0)
    for _ in range(3):
        assert erp.advance_order(draft(), None).stage == "draft"
    assert asked(sandbox_erp, since=since) == 1
    monkeypatch.setattr(sandbox_rest, "KEPT_SECONDS", 0.0)
    erp.advance_order(draft(), None)
    assert asked(sandbox_erp, since=since) == 2


def test_a_place_that_was_opened_meanwhile_is_found_and_one_that_was_not_is_told(
    erp: SandboxErp, sandbox_erp: SandboxProcess
) -> None:
    erp.advance_order(draft(), None)
    with pytest.raises(Unmapped, match="no ship-to HARBOR-77 of HARBOR"):
        erp.advance_order(draft(ship_to="HARBOR-77"), None)
    sandbox_erp.open_places("HARBOR", ["HARBOR-77"])
    state = erp.advance_order(draft(ship_to="HARBOR-77"), None)
    [order] = sandbox_erp.orders(state.order_key)
    assert order["ship_to"] == "XHARBOR-77"
