"""The table of days says what its rows say: counted again it is the same, counted later it has what came late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.accounts.models import Account
from distportal.measures import building
from distportal.measures.building import build_days, oldest_day
from distportal.measures.counting import Slice, count_rows
from distportal.measures.days import start_of, today
from distportal.measures.definitions import KPIS, kpi
from distportal.measures.kinds import Kpi, Unit
from distportal.measures.models import KpiDay
from distportal.measures.reading import Asked, read_figures
from distportal.measures.registry import sources_of
from distportal.measures.tally import Tally
from distportal.measures.tasks import build_recent_job
from distportal.web.figures.rows import rows_behind
from exceptions.choices import Resolution
from exceptions.models import Case
from exceptions.process.cases import open_case, resolve_case
from inventory.models import FeedPage
from inventory.process.cursors import note_page, store_cursor
from tests.at_once import at_once
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
HOUR = Decimal(3600)


@pytest.fixture
def resolution() -> Kpi:
    found = kpi("exception_resolution")
    assert found is not None
    return found


@pytest.fixture
def case_of(cast: Cast) -> Callable[..., Case]:
    """`case_of(days ago, hours until it ended or None, account)`."""

    def make(ago: int, hours: int | None, account: Account | None = None) -> Case:
        subject = f"s-{Case.objects.count()}"
        row = open_case(
            kind="order.held", code="held", subject_type="order", subject_id=subject, sentence="x", account=account
        )
        # Hours that pass, not those that clocks show: on one day of the year these differ.
        opened = start_of(today() - dt.timedelta(days=ago)).astimezone(dt.UTC) + dt.timedelta(hours=1)
        if hours is not None:
            resolve_case(case_id=row.pk, resolution=Resolution.BY_HAND, reason="done")
        end = None if hours is None else opened + dt.timedelta(hours=hours)
        Case.objects.filter(pk=row.pk).update(created_at=opened, resolved_at=end, due_at=opened + dt.timedelta(hours=5))
        return row

    return make


def stored(day: dt.date) -> list[tuple[str, str, int, int, int, Decimal, Decimal]]:
    rows = KpiDay.objects.filter(kpi="exception_resolution", day=day).order_by("partner", "part")
    return [(r.partner, r.part, r.counted, r.good, r.waiting, r.total, r.longest) for r in rows]


def test_every_figure_is_explained_owned_and_has_rows() -> None:
    for known in KPIS:
        assert all((known.title, known.question, known.formula, known.counted_on, known.aside, known.owner))
        assert known.target > 0
        assert sources_of(known.code), known.code
    assert [known.code for known in KPIS] == [
        "order_acknowledgement", "inventory_sync", "shipment_events", "invoice_transmission", "exception_resolution",
        "replay_activity", "failed_mappings", "partner_sla",
    ]  # fmt: skip


def test_a_day_is_counted_by_partner_and_part_and_again_with_the_same_result(
    cast: Cast, case_of: Callable[..., Case]
) -> None:
    day = today() - dt.timedelta(days=2)
    case_of(2, 2, cast.harbor)
    case_of(2, 10, cast.harbor)  # was due after five
    case_of(2, None, cast.harbor)
    case_of(2, 3)
    case_of(9, 1)  # another day
    assert build_days(first=day, last=day) == 2
    expected = [
        ("", "orders", 1, 1, 0, 3 * HOUR, 3 * HOUR),
        ("HARBOR", "orders", 2, 1, 1, 12 * HOUR, 10 * HOUR),
    ]
    assert stored(day) == expected
    built = set(KpiDay.objects.values_list("pk", "built_at"))
    assert build_days(first=day, last=day) == 0, "the same facts are the same rows"
    assert set(KpiDay.objects.values_list("pk", "built_at")) == built
    assert not KpiDay.objects.exclude(day=day).exists()


def test_what_comes_late_corrects_its_day_and_no_other(cast: Cast, case_of: Callable[..., Case]) -> None:
    day, before = today() - dt.timedelta(days=2), today() - dt.timedelta(days=3)
    late, _ = case_of(2, None, cast.harbor), case_of(3, 1)
    build_days(first=before, last=day)
    kept = stored(before)
    assert stored(day) == [("HARBOR", "orders", 0, 0, 1, 0, 0)]
    opened = Case.objects.get(pk=late.pk).created_at
    Case.objects.filter(pk=late.pk).update(resolved_at=opened + dt.timedelta(hours=4), account=None)
    assert build_days(first=before, last=day) == 2, "the row of Harbor goes, one of nobody comes"
    assert stored(day) == [("", "orders", 1, 1, 0, 4 * HOUR, 4 * HOUR)]
    assert stored(before) == kept


@pytest.mark.django_db(transaction=True)
def test_two_builders_at_once_make_one_table(cast: Cast, case_of: Callable[..., Case]) -> None:
    day = today() - dt.timedelta(days=1)
    case_of(1, 2, cast.harbor)
    changed = at_once(*[lambda: build_days(first=day, last=day)] * 3)
    assert sorted(changed) == [0, 0, 1]
    assert stored(day) == [("HARBOR", "orders", 1, 1, 0, 2 * HOUR, 2 * HOUR)]


def test_a_build_that_breaks_off_leaves_the_day_as_it_was(
    cast: Cast, case_of: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    day = today() - dt.timedelta(days=1)
    case_of(1, 2, cast.harbor)
    build_days(first=day, last=day)
    kept = stored(day)
    Case.objects.update(account=None)

    def break_off(*_: object) -> None:
        raise ConnectionError("killed")

    monkeypatch.setattr(building, "_row", break_off)
    with pytest.raises(ConnectionError):
        build_days(first=day, last=day)
    assert stored(day) == kept


def test_today_is_live_and_the_rows_are_those_that_were_counted(
    cast: Cast, case_of: Callable[..., Case], resolution: Kpi
) -> None:
    case_of(0, 2, cast.harbor)
    case_of(1, 10, cast.harbor)
    case_of(1, None)
    yesterday = today() - dt.timedelta(days=1)
    build_days(first=yesterday, last=yesterday)
    asked = Asked.of_days(7)
    [found] = read_figures([resolution], asked)
    assert (found.today.value, found.whole.value, found.whole.within) == (2 * HOUR, 6 * HOUR, Decimal("0.5"))
    assert (found.today.met, found.whole.tally) == (True, Tally(2, 1, 1, 12 * HOUR, 10 * HOUR))
    assert [found.by_partner["HARBOR"].tally.rows, found.by_partner[""].tally.rows] == [2, 1]
    [source] = sources_of(resolution.code)
    counts = {show: rows_behind(source, asked, show).count() for show in ("all", "bad", "waiting")}
    assert counts == {"all": 3, "bad": 1, "waiting": 1}
    [harbor] = read_figures([resolution], Asked.of_days(7, partner="HARBOR"))
    assert harbor.whole.tally.rows == rows_behind(source, Asked.of_days(7, partner="HARBOR")).count() == 2


def test_nothing_at_all_is_no_figure_and_of_a_count_it_is_none(cast: Cast) -> None:
    found = {figure.kpi.code: figure.whole for figure in read_figures(KPIS, Asked.of_days(30))}
    for code, reading in found.items():
        assert reading.value == (0 if reading.kpi.unit == Unit.COUNT else None), code
        assert reading.met is (True if reading.kpi.unit == Unit.COUNT else None)
    assert build_days(first=today() - dt.timedelta(days=30), last=today()) == 0


def test_a_thousand_rows_are_counted_in_as_many_statements_as_one(
    cast: Cast, case_of: Callable[..., Case], resolution: Kpi
) -> None:
    row = case_of(1, 2, cast.harbor)
    whole = Case.objects.get(pk=row.pk)
    day = today() - dt.timedelta(days=1)
    with CaptureQueriesContext(connection) as one:
        count_rows(resolution, first=day, last=day)
    copies = []
    for n in range(1000):
        copy = Case.objects.get(pk=row.pk) if n == 0 else copies[0].__class__(**_columns(whole))
        copy.pk, copy.number, copy.subject_id = None, 900_000 + n, f"copy-{n}"
        copies.append(copy)
    Case.objects.bulk_create(copies)
    Case.objects.filter(number__gte=900_000).update(created_at=Case.objects.get(pk=row.pk).created_at)
    with CaptureQueriesContext(connection) as many:
        found = count_rows(resolution, first=day, last=day)
    assert len(many) == len(one) == 1
    assert found[Slice(day, "HARBOR", "orders")].counted == 1001


def _columns(row: Case) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}


def test_a_feeds_first_read_is_history_and_a_day_whose_rows_go_stays_as_it_was(cast: Cast) -> None:
    moment = start_of(today())
    note_page("stock", changes=1, oldest=moment)
    assert not FeedPage.objects.exists(), "it was not read to its end yet"
    store_cursor("stock", "c1", changes=1, complete=True)
    note_page("stock", changes=0, oldest=None)
    note_page("stock", changes=2, oldest=moment)
    page = FeedPage.objects.get()
    assert (page.kind, page.changes, page.oldest_at) == ("stock", 2, moment)
    known = kpi("inventory_sync")
    assert known is not None
    assert oldest_day(known) == today() - dt.timedelta(days=29)
    old = today() - dt.timedelta(days=29)
    read = start_of(old) + dt.timedelta(minutes=10)
    FeedPage.objects.update(read_at=read, oldest_at=read - dt.timedelta(seconds=90))
    build_days(first=old, last=old, kpis=[known])
    gone = KpiDay.objects.create(kpi=known.code, day=old - dt.timedelta(days=1), part="stock", counted=7)
    FeedPage.objects.all().delete()
    assert build_days(first=gone.day, last=gone.day, kpis=[known]) == 0
    assert KpiDay.objects.get(day=gone.day).counted == 7
    assert KpiDay.objects.get(day=old).total == 90


def test_the_first_build_goes_back_two_months_and_later_ones_a_few_days(
    cast: Cast, case_of: Callable[..., Case]
) -> None:
    case_of(40, 1)
    build_recent_job({})
    assert [row.day for row in KpiDay.objects.all()] == [today() - dt.timedelta(days=40)]
    case_of(41, 1)
    case_of(1, 1)
    build_recent_job({})
    assert [(today() - row.day).days for row in KpiDay.objects.order_by("day")] == [40, 1]


def test_the_command_builds_any_days_and_refuses_nonsense(cast: Cast, case_of: Callable[..., Case]) -> None:
    case_of(41, 1)
    day = (today() - dt.timedelta(days=41)).isoformat()
    call_command("build_kpis", "--from", day, "--to", day, "--kpi", "exception_resolution")
    assert KpiDay.objects.get().day.isoformat() == day
    for wrong in (["--from", day, "--to", "2020-01-01"], ["--from", day, "--kpi", "happiness"]):
        with pytest.raises(CommandError, match="nothing was counted"):
            call_command("build_kpis", *wrong)
