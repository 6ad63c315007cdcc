"""What a broker that hangs costs whoever sends hints: one connection that times out, then a moment of silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from celery import Celery

from distportal.celery import app
from distportal.common.absence import Absence
from distportal.events import hints
from tests.at_once import at_once
from tests.mute import Mute


@pytest.fixture
def absence(settings: Any, mute: Mute) -> Iterator[Absence]:
    """What a process like the web's knows of the broker, which takes its calls and answers none."""
    settings.SEND_HINTS = True
    before, absence = app.conf.broker_transport_options, Absence(60.0)
    hints.hint_quickly()
    alone = Celery("alone", broker=f"redis://127.0.0.1:{mute.port}", set_as_current=False)
    alone.conf.broker_transport_options = {**app.conf.broker_transport_options, "socket_timeout": 0.2}
    with patch.object(hints, "current_app", alone), patch.object(hints, "_absence", absence):
        yield absence
    app.conf.broker_transport_options = before


def test_a_hint_to_a_broker_that_hangs_is_tried_once_and_the_next_ones_not_at_all(mute: Mute, absence: Absence) -> None:
    hints.hint_aggregate("order", "1")
    assert len(mute.taken) == 1
    assert absence.lasts
    for number in range(5):
        hints.hint_aggregate("order", str(number))
    assert len(mute.taken) == 1


def test_one_caller_finds_out_whether_the_broker_is_back(mute: Mute, absence: Absence) -> None:
    hints.hint_aggregate("order", "1")
    absence._until = 1.0  # its time has passed, the broker was not heard since
    at_once(*[lambda: hints.hint_aggregate("order", "2")] * 6)
    assert len(mute.taken) == 2


def test_once_it_answers_every_hint_goes_out() -> None:
    absence, sent = Absence(60.0), []
    absence._until = 1.0
    with (
        patch.object(hints, "_absence", absence),
        patch.object(hints.settings, "SEND_HINTS", True),
        patch.object(hints.current_app, "send_task", lambda task, **_: sent.append(task)),
    ):
        hints.hint_aggregate("order", "1")
        hints.hint_aggregate("order", "2")
    assert len(sent) == 2
