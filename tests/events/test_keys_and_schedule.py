"""Idempotency keys and periodic slots: of many callers one does the work."""

from __future__ import annotations

import datetime as dt

import pytest

from distportal.events.clock import database_now
from distportal.events.errors import KeyReused, StillRunning
from distportal.events.idempotency import LEASE, Claim, StoredAnswer, claim_key, release_key, store_answer
from distportal.events.models import IdempotencyKey, Job
from distportal.events.schedule import tick
from tests.at_once import at_once


def claim(request_hash: str = "h", *, client: str = "crm") -> Claim:
    held = claim_key(client=client, key="k", request_hash=request_hash)
    assert isinstance(held, Claim)
    return held


def lease_passes() -> None:
    IdempotencyKey.objects.update(locked_until=database_now() - dt.timedelta(microseconds=1))


@pytest.mark.django_db
def test_a_repeat_gets_the_first_answer_and_other_content_is_refused() -> None:
    held = claim()
    with pytest.raises(StillRunning):
        claim()
    store_answer(held, status=201, body='{"order": 1}')
    assert claim_key(client="crm", key="k", request_hash="h") == StoredAnswer(status=201, body='{"order": 1}')
    with pytest.raises(KeyReused):
        claim("other")


@pytest.mark.django_db
def test_an_answer_of_an_earlier_release_is_the_same_document() -> None:
    claim()
    IdempotencyKey.objects.update(status=201, body={"order": 1})  # it was kept as a document, not as its text
    assert claim_key(client="crm", key="k", request_hash="h") == StoredAnswer(status=201, body='{"order": 1}')


@pytest.mark.django_db
def test_another_client_may_use_the_same_key() -> None:
    claim()
    claim("other", client="shop")
    assert IdempotencyKey.objects.count() == 2


@pytest.mark.django_db
def test_a_refused_request_frees_its_key_but_an_answered_one_does_not() -> None:
    release_key(claim())
    held = claim("corrected")
    store_answer(held, status=201, body="null")
    release_key(held)
    with pytest.raises(KeyReused):
        claim()


@pytest.mark.django_db
def test_a_key_of_a_process_that_died_is_free_after_its_lease_which_is_told() -> None:
    claim()
    with pytest.raises(StillRunning) as waits:
        claim()
    assert 1 <= waits.value.data["retry_after"] <= LEASE.total_seconds() == 10
    lease_passes()
    held = claim()
    with pytest.raises(StillRunning):
        claim()
    store_answer(held, status=201, body='{"order": 1}')
    assert claim_key(client="crm", key="k", request_hash="h") == StoredAnswer(status=201, body='{"order": 1}')


@pytest.mark.django_db
def test_who_comes_back_after_its_lease_takes_nothing_from_who_works_now() -> None:
    slow = claim()
    lease_passes()
    now = claim()
    release_key(slow)
    with pytest.raises(StillRunning):
        claim()
    store_answer(now, status=201, body="now")
    store_answer(slow, status=201, body="slow")
    assert claim_key(client="crm", key="k", request_hash="h") == StoredAnswer(status=201, body="now")


@pytest.mark.django_db(transaction=True)
def test_of_eight_requests_with_one_key_one_does_the_work() -> None:
    def request() -> str:
        try:
            claim()
        except StillRunning:
            return "waits"
        return "works"

    assert sorted(at_once(*[request] * 8)) == ["waits"] * 7 + ["works"]


@pytest.mark.django_db
def test_two_schedulers_start_a_slot_once() -> None:
    assert [tick("orders.sync_erp", 3600), tick("orders.sync_erp", 3600)] == [True, False]
    assert Job.objects.filter(kind="orders.sync_erp").count() == 1
