"""Secrets at rest: sealed with a key made from SECRET_KEY, opened with it or with one of SECRET_KEY_FALLBACKS."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from distportal.systems.sftp.base import TransportError


def seal(text: str) -> str:
    """The text, readable only with our SECRET_KEY; "" stays ""."""
    return _keys().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """The text again. Raises TransportError (permanent) when no key of ours opens it."""
    if not sealed:
        return ""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise TransportError(
            "a stored secret cannot be opened: SECRET_KEY was changed without keeping the old one in "
            "SECRET_KEY_FALLBACKS. Put it there, or enter the secret again",
            permanent=True,
        ) from error


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


def _keys() -> MultiFernet:
    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(secret_key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"edi secrets at rest").derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
