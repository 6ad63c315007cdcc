"""Idempotency keys and periodic slots: of many callers one does the work."""

from __future__ import annotations

import pytest

from distportal.events.errors import KeyReused, StillRunning
from distportal.events.idempotency import StoredAnswer, claim_key, release_key, store_answer
from distportal.events.models import Job
from distportal.events.schedule import tick
from tests.at_once import at_once


@pytest.mark.django_db
def test_a_repeat_gets_the_first_answer_and_other_content_is_refused() -> None:
    assert claim_key(client="crm", key="k", request_hash="h") is None
    with pytest.raises(StillRunning):
        claim_key(client="crm", key="k", request_hash="h")
    store_answer(client="crm", key="k", status=201, body={"order": 1})
    assert claim_key(client="crm", key="k", request_hash="h") == StoredAnswer(status=201, body={"order": 1})
    with pytest.raises(KeyReused):
        claim_key(client="crm", key="k", request_hash="other")


@pytest.mark.django_db
def test_another_client_may_use_the_same_key() -> None:
    assert claim_key(client="crm", key="k", request_hash="h") is None
    assert claim_key(client="shop", key="k", request_hash="other") is None


@pytest.mark.django_db
def test_a_refused_request_frees_its_key_but_an_answered_one_does_not() -> None:
    claim_key(client="crm", key="k", request_hash="h")
    release_key(client="crm", key="k")
    assert claim_key(client="crm", key="k", request_hash="corrected") is None
    store_answer(client="crm", key="k", status=201, body=None)
    release_key(client="crm", key="k")
    with pytest.raises(KeyReused):
        claim_key(client="crm", key="k", request_hash="h")


@pytest.mark.django_db(transaction=True)
def test_of_eight_requests_with_one_key_one_does_the_work() -> None:
    def request() -> str:
        try:
            return "works" if claim_key(client="crm", key="k", request_hash="h") is None else "answered"
        except StillRunning:
            return "waits"

    assert sorted(at_once(*[request] * 8)) == ["waits"] * 7 + ["works"]


@pytest.mark.django_db
def test_two_schedulers_start_a_slot_once() -> None:
    assert [tick("orders.sync_erp", 3600), tick("orders.sync_erp", 3600)] == [True, False]
    assert Job.objects.filter(kind="orders.sync_erp").count() == 1
