"""Heads and bodies as the log shows them: without secrets, and never much of them."""

from __future__ import annotations

from collections.abc import Iterable

MOST_HEADERS = 40
MOST_VALUE = 300
MOST_BODY = 1000
_SECRET = ("signature", "cookie", "authorization", "token", "secret", "api-key", "password")
_HIDDEN = "…"


def shown_head(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first headers by name; of one whose name speaks of a secret only that it was there."""
    found: dict[str, str] = {}
    for name, value in list(headers)[:MOST_HEADERS]:
        known = name.lower()[:80]
        secret = any(word in known for word in _SECRET)
        found[known] = _HIDDEN if secret else _clean(value)[:MOST_VALUE]
    return found


def shown_body(body: bytes, signature: str) -> str:
    """The beginning of an answer as text; a signature of ours that it repeats is left out."""
    text = _clean(body.decode("utf-8", "replace"))
    for one in signature.split():
        text = text.replace(one, _HIDDEN).replace(one.partition(",")[2], _HIDDEN)
    return text[:MOST_BODY]


def _clean(text: str) -> str:
    """Without NUL, which no column of ours can hold."""
    return text.replace("\x00", "")
