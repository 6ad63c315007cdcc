"""What the adapter says when the ERP misbehaves, and what the ERP then holds."""

from __future__ import annotations

import pathlib
import time
from collections.abc import Callable
from typing import TypeVar

import pytest

from distportal.systems.erp.sandbox_rest import SandboxErp
from distportal.systems.errors import Transient, UnknownOutcome
from tests.distportal.systems.erp.drafts import accepted, draft
from tests.sandbox import SandboxProcess

CREATE = {"method": "POST", "path_regex": "^/orders$"}
T = TypeVar("T")


def once(found: Callable[[], list[T]]) -> list[T]:
    """What is found, as soon as it is there."""
    ends = time.monotonic() + 30
    while not (there := found()) and time.monotonic() < ends:
        time.sleep(0.05)
    return there


@pytest.mark.parametrize("kind", ["commit_then_drop", "commit_then_500", "reset_mid_body", "truncated_json"])
def test_a_lost_verdict_is_unknown_and_the_order_is_there_once(
    erp: SandboxErp, sandbox_erp: SandboxProcess, kind: str
) -> None:
    wanted = draft()
    sandbox_erp.faults({"kind": kind, "match": {**CREATE, "order_key": wanted.order_key}})
    with pytest.raises(UnknownOutcome):
        erp.advance_order(wanted, None)
    assert len(erp.find_order(wanted.order_key)) == 1
    assert [(e["fault"]) for e in sandbox_erp.ledger(wanted.order_key) if e["method"] == "POST"] == [kind]


def test_an_erp_that_commits_after_our_timeout_is_found_later(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    wanted = draft()
    sandbox_erp.faults({"kind": "hang_then_commit", "seconds": 60, "match": CREATE})
    with pytest.raises(UnknownOutcome):
        erp.advance_order(wanted, None)
    assert erp.find_order(wanted.order_key) == []
    sandbox_erp.faults()  # what hangs goes on
    assert len(once(lambda: erp.find_order(wanted.order_key))) == 1


def test_503_is_unknown_on_a_write_and_transient_on_a_read(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    wanted = draft()
    sandbox_erp.faults({"kind": "503", "match": CREATE}, {"kind": "503", "match": {"method": "GET"}, "count": 1})
    with pytest.raises(Transient) as read:
        erp.find_order(wanted.order_key)
    assert read.value.code == "erp.server_error"
    with pytest.raises(UnknownOutcome):
        erp.advance_order(wanted, None)
    assert sandbox_erp.orders(wanted.order_key) == []


def test_429_wrote_nothing_and_says_when_to_come_back(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    wanted = draft()
    sandbox_erp.faults({"kind": "429", "seconds": 3, "match": CREATE})
    with pytest.raises(Transient) as caught:
        erp.advance_order(wanted, None)
    assert caught.value.retry_after == 3
    assert sandbox_erp.orders(wanted.order_key) == []
    assert erp.advance_order(wanted, None).stage == "draft"


def test_a_lost_step_is_taken_up_where_the_erp_stands(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    wanted = draft()
    made = erp.advance_order(wanted, None)
    sandbox_erp.faults({"kind": "commit_then_drop", "match": {"path_regex": "/confirm$"}})
    with pytest.raises(UnknownOutcome):
        erp.advance_order(wanted, made)
    assert erp.advance_order(wanted, made).raw_state == "CONFIRMED"
    assert erp.advance_order(wanted, erp.find_order(wanted.order_key)[0]).stage == "accepted"


def test_unique_references_hold_against_a_blind_repeat(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    sandbox_erp.configure(unique_reference=True)
    wanted = draft()
    accepted(erp, wanted)
    body = {"reference": wanted.order_key, "content_hash": "hash-1", "customer": "C4001", "ship_to": "C4001-01",
            "lines": [{"posex": "1", "matnr": "30-000001", "quantity": 1, "unit": "ST", "price": "1"}]}  # fmt: skip
    with pytest.raises(Exception, match="409"):
        sandbox_erp.post("/orders", body)
    assert len(sandbox_erp.orders(wanted.order_key)) == 1


def test_a_late_commit_with_an_old_stamp_is_not_lost(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    late, early = draft(), draft()
    sandbox_erp.faults({"kind": "hang_then_commit", "seconds": 60, "match": {**CREATE, "order_key": late.order_key}})
    with pytest.raises(UnknownOutcome):
        erp.advance_order(late, None)
    erp.advance_order(early, None)
    cursor = None
    while (page := erp.changes("order", cursor, 500)).more:
        cursor = page.next_cursor
    assert late.order_key not in {c.payload["order_key"] for c in page.changes}
    sandbox_erp.faults()
    once(lambda: erp.find_order(late.order_key))
    assert late.order_key in {c.payload["order_key"] for c in erp.changes("order", page.next_cursor, 500).changes}


def test_a_killed_erp_refuses_and_keeps_what_it_had(tmp_path: pathlib.Path) -> None:
    process = SandboxProcess(tmp_path)
    process.start()
    erp, wanted = SandboxErp(url=process.url, token=process.token), draft()
    try:
        erp.advance_order(wanted, None)
        process.kill()
        with pytest.raises(Transient) as caught:
            erp.find_order(wanted.order_key)
        assert caught.value.code in ("erp.unreachable", "erp.no_answer")
        process.start()
        assert len(erp.find_order(wanted.order_key)) == 1
    finally:
        process.stop()
