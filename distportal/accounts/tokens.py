"""Tokens of an hour for API keys, as OAuth 2 has them for clients. None is stored; a token is as good as its key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core import signing

from distportal.accounts.models import ApiKey
from distportal.accounts.process import note_use

LIFE = dt.timedelta(hours=1)
_SALT = "distportal.accounts.tokens"


def make_token(key: ApiKey, scopes: Iterable[str]) -> str:
    """A token that opens what these scopes of the key open. It names the key and its end, and nothing secret."""
    return signing.dumps({"key": key.prefix, "scopes": sorted(scopes)}, salt=_SALT, compress=True)


def use_token(*, token: str) -> tuple[ApiKey, frozenset[str]] | None:
    """The live key behind a token and the scopes that both have; None for a token that is not ours or older than an
    hour, and at once for one whose key was revoked or has expired.
    """
    try:
        told = signing.loads(token, salt=_SALT, max_age=LIFE)
    except signing.BadSignature:
        return None
    key = ApiKey.objects.filter(prefix=told["key"], revoked=False).select_related("policy").first()
    if key is None or key.has_expired:
        return None
    note_use(key)
    return key, frozenset(told["scopes"]) & frozenset(key.scopes)
