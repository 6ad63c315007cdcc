"""Signatures in the form of Standard Webhooks: HMAC-SHA256 over id, time and body, https://www.standardwebhooks.com."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from distportal.common.errors import Invalid
from distportal.common.sealing import Seal

PREFIX = "whsec_"
FEWEST_BYTES, MOST_BYTES = 24, 64
SEAL = Seal(b"webhook secrets at rest")


def new_secret() -> str:
    """A secret of 32 random bytes, as it is shown once: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """The bytes that sign. Raises Invalid for what is no secret of 24 to 64 bytes."""
    try:
        key = base64.b64decode(secret.strip().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not FEWEST_BYTES <= len(key) <= MOST_BYTES:
        raise Invalid(f"A secret is {PREFIX} and the base64 of {FEWEST_BYTES} to {MOST_BYTES} bytes. Nothing was kept.")
    return key


def signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """One signature with its version, `v1,…`."""
    told = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key_of(secret), told, hashlib.sha256).digest()).decode()


def signatures(keys: Sequence[str], message_id: str, timestamp: str, body: bytes) -> str:
    """The value of `webhook-signature`: one for each secret in force, the newest first."""
    return " ".join(signature(secret, message_id, timestamp, body) for secret in keys)
