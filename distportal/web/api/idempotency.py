"""`Idempotency-Key` on writes: the same request is done once and answered alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from distportal.common.errors import DomainError, Invalid
from distportal.events.idempotency import Claim, StoredAnswer, claim_key, release_key, store_answer
from distportal.web.api.auth import Client

# Outcomes that say nothing about the request itself are not kept: the caller shall be able to try again.
_NOT_KEPT = {401, 403, 409, 422, 429, 503}


def once(request: Request, work: Callable[[str], Response], *, about: Any = None) -> Response:
    """The answer of `work`, called with the key; or the stored answer of the first such request. `about` is what tells
    requests apart where their data do not, as with files.

    Raises Invalid without a key, KeyReused (422) and StillRunning (409).
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 8 <= len(key) <= 120:
        raise Invalid("Send an Idempotency-Key header of 8 to 120 characters; nothing was done.")
    client = request.user
    if not isinstance(client, Client):
        raise Invalid("Only an API key can send an Idempotency-Key.")
    name = client.key.identity
    told = json.dumps([request.path, about or request.data], sort_keys=True, default=str)
    held = claim_key(client=name, key=key, request_hash=hashlib.sha256(told.encode()).hexdigest())
    if isinstance(held, StoredAnswer):
        return replayed(held)
    try:
        response = work(key)
    except DomainError:
        release_key(held)
        raise
    if response.status_code in _NOT_KEPT:
        release_key(held)
    else:
        keep_answer(held, response)
    return response


def keep_answer(held: Claim, response: Response) -> None:
    """Repeats are answered like this."""
    store_answer(held, status=response.status_code, body=JSONRenderer().render(response.data).decode())


def replayed(answer: StoredAnswer) -> Response:
    """The kept answer, byte for byte."""
    return Response(json.loads(answer.body), status=answer.status, headers={"Idempotent-Replayed": "true"})
