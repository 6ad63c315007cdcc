"""Secrets at rest: sealed with a key made from SECRET_KEY, opened with it or with one of SECRET_KEY_FALLBACKS."""

from __future__ import annotations

import json
from collections.abc import Mapping

from distportal.common.sealing import Seal, SealBroken
from distportal.systems.sftp.base import TransportError

_SEAL = Seal(b"edi secrets at rest")


def seal(text: str) -> str:
    """The text, readable only with our SECRET_KEY; "" stays ""."""
    return _SEAL.close(text)


def unseal(sealed: str) -> str:
    """The text again. Raises TransportError (permanent) when no key of ours opens it."""
    try:
        return _SEAL.open(sealed)
    except SealBroken as error:
        raise TransportError(error.message, permanent=True) from error


def seal_all(secrets: Mapping[str, str]) -> str:
    """Several named secrets sealed as one; empty ones are left out."""
    kept = {name: value for name, value in secrets.items() if value}
    return seal(json.dumps(kept, sort_keys=True)) if kept else ""


def unseal_all(sealed: str) -> dict[str, str]:
    """The named secrets again."""
    text = unseal(sealed)
    found: dict[str, str] = json.loads(text) if text else {}
    return found


def resealed(sealed: str) -> str:
    """The same secret under today's SECRET_KEY, so that an old key can be retired."""
    return seal(unseal(sealed))
