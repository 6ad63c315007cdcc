"""Cases: one open per subject and code, claimed once, never closed without a word."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from distportal.accounts.models import User
from distportal.events.clock import database_now
from distportal.events.models import OutboxEvent
from distportal.observability.actor import acting
from exceptions.choices import CaseStatus, Resolution
from exceptions.errors import CaseChanged, ReasonMissing
from exceptions.models import Case, CaseEntry
from exceptions.process.cases import claim_case, comment_case, open_case, resolve_case, resolve_cases
from exceptions.process.closing import reopen_case
from tests.at_once import at_once
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def opened(subject: str = "s-1", code: str = "held", **more: Any) -> Case:
    facts = {"kind": "order.held", "sentence": "Line 1: no item is known", "queue": "orders", **more}
    return open_case(code=code, subject_type="order", subject_id=subject, **facts)


def test_the_same_trouble_again_is_the_same_case_with_its_latest_words() -> None:
    first, again = opened(), opened(sentence="Line 2: no item is known")
    assert (again.pk, again.occurrences, again.sentence) == (first.pk, 2, "Line 2: no item is known")
    assert [e.action for e in again.entries.all()] == ["opened", "seen_again"]
    assert OutboxEvent.objects.filter(type="case.opened").count() == 1


def test_another_subject_or_code_is_another_case() -> None:
    assert len({opened().pk, opened("s-2").pk, opened(code="price").pk}) == 3


def test_what_comes_back_soon_opens_its_case_again_with_its_history_and_owner(cast: Cast) -> None:
    first = opened()
    claim_case(case_id=first.pk, user=cast.agent, version=first.version)
    resolve_case(case_id=first.pk, resolution=Resolution.CORRECTED, reason="by phone")
    again = opened(sentence="Line 2: no item is known")
    assert (again.pk, again.status, again.owner, again.resolution) == (first.pk, CaseStatus.REOPENED, cast.agent, "")
    assert (again.reopenings, again.occurrences, again.sentence) == (1, 2, "Line 2: no item is known")
    assert [e.action for e in again.entries.all()] == [
        "opened", "claimed", "resolved: corrected and resubmitted", "reopened",
    ]  # fmt: skip
    told = OutboxEvent.objects.filter(aggregate_id=str(first.pk)).order_by("seq").values_list("type", flat=True)
    assert list(told) == ["case.opened", "case.resolved", "case.reopened"]


def test_what_comes_back_after_a_month_is_a_case_of_its_own_and_one_of_somebody_gone_is_free(cast: Cast) -> None:
    first = opened()
    claim_case(case_id=first.pk, user=cast.agent, version=first.version)
    resolve_case(case_id=first.pk, resolution=Resolution.CORRECTED, reason="by phone")
    User.objects.filter(pk=cast.agent.pk).update(is_active=False)
    assert opened().owner is None
    resolve_case(case_id=first.pk, resolution=Resolution.CORRECTED, reason="by phone")
    Case.objects.update(resolved_at=database_now() - dt.timedelta(days=31))
    later = opened()
    assert (later.pk == first.pk, later.occurrences, later.status) == (False, 1, CaseStatus.NEW)
    first.refresh_from_db()
    assert (first.status, first.occurrences) == (CaseStatus.RESOLVED, 2)
    with pytest.raises(CaseChanged, match="another open case"):
        reopen_case(case_id=first.pk, reason="not yet")


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_see_it_come_back_one_opens_it_again() -> None:
    case = opened()
    resolve_case(case_id=case.pk, resolution=Resolution.CORRECTED, reason="by phone")
    at_once(*[opened] * 8)
    case = Case.objects.get()
    assert (case.status, case.reopenings, case.occurrences) == (CaseStatus.REOPENED, 1, 9)


def test_a_person_opens_a_case_again_that_was_closed_too_soon() -> None:
    case = opened()
    resolve_case(case_id=case.pk, resolution=Resolution.DISCARDED, reason="not ours")
    with pytest.raises(ReasonMissing):
        reopen_case(case_id=case.pk, reason=" ")
    assert reopen_case(case_id=case.pk, reason="it is ours").status == CaseStatus.REOPENED
    with pytest.raises(CaseChanged, match="is open already"):
        reopen_case(case_id=case.pk, reason="again")


@pytest.mark.django_db(transaction=True)
def test_eight_workers_with_the_same_trouble_open_one_case() -> None:
    at_once(*[opened] * 8)
    case = Case.objects.get()
    assert case.occurrences == 8
    assert case.entries.count() == 8


@pytest.mark.django_db(transaction=True)
def test_of_two_agents_one_gets_the_case(cast: Cast) -> None:
    case = opened()

    def claim(user: User) -> str:
        try:
            claim_case(case_id=case.pk, user=user, version=case.version)
        except CaseChanged:
            return "changed"
        return "mine"

    assert sorted(at_once(partial(claim, cast.agent), partial(claim, cast.finance))) == ["changed", "mine"]
    assert Case.objects.get().status == CaseStatus.CLAIMED


def test_a_resolved_case_cannot_be_claimed(cast: Cast) -> None:
    case = opened()
    resolve_case(case_id=case.pk, resolution=Resolution.DISCARDED, reason="a test")
    with pytest.raises(CaseChanged):
        claim_case(case_id=case.pk, user=cast.agent, version=case.version + 1)


def test_without_a_word_nothing_is_closed_or_noted() -> None:
    case = opened()
    with pytest.raises(ReasonMissing):
        resolve_case(case_id=case.pk, resolution=Resolution.DISCARDED, reason="  ")
    with pytest.raises(ReasonMissing):
        comment_case(case_id=case.pk, text="\n")
    case.refresh_from_db()
    assert (case.is_open, case.entries.count()) == (True, 1)


def test_all_cases_of_a_subject_close_by_the_event_that_settled_them() -> None:
    opened(), opened(code="price"), opened("s-2")
    how = {"resolution": Resolution.BY_EVENT, "reason": "the order was accepted"}
    assert resolve_cases(subject_type="order", subject_id="s-1", code="price", **how) == 1
    assert resolve_cases(subject_type="order", subject_id="s-1", **how) == 1
    assert resolve_cases(subject_type="order", subject_id="s-1", **how) == 0
    assert Case.objects.get(status__in=CaseStatus.OPEN).subject_id == "s-2"


def test_who_did_what_stays_as_it_was_written() -> None:
    with acting("agent@northline.example"):
        case = opened()
        comment_case(case_id=case.pk, text="called the buyer")
    entry = case.entries.last()
    assert entry
    assert (entry.actor, entry.text) == ("agent@northline.example", "called the buyer")
    with pytest.raises(Exception, match="Cannot update rows"), transaction.atomic():
        CaseEntry.objects.filter(pk=entry.pk).update(text="never said")


def test_a_sentence_of_any_length_and_any_kind_is_kept() -> None:
    case = opened(kind="never.registered", sentence="x" * 5000, subject=str(uuid.uuid4()))
    assert (len(case.sentence), case.severity) == (500, 2)
