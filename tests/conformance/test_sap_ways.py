"""What only SAP Gateway does: CSRF tokens, locks, ETags, busy work processes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from distportal.systems.errors import AuthFailed, Conflict, Transient, UnknownOutcome
from tests.conformance.conftest import only, settled
from tests.conformance.worlds.base import World
from tests.conformance.worlds.sap import SapWorld

pytestmark = only("sap_odata")
CREATE = {"method": "POST", "match": "A_SalesOrder"}


@pytest.fixture
def sap(world: World) -> SapWorld:
    """The world as what it is."""
    assert isinstance(world, SapWorld)
    return world


def posts(sap: SapWorld) -> list[int]:
    """The statuses of the latest attempts to save an order, newest first."""
    return [r["status"] for r in sap.process.requests() if r["method"] == "POST" and "A_SalesOrder" in r["path"]]


def test_a_lost_csrf_token_is_fetched_again_and_the_order_sent_once_more(
    sap: SapWorld, evidence: Callable[[str], None]
) -> None:
    erp = sap.erp()
    settled(erp, sap.draft())
    wanted = sap.draft()
    sap.process.fault(**CREATE, scenario="csrf", count=1)
    assert settled(erp, wanted).stage == "accepted"
    assert posts(sap)[:2] == [201, 403]
    assert len(sap.held(wanted.order_key)) == 1
    evidence("CSRF 403, token fetched again, order saved once")


def test_two_refused_tokens_mean_nothing_was_written(sap: SapWorld) -> None:
    wanted = sap.draft()
    sap.process.fault(**CREATE, scenario="csrf", count=2)
    with pytest.raises(Transient) as caught:
        sap.erp().advance_order(wanted, None)
    assert caught.value.code == "erp.csrf"
    assert sap.held(wanted.order_key) == []


def test_a_403_that_is_not_about_the_token_stops_the_connection(sap: SapWorld) -> None:
    sap.process.fault(**CREATE, scenario="forbidden", count=1)
    with pytest.raises(AuthFailed):
        sap.erp().advance_order(sap.draft(), None)


def test_a_locked_document_is_tried_again_later(sap: SapWorld) -> None:
    wanted = sap.draft()
    sap.process.fault(**CREATE, scenario="lock", count=1)
    with pytest.raises(Transient) as caught:
        sap.erp().advance_order(wanted, None)
    assert caught.value.code == "erp.busy"
    assert sap.held(wanted.order_key) == []
    assert settled(sap.erp(), wanted).stage == "accepted"


def test_no_work_process_on_a_write_is_unknown_all_the_same(sap: SapWorld) -> None:
    wanted = sap.draft()
    sap.process.fault(**CREATE, scenario="busy", count=1)
    with pytest.raises(UnknownOutcome):
        sap.erp().advance_order(wanted, None)
    assert sap.held(wanted.order_key) == []


def test_an_order_changed_since_it_was_read_is_not_deleted(sap: SapWorld) -> None:
    erp, wanted = sap.erp(), sap.draft()
    settled(erp, wanted)
    sap.process.fault(method="DELETE", match="A_SalesOrder", scenario="precondition", count=1)
    with pytest.raises(Conflict) as caught:
        erp.request_cancel(wanted.order_key, "no longer needed")
    assert caught.value.code == "erp.stale"
    assert len(sap.held(wanted.order_key)) == 1
    assert erp.request_cancel(wanted.order_key, "no longer needed").stage == "cancelled"
    assert sap.held(wanted.order_key) == []


def test_a_note_with_quotes_and_a_key_with_one_survive(sap: SapWorld) -> None:
    wanted = sap.draft(note="ring O'Brien's bell\nand wait", customer_po="PO 'x'")
    state = settled(sap.erp(), wanted)
    assert state.content_hash == wanted.content_hash
    assert sap.erp().find_order("NL-O'BRIEN") == []
