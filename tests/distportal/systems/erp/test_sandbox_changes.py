"""request_change of the sandbox ERP: absolute, once, and never below what has left."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from distportal.canonical.base import content_hash
from distportal.systems.erp.port import DraftLine, OrderDraft
from distportal.systems.erp.sandbox_rest import SandboxErp
from distportal.systems.errors import Conflict, Rejected
from tests.distportal.systems.erp.drafts import accepted, draft, line
from tests.sandbox import SandboxProcess


def changed(base: OrderDraft, *lines: DraftLine) -> OrderDraft:
    found = replace(base, lines=lines, content_hash="")
    return replace(found, content_hash=content_hash(found))


def test_a_change_asked_twice_is_done_once(erp: SandboxErp) -> None:
    first = draft(line(quantity=10))
    accepted(erp, first)
    second = changed(first, line(quantity=4))
    once, twice = (erp.request_change(second, first.content_hash) for _ in range(2))
    assert (once.stage, once.lines[0].quantity, once.content_hash) == ("accepted", Decimal(4), second.content_hash)
    assert twice.lines == once.lines


def test_a_change_of_what_is_no_more_there_is_a_conflict(erp: SandboxErp) -> None:
    first = draft(line(quantity=10))
    accepted(erp, first)
    erp.request_change(changed(first, line(quantity=4)), first.content_hash)
    with pytest.raises(Conflict) as caught:
        erp.request_change(changed(first, line(quantity=5)), first.content_hash)
    assert caught.value.code == "erp.content_differs"
    assert erp.find_order(first.order_key)[0].lines[0].quantity == Decimal(4)


def test_stock_follows_and_deleted_lines_are_gone(erp: SandboxErp) -> None:
    def available(sku: str) -> int:
        page = next(iter(erp.snapshot("stock", {"sku": sku, "warehouse": "RENO"})))
        return int(page[0].payload["available"])

    before = available("HTL-40001")
    first = draft(line(key="1", sku="HTL-40001", quantity=6), line(key="2", sku="HTL-40001", quantity=3))
    accepted(erp, first)
    assert available("HTL-40001") == before - 9
    state = erp.request_change(changed(first, line(key="1", sku="HTL-40001", quantity=2)), first.content_hash)
    assert [ln.line_key for ln in state.lines] == ["1"]
    assert available("HTL-40001") == before - 2


def test_what_has_left_cannot_be_changed_away(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    first = draft(line(key="1", sku="HTL-40001", quantity=6), line(key="2", sku="PLB-30003", quantity=3))
    number = accepted(erp, first).number
    sandbox_erp.ship(number)
    less = changed(first, line(key="1", sku="HTL-40001", quantity=5), line(key="2", sku="PLB-30003", quantity=3))
    with pytest.raises(Rejected) as caught:
        erp.request_change(less, first.content_hash)
    assert caught.value.code == "erp.quantity_below_shipped"
    rest = changed(first, line(key="1", sku="HTL-40001", quantity=6))
    assert erp.request_change(rest, first.content_hash).raw_state == "SHIPPED"
    with pytest.raises(Rejected) as caught:
        erp.request_change(changed(first, line(key="1", sku="HTL-40001", quantity=7)), rest.content_hash)
    assert caught.value.code == "erp.state_conflict"


def test_an_order_that_is_not_there_cannot_be_changed(erp: SandboxErp) -> None:
    with pytest.raises(Rejected) as caught:
        erp.request_change(draft(line()), "none")
    assert caught.value.code == "erp.order_unknown"
