"""Signatures of what carriers post, in the Standard Webhooks form: HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import base64
import hashlib
import hmac

TOLERANCE_SECONDS = 300


def signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """The signature that the poster has to give, with its version."""
    told = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret.encode(), told, hashlib.sha256).digest()).decode()


def refusal_of(*, secret: str, message_id: str, timestamp: str, given: str, body: bytes, now: float) -> str:
    """Why the post is not believed; empty where it is. Several signatures (old and new secret) may be given."""
    if not timestamp.isdecimal() or len(timestamp) > 12 or abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return f"webhook-timestamp is not within {TOLERANCE_SECONDS} seconds of our clock"
    wanted = signature(secret, message_id, timestamp, body).encode()
    if not any(hmac.compare_digest(wanted, one.encode()) for one in given.split()):
        return "webhook-signature does not fit the body and our secret"
    return ""
