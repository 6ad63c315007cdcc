"""The rows of calls: one each at once, or those of a batch together, however it ends."""

from __future__ import annotations

import time
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.observability.correlation import correlated
from distportal.systems.call_log import calls_noted_together, note_call
from distportal.systems.models import SystemCall
from tests.died import Died

pytestmark = pytest.mark.django_db


def note(call: str) -> None:
    note_call(system="erp-default", call=call, reference="NL-1", outcome="ok", error_code="", duration_ms=1.5)


def note_and_die(call: str) -> None:
    note(call)
    raise Died


def test_calls_of_a_batch_are_one_statement_and_keep_their_stories_and_moments() -> None:
    stories = [uuid.uuid4(), uuid.uuid4()]
    with CaptureQueriesContext(connection) as sent, calls_noted_together(), calls_noted_together():
        for number, story in enumerate(stories):
            with correlated(story):
                note(f"call-{number}")
            time.sleep(0.05)
        assert len(sent) == 0
    assert len(sent) == 1
    rows = SystemCall.objects.order_by("ended_at")
    assert list(rows.values_list("call", "correlation_id", "duration_ms", "reference")) == [
        ("call-0", stories[0], 1.5, "NL-1"),
        ("call-1", stories[1], 1.5, "NL-1"),
    ]
    assert (rows[1].ended_at - rows[0].ended_at).total_seconds() >= 0.05


def test_what_was_called_before_a_failure_is_noted_and_the_next_call_at_once() -> None:
    with pytest.raises(Died), calls_noted_together():
        note_and_die("before")
    note("afterwards")
    assert list(SystemCall.objects.order_by("id").values_list("call", flat=True)) == ["before", "afterwards"]


def test_a_batch_without_a_call_says_nothing() -> None:
    with CaptureQueriesContext(connection) as sent, calls_noted_together():
        pass
    assert len(sent) == 0
