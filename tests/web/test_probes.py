"""Who watches a process calls it by its address and in the clear; nobody else may."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

pytestmark = pytest.mark.django_db
POD = {"HTTP_HOST": "10.42.0.17:8000"}


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_a_probe_is_answered_under_any_name_and_never_sent_to_https(path: str, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["portal.example.com"]
    assert Client().get(path, **POD).status_code == 200
    assert Client().get("/", **POD).status_code in (301, 400)
    assert Client().get(path + "/x", **POD).status_code in (301, 400)


def test_figures_are_read_under_any_name_with_their_token_only(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.METRICS_TOKEN = True, "scrape-me"
    assert Client().get("/metrics", **POD).status_code == 403
    assert Client(headers={"Authorization": "Bearer scrape-me"}).get("/metrics", **POD).status_code == 200


def test_without_its_database_a_process_lives_but_is_not_ready() -> None:
    with patch("distportal.web.health.connection.cursor", side_effect=OperationalError("away")):
        assert Client().get("/health/live", **POD).status_code == 200
        answer = Client().get("/health/ready", **POD)
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "OperationalError")


def test_before_its_migrations_were_run_a_process_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("distportal.web.health._migrated", [])
    newest = MigrationRecorder.Migration.objects.filter(app="events").order_by("name").last()
    assert newest
    newest.delete()
    answer = Client().get("/health/ready", **POD)
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "1 to run")
    newest.save(force_insert=True)
    assert Client().get("/health/ready", **POD).status_code == 200
