"""A code that nobody mapped stops real work, is listed with what waits, and mapped lets the work go on."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from distportal.accounts.models import ShipTo
from distportal.events.errors import RetryLater
from distportal.events.sweeper import work_until_idle
from distportal.observability.actor import acting
from distportal.observability.figures import figures
from distportal.systems.erp import sandbox_codes
from distportal.systems.mapping import settling
from distportal.systems.mapping.errors import BadMapping
from distportal.systems.mapping.importing import apply_import
from distportal.systems.mapping.models import CrossReference, MissingCode, Waiting
from distportal.systems.mapping.settling import ignore_code, map_code, settle_scope
from distportal.systems.mapping.suggesting import suggestions_for
from distportal.systems.mapping.tasks import tidy
from exceptions.choices import CaseStatus
from exceptions.models import Case
from inventory.models import Item, ItemCrossReference
from inventory.process.sync import sync_feed
from orders.models import ErpCommand, Order, OrderVersion
from orders.process.closing import reject_held_order
from orders.process.corrections import correct_order
from orders.process.intake import place_order
from tests.api.conftest import Caller, caller, order_body
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.mappings import mapped
from tests.orders.builders import asked
from tests.posts import crestline
from tests.sandbox import SandboxProcess

__all__ = ["caller", "crestline"]
pytestmark = pytest.mark.django_db


def missing() -> MissingCode:
    return MissingCode.objects.get()


def placed(unit: str = "CS", po: str = "", ship_to: str = "HARBOR-01") -> Order:
    wanted = asked(
        ("FST-10001", "2", unit, None), po=po or f"PO-{uuid.uuid4().hex[:6]}", ship_to=ship_to, channel="api"
    )
    return place_order(order=wanted, source_key=f"t:{uuid.uuid4()}").order


def figure(name: str) -> list[float]:
    return [value for found in figures() if found.name == name for _, value in found.samples]


def test_a_partners_unit_is_mapped_and_its_orders_go_on_and_the_next_needs_nobody(crestline: Post) -> None:
    body = crestline.order(("FST-10001", "2", "20.00"), po="CR-1").replace(b"*2*EA*", b"*2*CS*")
    crestline.take(body)
    order = Order.objects.get()
    assert order.status == "held"
    code = missing()
    assert (code.scope, code.kind, code.side, code.code, code.times) == (
        "partner:CRESTLINE", "unit", "theirs", "CS", 1,
    )  # fmt: skip
    wait = code.waiting.get()
    assert (wait.label, wait.seen_in, wait.account) == (f"{order}, PO CR-1", "EDI order", order.account)
    assert ("CA", "usually case") in [(s.code, s.why) for s in suggestions_for(code)]
    assert figure("portal_failed_mappings") == [1.0]
    with acting("agent@northline.example"):
        map_code(missing_id=code.pk, code="BX", reason="their case is our box")
    work_until_idle()
    order.refresh_from_db()
    assert (order.status, order.lines.get().unit) == ("confirmed", "BX")
    last = OrderVersion.objects.filter(order=order).latest("version")
    assert (last.actor, last.reason) == ("agent@northline.example", "unit CS is mapped to BX")
    assert not Waiting.objects.exists()
    assert figure("portal_failed_mappings") == []
    assert not Case.objects.filter(status__in=CaseStatus.OPEN, subject_id=str(order.pk)).exists()
    crestline.take(crestline.order(("FST-10001", "3", "20.00"), po="CR-2").replace(b"*3*EA*", b"*3*CS*"))
    assert Order.objects.get(po_number="CR-2").status == "confirmed"
    answers = [row[3] for body in crestline.sets("855") for row in body if row[0] == "ACK"]
    assert answers == ["CS", "CS"], "told in their words"


def test_an_accounts_own_item_number_is_kept_where_its_part_numbers_are(
    synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    crm = caller()
    crm.place(order_body("CRM-1", {"buyer_item": "HH-77", "quantity": "2"}), key="first-key")
    code = missing()
    assert (code.scope, code.kind, code.code) == ("account:HARBOR", "item", "HH-77")
    with pytest.raises(BadMapping, match="no item NOPE"):
        map_code(missing_id=code.pk, code="NOPE")
    with acting("agent@northline.example"):
        map_code(missing_id=code.pk, code="FST-10001")
    work_until_idle()
    assert Order.objects.get(po_number="CRM-1").status == "confirmed"
    taught = ItemCrossReference.objects.get()
    assert (taught.item.sku, taught.created_by) == ("FST-10001", "agent@northline.example")
    assert not CrossReference.objects.exists()
    answer = crm.place(order_body("CRM-2", {"buyer_item": "hh 77", "quantity": "2"}), key="other-key")
    assert answer.json()["status"] == "accepted"
    stranger = crm.place({**order_body("CRM-3", {"buyer_item": "HH-77", "quantity": "2"}), "account": "SUMMIT",
                          "ship_to": "SUMMIT-01"}, key="third-key")  # fmt: skip
    assert stranger.json()["status"] == "held", "another dealer's number is his own"


def test_an_item_is_suggested_by_upc_by_the_same_code_and_by_likeness(synced: SandboxProcess, cast: Cast) -> None:
    item = Item.objects.get(sku="FST-10001")
    for code, why in ((item.upc, "the same UPC"), ("fst 10001", "the same code"), ("FST-1001", "alike")):
        row = MissingCode(scope="account:HARBOR", kind="item", side="theirs", code=code)
        assert any(s.why.startswith(why) for s in suggestions_for(row)), code
    first = suggestions_for(MissingCode(scope="account:HARBOR", kind="item", side="theirs", code=item.upc))[0]
    assert first.code == "FST-10001"


def test_an_order_that_came_before_its_item_goes_on_when_the_feed_brings_it(
    cast: Cast, portal_erp: SandboxProcess
) -> None:
    order = placed("EA")
    assert (missing().kind, missing().code) == ("item", "FST-10001")
    for kind in ("item", "stock", "price"):
        sync_feed(kind=kind)
    tidy({})
    work_until_idle()
    order.refresh_from_db()
    assert (order.status, missing().state, missing().answer) == ("confirmed", "mapped", "FST-10001")
    assert not ItemCrossReference.objects.exists(), "it is no word of the buyer's"


def test_by_api_an_accounts_words_are_ours(synced: SandboxProcess, caller: Callable[..., Caller]) -> None:
    mapped("account:HARBOR", "unit", "CS", "BX")
    mapped("account:HARBOR", "ship_to", "STORE-1", "HARBOR-01")
    body = {**order_body("CRM-1", {"sku": "FST-10001", "quantity": "2", "unit": "CS"}), "ship_to": "STORE-1"}
    answer = caller().place(body, key="first-key").json()
    assert (answer["status"], answer["ship_to"], answer["lines"][0]["unit"]) == ("accepted", "HARBOR-01", "BX")


def test_a_command_that_the_erp_cannot_take_goes_on_when_its_code_is_mapped(synced: SandboxProcess, cast: Cast) -> None:
    ShipTo.objects.create(account=cast.harbor, code="HARBOR-09", name="New shop", street="", city="", region="CA",
                          postcode="")  # fmt: skip
    order = placed("EA", ship_to="HARBOR-09")
    work_until_idle()
    command = ErpCommand.objects.get(order=order)
    assert (command.state, command.error_code) == ("rejected", "erp.unmapped_ship_to")
    code = missing()
    assert (code.scope, code.kind, code.side, code.code) == ("erp:default", "ship_to", "ours", "HARBOR-09")
    assert code.waiting.get().amount == order.total > 0
    map_code(missing_id=code.pk, code="C4001-02")
    work_until_idle()
    command.refresh_from_db()
    assert command.state == "confirmed"
    assert [o["ship_to"] for o in synced.orders(command.order_key)] == ["C4001-02"]
    assert not Waiting.objects.exists()
    assert not Case.objects.filter(kind="erp.refused", status__in=CaseStatus.OPEN).exists()


def test_a_feed_stands_still_tells_once_and_is_read_on_when_the_code_is_mapped(
    cast: Cast, portal_erp: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sandbox_codes._UNITS_BACK, "SCH")
    for _ in range(2):
        with pytest.raises(RetryLater) as told:
            sync_feed(kind="item")
    assert told.value.counts is False
    assert not Item.objects.exists()
    code = missing()
    assert (code.scope, code.kind, code.side, code.code, code.times) == ("erp:default", "unit", "theirs", "SCH", 2)
    [case] = Case.objects.filter(kind="erp.feed_stopped")
    assert (case.occurrences, case.status) == (2, "new")
    map_code(missing_id=code.pk, code="BX")
    work_until_idle()
    assert Item.objects.get(sku="FST-10001").pack_unit == "BX"
    case.refresh_from_db()
    assert (case.status, case.resolution) == ("resolved", "by_event")
    assert not Waiting.objects.exists()


def test_what_a_person_settles_another_way_waits_no_more(synced: SandboxProcess, cast: Cast) -> None:
    corrected, rejected, stays = placed(), placed(), placed()
    assert missing().times == 3
    correct_order(order_id=corrected.pk, version=1, changes={"line.1.unit": "BX"}, reason="asked", actor="ana")
    reject_held_order(order_id=rejected.pk, reason="not sold so")
    assert [w.subject_id for w in Waiting.objects.all()] == [str(stays.pk)]
    assert missing().state == "open"


def test_a_code_left_unmapped_is_counted_on_and_not_listed(synced: SandboxProcess, cast: Cast) -> None:
    order = placed()
    with pytest.raises(BadMapping):
        ignore_code(missing_id=missing().pk, reason=" ")
    ignore_code(missing_id=missing().pk, reason="a typing error")
    placed()
    code = missing()
    assert (code.state, code.times, code.waiting.count()) == ("ignored", 2, 2)
    order.refresh_from_db()
    assert order.status == "held"
    map_code(missing_id=code.pk, code="BX")
    work_until_idle()
    assert set(Order.objects.values_list("status", flat=True)) == {"confirmed"}


def test_an_order_with_two_missing_codes_goes_on_with_the_second(synced: SandboxProcess, cast: Cast) -> None:
    order = placed("CS", ship_to="NOWHERE")
    unit, place = MissingCode.objects.get(kind="unit"), MissingCode.objects.get(kind="ship_to")
    map_code(missing_id=unit.pk, code="BX")
    work_until_idle()
    order.refresh_from_db()
    assert order.status == "held"
    assert [w.missing_id for w in Waiting.objects.all()] == [place.pk]
    map_code(missing_id=place.pk, code="HARBOR-01")
    work_until_idle()
    order.refresh_from_db()
    assert (order.status, order.version) == ("confirmed", 3)


def test_a_table_from_a_file_lets_work_go_on_too(synced: SandboxProcess, cast: Cast) -> None:
    order = placed()
    apply_import(content=b"kind,theirs,ours\nunit,CS,BX\n", scope="account:HARBOR")
    work_until_idle()
    order.refresh_from_db()
    code = missing()
    assert (order.status, code.state, code.answer) == ("confirmed", "mapped", "BX")


def test_a_worker_that_dies_in_the_middle_leaves_the_rest_to_the_next(
    synced: SandboxProcess, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [placed() for _ in range(3)]
    going_on = settling._resume
    done: list[int] = []

    def dies(row: Waiting) -> bool:
        if done:
            raise SystemExit
        done.append(row.pk)
        return going_on(row)

    map_code(missing_id=missing().pk, code="BX")
    monkeypatch.setattr(settling, "_resume", dies)
    with pytest.raises(SystemExit):
        settle_scope(scope="account:HARBOR")
    monkeypatch.setattr(settling, "_resume", going_on)
    assert Waiting.objects.count() == 2
    tidy({})
    assert not Waiting.objects.exists()
    assert [OrderVersion.objects.filter(order=order).count() for order in orders] == [2, 2, 2], "each once"


def test_who_corrects_at_the_same_moment_wins_and_the_wait_says_why(
    synced: SandboxProcess, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orders.process import going_on

    order = placed()

    def after_somebody(**kwargs: Any) -> Any:
        Order.objects.filter(pk=order.pk).update(version=2)
        return correct_order(**kwargs)

    monkeypatch.setattr(going_on, "correct_order", after_somebody)
    map_code(missing_id=missing().pk, code="BX")
    work_until_idle()
    order.refresh_from_db()
    assert (order.status, order.canonical["lines"][0]["unit"]) == ("held", "CS")
    assert "was changed meanwhile" in Waiting.objects.get().trouble
    monkeypatch.setattr(going_on, "correct_order", correct_order)
    tidy({})
    order.refresh_from_db()
    assert (order.status, Waiting.objects.count()) == ("accepted", 0)


def test_many_that_wait_go_on_in_turns(synced: SandboxProcess, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "AT_ONCE", 2)
    for _ in range(5):
        placed()
    map_code(missing_id=missing().pk, code="BX")
    work_until_idle()
    assert set(Order.objects.values_list("status", flat=True)) == {"confirmed"}
