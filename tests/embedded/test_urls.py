"""Database URLs as Django wants them."""

from __future__ import annotations

import pytest

from distportal.embedded.urls import database_from_url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://postgres@/ops?host=/srv/a b/run", ("ops", "postgres", "", "/srv/a b/run", "")),
        ("postgres://app:p%40ss%2F@db.example.com:6432/orders", ("orders", "app", "p@ss/", "db.example.com", "6432")),
        ("postgresql://[::1]/ops", ("ops", "", "", "::1", "")),
        ("postgresql://%2Frun%2Fpg/ops?user=app&port=5433", ("ops", "app", "", "/run/pg", "5433")),
    ],
)
def test_parts_of_a_url(url: str, expected: tuple[str, ...]) -> None:
    assert tuple(database_from_url(url).values()) == expected


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://db/ops", "must start with postgresql://"),
        ("postgresql://db", "names no database"),
        ("postgresql://db/ops?sslmode=require", "sslmode"),
    ],
)
def test_what_cannot_be_honoured_is_refused(url: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        database_from_url(url)
