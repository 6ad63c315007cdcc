"""Several workers at one instruction: whoever was overtaken changes nothing, and the warehouse is asked once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.events.pauses import pause_kind, resume_kind
from distportal.events.sweeper import work_until_idle
from distportal.systems.errors import Rejected, SystemCallError, Transient, UnknownOutcome
from distportal.systems.logistics import wms
from distportal.systems.wms.port import WmsPort
from orders.choices import LineStatus, ReleaseState
from orders.models import Order, WarehouseRelease
from orders.process.release_claims import begin_release, mark_release, note_empty_release
from orders.process.release_sending import send_release
from orders.process.releasing import plan_releases
from tests.logistics.conftest import cases, release_of
from tests.logistics.worlds import RestWorld

pytestmark = pytest.mark.django_db


class Interrupted:
    """The warehouse, where another worker comes by after a call has reached it and before its answer is here."""

    def __init__(self, port: WmsPort, call: str, meanwhile: Callable[[], object], lost: SystemCallError | None) -> None:
        self.port, self.call, self.meanwhile, self.lost = port, call, meanwhile, lost

    def __getattr__(self, name: str) -> Any:
        made = getattr(self.port, name)
        return self._interrupted(made) if name == self.call else made

    def _interrupted(self, made: Callable[..., object]) -> Callable[..., object]:
        def run(*told: object) -> object:
            answer = made(*told)
            self.call = ""
            self.meanwhile()
            if self.lost is not None:
                raise self.lost
            return answer

        return run


@pytest.fixture
def row(floor: RestWorld, place: Callable[..., Order]) -> WarehouseRelease:
    """An instruction that nobody brings yet."""
    pause_kind(kind="orders.send_release", reason="hold", actor="x")
    return release_of(place())


@pytest.fixture
def interrupt(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The next such call is interrupted."""

    def run(call: str, meanwhile: Callable[[], object], *, lost: SystemCallError | None = None) -> None:
        ports = [Interrupted(wms("resty"), call, meanwhile, lost)]
        monkeypatch.setattr("orders.process.release_sending.wms", lambda name: ports.pop() if ports else wms(name))

    return run


def known(row: WarehouseRelease) -> tuple[str, int, int]:
    """State, tries and empty look-ups as they are written down."""
    now = WarehouseRelease.objects.get(pk=row.pk)
    return now.state, now.attempts, now.empty_lookups


def puts(floor: RestWorld, row: WarehouseRelease) -> int:
    """How often the warehouse was told to ship it."""
    return sum(told["method"] == "PUT" for told in floor.sandbox.ledger(row.reference))


