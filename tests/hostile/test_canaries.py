"""Secrets that are known by their words are given to the portal in every way, and looked for everywhere else."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
import structlog
from django.conf import settings as site
from django.test import Client, override_settings

from distportal.accounts.keys import make_key
from distportal.events import hints
from distportal.events.hints import hint_job
from distportal.observability.logging import logging_config
from tests.clients import signed_in
from tests.conftest import Cast
from tests.rows import kept_rows
from tests.web.test_guessing import some_address

pytestmark = pytest.mark.django_db
WRONG, RIGHT, METRICS = "canary-wrong-word-4711", "canary-right-word-4712", "canary-metrics-4713"
KEY_HEADER = "Authorization"


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """All that is logged, at the finest level, as the lines of a real site."""
    config = logging_config("json", level="DEBUG")
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=config["formatters"]["structured"]["foreign_pre_chain"],
        processors=config["formatters"]["structured"]["processors"],
    )
    lines, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(formatter)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_secret_is_in_a_log_a_row_an_error_page_or_a_task(cast: Cast, told: io.StringIO) -> None:
    cast.buyer.set_password(RIGHT)
    cast.buyer.save()
    answers: list[Any] = []
    sent: list[Any] = []
    client = Client(REMOTE_ADDR=some_address(), raise_request_exception=False)
    for word in (WRONG, RIGHT):
        answers.append(client.post("/accounts/login/", {"login": cast.buyer.email, "password": word}))
    _, secret = make_key(by=cast.colleague, account=cast.harbor, name="Till", scopes=["orders:read"], days=30)
    for key in (secret, f"{secret}x"):
        answers.append(client.get("/api/v1/orders/", headers={KEY_HEADER: f"Api-Key {key}"}))
    with override_settings(METRICS_TOKEN=METRICS):
        answers.append(client.get("/metrics", headers={KEY_HEADER: f"Bearer {METRICS}"}))
    with patch("distportal.web.views.cards_for", side_effect=RuntimeError(f"broken for {cast.buyer.email}")):
        crashed = client.get("/")
    assert crashed.status_code == 500
    answers.append(crashed)
    noted = patch.object(hints.current_app, "send_task", side_effect=lambda *a, **k: sent.append((a, k)))
    with noted, override_settings(SEND_HINTS=True):
        hint_job(uuid4(), "mail")
    assert len(sent) == 1
    text = told.getvalue()
    assert "request_started" in text or "request_finished" in text
    everywhere = {
        "the log": text,
        "the rows": b"".join(kept_rows().of.values()).decode("utf-8", "replace"),
        "the pages": "".join(answer.content.decode("utf-8", "replace") for answer in answers),
        "the tasks": repr(sent),
    }
    secrets = {
        "password": RIGHT,
        "wrong password": WRONG,
        "key": secret,
        "token": METRICS,
        "SECRET_KEY": site.SECRET_KEY,
    }
    secrets["database"] = str(site.DATABASES["default"].get("PASSWORD") or "no-password-here")
    found = [
        f"{name} in {place}" for name, word in secrets.items() for place, all_of in everywhere.items() if word in all_of
    ]
    assert found == []
    page = crashed.content.decode()
    assert cast.buyer.email not in page.partition("<main")[2]
    assert "Traceback" not in page
    assert "RuntimeError" not in page


def test_a_line_of_a_log_stays_one_line_whatever_somebody_writes(told: io.StringIO, cast: Cast) -> None:
    forged = 'x\r\n{"event": "forged", "level": "info"}\n\x1b[2J\u2028y'
    structlog.get_logger("test").warning("somebody.wrote", text=forged, **{"odd\nname": 1})
    logging.getLogger("django.request").warning("Not Found: %s", forged)
    client = signed_in(cast.buyer)
    client.get(
        "/nothing/%0d%0a%7b%22event%22:%22forged%22%7d",
        headers={"User-Agent": forged.encode("unicode_escape").decode()},
    )
    lines = told.getvalue().splitlines()
    events = [json.loads(line)["event"] for line in lines]
    assert "somebody.wrote" in events
    assert "forged" not in events
    assert "\x1b" not in told.getvalue()
