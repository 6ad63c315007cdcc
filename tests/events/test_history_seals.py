"""Histories are sealed: whoever changes, adds or takes out a line afterwards is told of, the tables' owner too."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pghistory
import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from distportal.accounts.models import Account
from distportal.accounts.personal import person_of
from distportal.events import sealing
from distportal.events.jobs import enqueue_job
from distportal.events.models import HistorySeal
from distportal.events.seal_checks import broken_seals
from distportal.events.sealing import seal_histories, sealed_tables
from distportal.events.sweeper import work_until_idle
from distportal.personal.erasing import erase
from exceptions.models import Case
from exceptions.process.letters.settling import end_superseded
from exceptions.resolutions import retry
from tests.at_once import at_once
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
TABLE = "accounts_accountevent"


@pytest.fixture
def ripe(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written just now is old enough."""
    monkeypatch.setattr(sealing, "RIPE", -dt.timedelta(hours=1))


@pytest.fixture
def named(cast: Cast, ripe: None) -> list[int]:
    """Three lines of the history of Harbor's account, by somebody, all of them sealed; their numbers."""
    for name in ("Harbor One", "Harbor Two", "Harbor Three"):
        with pghistory.context(actor="ana@northline.example", reason="asked by phone"):
            Account.objects.filter(pk=cast.harbor.pk).update(name=name)
    seal_histories()
    return rows("SELECT pgh_id FROM accounts_accountevent WHERE name LIKE 'Harbor %%' ORDER BY pgh_id")[-3:]


def rows(query: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()]