def test_who_read_it_before_the_answer_came_lets_it_be(
    row: WarehouseRelease, floor: RestWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_release(row)

    def port(name: str) -> WmsPort:
        monkeypatch.setattr("orders.process.release_sending.wms", wms)
        floor.take(row)
        send_release(release_id=row.pk)
        return wms(name)

    monkeypatch.setattr("orders.process.release_sending.wms", port)
    with pytest.raises(RetryLater, match="another worker is at it"):
        send_release(release_id=row.pk)
    assert (known(row), puts(floor, row)) == (("confirmed", 1, 0), 1)
    assert cases() == []


@pytest.mark.parametrize(
    "lost", [None, UnknownOutcome("wms.no_verdict"), Transient("wms.busy"), Rejected("wms.refused")], ids=str
)
def test_an_answer_after_another_worker_found_it_there_changes_nothing(
    row: WarehouseRelease, floor: RestWorld, interrupt: Callable[..., None], lost: SystemCallError | None
) -> None:
    interrupt("release", lambda: send_release(release_id=row.pk), lost=lost)
    try:
        send_release(release_id=row.pk)
    except RetryLater:
        assert isinstance(lost, (UnknownOutcome, Transient))
    assert (known(row), puts(floor, row)) == (("confirmed", 1, 0), 1)
    assert cases() == []


def test_an_empty_look_after_the_answer_came_changes_nothing(
    row: WarehouseRelease, floor: RestWorld, interrupt: Callable[..., None]
) -> None:
    begin_release(row)
    WarehouseRelease.objects.update(last_sent_at=database_now() - dt.timedelta(hours=1), empty_lookups=1)

    def another() -> None:
        floor.take(row)
        send_release(release_id=row.pk)

    interrupt("find_release", another)
    with pytest.raises(RetryLater, match="does not show it yet"):
        send_release(release_id=row.pk)
    assert (known(row), puts(floor, row)) == (("confirmed", 1, 1), 1)


def test_only_looks_that_began_after_the_last_send_and_the_settle_time_count(row: WarehouseRelease) -> None:
    before, settle = database_now(), dt.timedelta(seconds=60)
    begin_release(row)
    assert not note_empty_release(row.pk, looked_at=before, settle=dt.timedelta())
    assert not note_empty_release(row.pk, looked_at=database_now(), settle=settle)
    assert known(row) == ("sending", 1, 0)
    assert not note_empty_release(row.pk, looked_at=database_now() + settle, settle=settle)
    assert known(row) == ("sending", 1, 1)
    assert note_empty_release(row.pk, looked_at=database_now() + settle, settle=settle)
    assert known(row) == ("pending", 1, 0)
    assert not note_empty_release(row.pk, looked_at=database_now() + settle, settle=settle)
    assert known(row) == ("pending", 1, 0)


def test_who_was_overtaken_has_nothing_to_say(row: WarehouseRelease) -> None:
    begin_release(row)
    mark_release(row, ReleaseState.PENDING)
    assert known(row) == ("pending", 1, 0)
    other = WarehouseRelease.objects.get(pk=row.pk)
    begin_release(other)
    for state in (ReleaseState.PENDING, ReleaseState.UNKNOWN):
        mark_release(row, state)
        assert known(row) == ("sending", 2, 0)
    with pytest.raises(RetryLater, match="another worker is at it"):
        begin_release(row)
    mark_release(other, ReleaseState.UNKNOWN)
    assert known(row) == ("unknown", 2, 0)


def test_an_answer_that_comes_after_it_was_given_free_counts(
    row: WarehouseRelease, floor: RestWorld, interrupt: Callable[..., None]
) -> None:
    interrupt("release", lambda: WarehouseRelease.objects.update(state="pending"))
    send_release(release_id=row.pk)
    assert (known(row), puts(floor, row)) == (("confirmed", 1, 0), 1)


def test_what_the_warehouse_has_is_confirmed_though_another_worker_was_refused(
    row: WarehouseRelease, floor: RestWorld, interrupt: Callable[..., None]
) -> None:
    begin_release(row)
    floor.take(row)

    def another() -> None:
        mark_release(row, ReleaseState.PENDING)
        interrupt("release", lambda: None, lost=Rejected("wms.refused"))
        send_release(release_id=row.pk)
        assert [case.kind for case in cases()] == ["warehouse.refused"]

    interrupt("find_release", another)
    send_release(release_id=row.pk)
    assert known(row) == ("confirmed", 2, 0)
    row.refresh_from_db()
    assert (row.error_code, cases()) == ("", [])


def test_what_was_withdrawn_and_reached_the_warehouse_after_all_is_taken_back(
    row: WarehouseRelease, floor: RestWorld, interrupt: Callable[..., None]
) -> None:
    def given_free_and_cancelled() -> None:
        mark_release(WarehouseRelease.objects.get(pk=row.pk), ReleaseState.PENDING)
        row.order.lines.update(status=LineStatus.CANCELLED)
        assert plan_releases(order_id=row.order_id) == []
        assert known(row)[0] == "withdrawn"

    interrupt("release", given_free_and_cancelled)
    send_release(release_id=row.pk)
    assert known(row) == ("confirmed", 1, 0)
    end = WarehouseRelease.objects.exclude(pk=row.pk).get()
    assert (end.purpose, end.sequence, end.state) == ("cancel", 2, "pending")
    resume_kind(kind="orders.send_release", reason="go on", actor="x")
    work_until_idle()
    assert known(end) == ("confirmed", 1, 0)
    assert floor.asked(row.reference) == [(2, {})]
