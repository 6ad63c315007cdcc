"""While the database is away pages say so in the status; a fault of ours stays a 500."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "again"), [(OperationalError("gone"), 503, "10"), (ValueError("a bug"), 500, None)]
)
def test_a_page_without_a_database_is_a_503(error: Exception, status: int, again: str | None) -> None:
    client = Client(raise_request_exception=False)
    with patch("allauth.account.views.LoginView.get", side_effect=error):
        answer = client.get("/accounts/login/")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, again)
    assert b"gone" not in answer.content
