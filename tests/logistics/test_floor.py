"""A warehouse system over HTTP on its bad days: lost answers, slow ones, news twice, out of order or unreadable."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.urls import reverse

from distportal.accounts.models import User
from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.events.models import Job
from distportal.events.pauses import pause_kind, resume_kind
from distportal.events.sweeper import work_until_idle
from distportal.systems.connections import save_connection
from distportal.systems.errors import Misconfigured
from distportal.systems.logistics import save_logistics_connection
from distportal.systems.models import LogisticsConnection, SystemCall
from exceptions.registry import case_kind
from inventory.models import FeedCursor
from orders.models import Order, WarehouseAdvice, WarehouseEvent, WarehouseRelease
from orders.process.release_sending import send_release
from orders.process.releasing import plan_releases
from orders.process.warehouse_feed import read_warehouse
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.logistics.conftest import cases, release_of
from tests.logistics.worlds import SITES, RestWorld

pytestmark = pytest.mark.django_db
Place = Callable[..., Order]
PUT = {"method": "PUT", "path_regex": "^/wms/v1/releases/"}
LOOK = {"method": "GET", "path_regex": "^/wms/v1/releases"}


def puts(floor: RestWorld, reference: str) -> list[int]:
    """The status of every PUT that reached the warehouse."""
    return [row["status"] for row in floor.sandbox.ledger(reference) if row["method"] == "PUT"]


def settle(row: WarehouseRelease) -> WarehouseRelease:
    """The instruction, worked on as the workers would until it is settled."""
    deadline = time.monotonic() + 15
    while row.state in ("pending", "sending", "unknown") and time.monotonic() < deadline:
        try:
            send_release(release_id=row.pk)
        except RetryLater:
            time.sleep(0.15)
        row.refresh_from_db()
    return row


@pytest.mark.parametrize("kind", ["commit_then_drop", "commit_then_500", "truncated_json", "reset_mid_body"])
def test_a_lost_answer_is_looked_up_and_nothing_is_sent_twice(floor: RestWorld, place: Place, kind: str) -> None:
    floor.sandbox.faults({"kind": kind, "count": 1, "match": PUT})
    row = release_of(place())
    assert row.state == "unknown"
    assert settle(row).state == "confirmed"
    assert len(puts(floor, row.reference)) == 1
    assert row.attempts == 1


def test_a_request_that_arrives_late_is_waited_for(floor: RestWorld, place: Place) -> None:
    RestWorld(floor.sandbox, settle_seconds=2.0, write_timeout=0.4)
    floor.sandbox.faults({"kind": "hang_then_commit", "count": 1, "seconds": 1.0, "match": PUT})
    row = settle(release_of(place()))
    assert (row.state, row.attempts) == ("confirmed", 1)
    assert len(puts(floor, row.reference)) == 1


def test_what_never_arrived_is_sent_again_after_two_empty_looks(floor: RestWorld, place: Place) -> None:
    floor.sandbox.faults({"kind": "error_500", "count": 1, "match": PUT})
    row = release_of(place())
    assert row.state == "unknown"
    with pytest.raises(RetryLater):
        send_release(release_id=row.pk)
    assert puts(floor, row.reference) == [500], "not before the settle time"
    assert settle(row).state == "confirmed"
    assert (row.attempts, puts(floor, row.reference)) == (2, [500, 200])


def test_a_worker_that_died_in_the_middle_is_followed_by_a_look_up(floor: RestWorld, place: Place) -> None:
    pause_kind(kind="orders.send_release", reason="hold", actor="x")
    row = release_of(place())
    floor.take(row)
    WarehouseRelease.objects.filter(pk=row.pk).update(state="sending", last_sent_at=database_now())
    row.refresh_from_db()
    assert settle(row).state == "confirmed"
    assert len(puts(floor, row.reference)) == 1


def test_with_the_warehouse_away_the_instruction_waits(floor: RestWorld, place: Place, synced: object) -> None:
    save_logistics_connection(
        name=floor.name, title="Reno floor", kind="wms_rest", settings={"url": "http://127.0.0.1:9/wms"},
        secrets={"token": "env:TEST_WMS_TOKEN"}, serves=SITES,
    )  # fmt: skip
    row = release_of(place())
    assert (row.state, row.attempts) == ("pending", 1)
    job = Job.objects.get(kind="orders.send_release")
    assert job.state == "ready"
    assert "could not be reached, nothing was sent" in job.last_error
    assert cases() == []
    with pytest.raises(RetryLater):
        read_warehouse(connection=floor.name)
    assert "could not be reached" in FeedCursor.objects.get(kind=f"wms:{floor.name}").last_error


def test_what_is_too_late_to_change_is_one_case_and_can_be_sent_again(
    floor: RestWorld, place: Place, cast: Cast
) -> None:
    order = place()
    row = release_of(order)
    floor.staff(row.reference, "ship")
    order.lines.filter(line_no="1").update(confirmed_quantity=Decimal(6))
    plan_releases(order_id=order.pk)
    work_until_idle()
    refused = release_of(order)
    assert (refused.state, refused.error_code) == ("rejected", "wms.too_late")
    [case] = cases()
    assert (case.kind, case.subject_id) == ("warehouse.refused", str(refused.pk))
    assert "did not change" in case.sentence
    page = signed_in(cast.agent).get(reverse("desk:case", args=[case.number])).content.decode()
    assert refused.reference in page
    again = next(action for action in case_kind(case.kind).actions if action.name == "send_again")
    assert again.run(case, {}, "they say they can", cast.agent) == f"{refused.reference} will be sent again"
    work_until_idle()
    refused.refresh_from_db()
    assert (refused.state, refused.attempts) == ("rejected", 2)
    assert [case.occurrences for case in cases()] == [2]


def test_what_was_never_sent_is_rewritten_and_not_sent_in_two_pieces(floor: RestWorld, place: Place) -> None:
    pause_kind(kind="orders.send_release", reason="stocktaking", actor="operator@northline.example")
    order = place()
    first = release_of(order)
    assert first.state == "pending"
    assert plan_releases(order_id=order.pk) == [], "the same again is no news"
    order.lines.filter(line_no="2").update(status="cancelled")
    [second] = plan_releases(order_id=order.pk)
    first.refresh_from_db()
    assert (first.state, second.purpose, second.reference) == ("withdrawn", "original", first.reference)
    resume_kind(kind="orders.send_release", reason="counted", actor="operator@northline.example")
    work_until_idle()
    second.refresh_from_db()
    assert second.state == "confirmed"
    assert floor.asked(second.reference) == [(2, {"1": Decimal(10)})]
    assert len(puts(floor, second.reference)) == 1
    order.lines.update(status="cancelled")
    assert [row.purpose for row in plan_releases(order_id=order.pk)] == ["cancel"]


def test_progress_never_goes_back_and_news_may_come_twice_and_out_of_order(floor: RestWorld, place: Place) -> None:
    row = release_of(place())
    floor.ship(row.reference)
    floor.staff(row.reference, "pack")
    picked = floor.staff(row.reference, "pick")
    floor.hear()
    row.refresh_from_db()
    assert row.stage == "shipped"
    floor.tell(repeat=picked["event_id"])
    floor.hear()
    assert WarehouseEvent.objects.count() == 3
    assert set(WarehouseEvent.objects.values_list("state", flat=True)) == {"used"}
    assert WarehouseAdvice.objects.count() == 1
    assert cases() == []


def test_an_id_told_again_with_other_content_is_a_case_and_the_first_holds(floor: RestWorld, place: Place) -> None:
    row = release_of(place())
    event_id = uuid.uuid4().hex
    floor.tell(kind="picked", reference=row.reference, event_id=event_id)
    floor.tell(kind="packed", reference=row.reference, event_id=event_id)
    floor.hear()
    row.refresh_from_db()
    assert row.stage == "picking"
    [case] = cases()
    assert (case.kind, case.code) == ("warehouse.event", "conflict")


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("shipped", {"number": "WH-1"}),
        ("shipped", {"number": "WH-1", "shipped_on": "soon", "lines": []}),
        ("teleported", {}),
        ("shipped", {"number": "WH-\ufffd", "weight": "NaN", "lines": [1, None, "x"]}),
        ("", {}),
    ],
)
def test_what_cannot_be_read_is_kept_with_one_case_and_holds_up_nothing(
    floor: RestWorld, place: Place, kind: str, payload: dict[str, object]
) -> None:
    row = release_of(place())
    floor.tell(kind=kind, reference=row.reference, payload=payload)
    floor.staff(row.reference, "pick")
    floor.hear()
    bad, good = WarehouseEvent.objects.order_by("recorded_at", "occurred_at")
    assert (bad.state, bad.payload) == ("failed", payload)
    assert good.state == "used"
    assert not WarehouseAdvice.objects.exists()
    [case] = cases()
    assert (case.kind, case.code, case.subject_id) == ("warehouse.event", "unreadable", str(bad.pk))


def test_what_no_database_can_hold_holds_up_nothing(floor: RestWorld, place: Place) -> None:
    row = release_of(place())
    floor.tell(kind="shipped", reference=row.reference, payload={"number": "WH\x00", "lines": ["\x00"]})
    floor.staff(row.reference, "pick")
    floor.hear()
    bad, good = WarehouseEvent.objects.order_by("recorded_at", "occurred_at")
    assert (bad.state, bad.payload["number"]) == ("failed", "WH\ufffd")
    assert good.state == "used"


def test_an_event_that_came_too_early_is_used_when_asked_again(floor: RestWorld, place: Place, cast: Cast) -> None:
    order = place()
    row = release_of(order)
    WarehouseRelease.objects.filter(pk=row.pk).update(reference="SO-NOT-YET")
    floor.ship(row.reference)
    [case] = cases()
    assert case.code == "unknown"
    WarehouseRelease.objects.filter(pk=row.pk).update(reference=row.reference)
    look = next(action for action in case_kind(case.kind).actions if action.name == "look_again")
    assert look.run(case, {}, "", cast.agent) == f"{row.reference} shipped was used"
    assert WarehouseAdvice.objects.get().order == order
    assert cases() == []


def test_work_on_what_was_taken_back_is_one_case(floor: RestWorld, place: Place) -> None:
    order = place()
    row = release_of(order)
    order.lines.update(status="cancelled")
    plan_releases(order_id=order.pk)
    work_until_idle()
    floor.staff(row.reference, "pick")
    floor.staff(row.reference, "pack")
    floor.hear()
    [case] = cases()
    assert (case.kind, case.occurrences) == ("warehouse.after_cancel", 2)
    assert set(WarehouseEvent.objects.values_list("state", flat=True)) == {"late"}
    release = release_of(order)
    assert (release.purpose, release.stage) == ("cancel", "cancelled")


def test_a_warehouse_that_drops_an_order_by_itself_is_one_case(floor: RestWorld, place: Place) -> None:
    row = release_of(place())
    floor.staff(row.reference, "drop")
    floor.hear()
    [case] = cases()
    assert case.kind == "warehouse.dropped"
    row.refresh_from_db()
    assert row.stage == "cancelled"


def test_a_count_is_kept_and_changes_no_stock_of_ours(floor: RestWorld, place: Place) -> None:
    floor.tell(kind="stock_adjusted", payload={"sku": "FST-10001", "quantity": "-3", "unit": "EA", "reason": "broken"})
    floor.tell(kind="stock_adjusted", payload={"sku": "FST-10001"})
    floor.hear()
    good, bad = WarehouseEvent.objects.order_by("recorded_at", "occurred_at")
    assert (good.state, good.finding) == ("used", "-3 EA of FST-10001: broken")
    assert bad.state == "failed"
    assert [case.code for case in cases()] == ["unreadable"]


def test_a_long_feed_is_read_in_pages_and_each_event_once(floor: RestWorld, place: Place) -> None:
    row = release_of(place())
    LogisticsConnection.objects.update(settings={**LogisticsConnection.objects.get().settings, "page_size": 20})
    LogisticsConnection.objects.get().save()
    for _ in range(65):
        floor.tell(kind="picked", reference=row.reference)
    before = SystemCall.objects.filter(call="events").count()
    floor.hear()
    assert WarehouseEvent.objects.count() == 65
    assert SystemCall.objects.filter(call="events").count() - before == 4
    floor.hear()
    assert WarehouseEvent.objects.count() == 65


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_sends(floor: RestWorld, place: Place) -> None:
    pause_kind(kind="orders.send_release", reason="hold", actor="x")
    row = release_of(place())

    def send() -> str:
        try:
            send_release(release_id=row.pk)
        except RetryLater:
            return "later"
        return "done"

    assert "done" in at_once(*[send] * 5)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("confirmed", 1)
    assert len(puts(floor, row.reference)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_readers_each_event_counts_once(floor: RestWorld, place: Place) -> None:
    row = release_of(place())
    floor.staff(row.reference, "pick")
    floor.staff(row.reference, "ship", number="WH-1", short={"1": 2})
    at_once(*[lambda: read_warehouse(connection=floor.name)] * 4)
    assert WarehouseEvent.objects.count() == 2
    assert WarehouseAdvice.objects.count() == 1
    assert [(case.kind, case.occurrences) for case in cases()] == [("warehouse.odd_advice", 1)]


def test_a_connection_is_kept_strictly(cast: Cast) -> None:
    def save(**changes: object) -> None:
        told: dict[str, object] = {
            "name": "w", "title": "W", "kind": "wms_rest", "settings": {"url": "https://w.example"},
            "secrets": {"token": "env:W"}, "serves": {"RENO": ""},
        }  # fmt: skip
        save_logistics_connection(**(told | changes))  # type: ignore[arg-type]

    save()
    for said, changes in (
        ("must not be stored", {"settings": {"url": "https://w.example", "token": "s3cret"}}),
        ("say where these secrets lie", {"secrets": {"token": "s3cret"}}),
        ("has to begin with https", {"settings": {"url": "http://w.example"}}),
        ("it has no setting colour", {"settings": {"url": "https://w.example", "colour": "red"}}),
        ("there is no kind", {"kind": "rest"}),
        ("RENO is served by W already", {"name": "other"}),
    ):
        with pytest.raises(Misconfigured) as caught:
            save(**changes)
        assert said in caught.value.message
        assert "s3cret" not in caught.value.message
    assert LogisticsConnection.objects.get().settings == {"url": "https://w.example"}
    with pytest.raises(Misconfigured, match="no kind of ERP"):
        save_connection(name="w", kind="wms_rest", settings={"url": "https://w.example"}, secrets={"token": "env:W"})


def test_the_connections_page_shows_the_warehouse_to_operators_alone(
    floor: RestWorld, place: Place, cast: Cast
) -> None:
    row = release_of(place())
    floor.staff(row.reference, "pick")
    floor.hear()
    operator = User.objects.get(email="operator@northline.example")
    page = signed_in(operator).get(reverse("connections")).content.decode()
    for said in (
        "Warehouse Reno floor",
        "Instructions to warehouses",
        f"{row.reference}</a> picked",
        "Warehouse resty",
    ):
        assert said.lower() in page.lower(), said
    assert signed_in(cast.buyer).get(reverse("connections")).status_code == 403
    story = signed_in(cast.buyer).get(reverse("chain", args=[row.correlation_id])).content.decode()
    assert "asked to ship" not in story, "what warehouses are asked is internal"