def by_the_owner(statement: str, *values: Any) -> None:
    """As somebody does it whom no trigger stops."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


def test_all_histories_are_sealed_once_and_hold(named: list[int]) -> None:
    assert {"accounts_accountevent", "orders_orderevent", "accounts_userevent"} <= set(sealed_tables())
    seals = list(HistorySeal.objects.order_by("number"))
    assert [seal.number for seal in seals] == list(range(1, len(seals) + 1))
    assert len({seal.table for seal in seals}) == len(seals)
    [counted] = rows("SELECT count(*) FROM accounts_accountevent")
    assert [seal.rows for seal in seals if seal.table == TABLE] == [counted]
    assert list(broken_seals()) == []
    seal_histories()
    assert HistorySeal.objects.count() == len(seals), "nothing new"


def test_young_lines_wait_and_long_histories_take_several_seals(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    Account.objects.filter(pk=cast.harbor.pk).update(name="Harbor New")
    assert sealing.seal_next(TABLE) is None
    monkeypatch.setattr(sealing, "RIPE", -dt.timedelta(hours=1))
    monkeypatch.setattr(sealing, "BATCH", 2)
    while sealing.seal_next(TABLE):
        pass
    seals = list(HistorySeal.objects.order_by("number"))
    assert len(seals) > 1
    assert [seal.first_id for seal in seals] == [1, *(seal.last_id + 1 for seal in seals[:-1])]
    assert {seal.rows for seal in seals[:-1]} == {2}
    assert sum(seal.rows for seal in seals) == rows("SELECT count(*) FROM accounts_accountevent")[0]
    assert list(broken_seals()) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE accounts_accountevent SET name = 'Harbor X' WHERE pgh_id = %s", "rows were changed since"),
        ("UPDATE accounts_accountevent SET pgh_created_at = now() - interval '1 day' WHERE pgh_id = %s", "changed"),
        ("DELETE FROM accounts_accountevent WHERE pgh_id = %s", "rows then"),
        (
            "UPDATE pghistory_context SET metadata = jsonb_set(metadata, '{actor}', '\"bob@northline.example\"')"
            " WHERE id = (SELECT pgh_context_id FROM accounts_accountevent WHERE pgh_id = %s)", "changed",
        ),
    ],
)  # fmt: skip
def test_what_somebody_writes_anew_is_told_of(named: list[int], statement: str, told: str) -> None:
    by_the_owner(statement, named[1])
    [found] = broken_seals()
    assert found.startswith(f"{TABLE}, lines 1 to ")
    assert told in found
    with pytest.raises(CommandError, match=TABLE):
        call_command("histories", "check", verbosity=0)


def test_a_seal_is_never_changed_and_a_chain_that_is_made_anew_lacks_the_head_that_was_kept(
    named: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("histories", "seal")
    kept = capsys.readouterr().out.split()[-1]
    call_command("histories", "check", head=kept)
    assert kept in capsys.readouterr().out
    for statement in ("UPDATE events_historyseal SET rows = 0", "DELETE FROM events_historyseal"):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            rows(statement)
    middle = HistorySeal.objects.order_by("number")[1]
    by_the_owner("UPDATE events_historyseal SET reason = 'x' WHERE number = %s", middle.number)
    assert list(broken_seals()) == [f"{middle} does not follow from the seal before it"]
    by_the_owner("DELETE FROM events_historyseal WHERE number = %s", middle.number)
    assert list(broken_seals()) == ["seals 2 to 2 are missing"]
    with pgtrigger.ignore():
        HistorySeal.objects.all().delete()
    by_the_owner("UPDATE accounts_accountevent SET name = 'Harbor X' WHERE pgh_id = %s", named[1])
    seal_histories()
    assert list(broken_seals()) == []
    with pytest.raises(CommandError, match="no such head"):
        call_command("histories", "check", head=kept)


def test_a_column_that_came_later_breaks_nothing_and_one_that_went_is_told_of(
    cast: Cast, ripe: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = sealing._columns
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "_columns", lambda table: [one for one in written(table) if one != "name"])
        seal_histories()
    assert list(broken_seals()) == []
    monkeypatch.setattr(sealing, "_columns", lambda table: [one for one in written(table) if one != "code"])
    assert any("columns are gone (code)" in told for told in broken_seals())
    call_command("histories", "again", reason="code became number", verbosity=0)
    assert list(broken_seals()) == []


def test_an_erasure_seals_again_what_held_and_hides_nothing_else(cast: Cast, named: list[int]) -> None:
    first = {seal.number for seal in HistorySeal.objects.all()}
    by_the_owner("UPDATE accounts_accountevent SET name = 'Harbor X' WHERE pgh_id = %s", named[1])
    with pghistory.context(actor=cast.buyer.email):
        erase(person_of(cast.buyer.email))
    again = HistorySeal.objects.exclude(number__in=first)
    assert {seal.reason for seal in again} == {"personal data erased"}
    assert "accounts_userevent" in {seal.table for seal in again}
    assert TABLE not in {seal.table for seal in again}
    [told] = broken_seals()
    assert TABLE in told


def test_each_night_seals_and_looks_and_what_does_not_fit_is_one_case_that_stays(cast: Cast, named: list[int]) -> None:
    by_the_owner("UPDATE accounts_accountevent SET name = 'Harbor X' WHERE pgh_id = %s", named[1])
    night()
    night()
    end_superseded()
    [case] = (one for one in Case.objects.exclude(status="resolved") if "sealed" in one.sentence)
    assert f"histories are not as they were sealed: {TABLE}, lines 1 to " in case.sentence
    retry(case, {}, "", cast.agent)
    work_until_idle()
    case.refresh_from_db()
    assert case.status == "new"
    by_the_owner("UPDATE accounts_accountevent SET name = 'Harbor Two' WHERE pgh_id = %s", named[1])
    retry(case, {}, "", cast.agent)
    work_until_idle()
    case.refresh_from_db()
    assert case.status == "resolved"


def night() -> None:
    enqueue_job("events.seal_histories", key="periodic")
    work_until_idle()


@pytest.mark.django_db(transaction=True)
def test_two_that_seal_at_once_make_one_chain(cast: Cast, ripe: None) -> None:
    at_once(seal_histories, seal_histories)
    assert list(broken_seals()) == []
    tables = list(HistorySeal.objects.values_list("table", flat=True))
    assert len(tables) == len(set(tables)) > 1
