"""Whether a post comes from whom it says: its signature over the bytes as they came, and when it was made."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from distportal.common.errors import Invalid
from distportal.webhooks.choices import Scheme
from distportal.webhooks.models import Sender
from distportal.webhooks.signing import SEAL, signature

TOLERANCE_SECONDS = 300
MOST_ID = 120


def refusal_of(sender: Sender, headers: Mapping[str, str], body: bytes, now: dt.datetime) -> str:
    """Why the post is not believed; empty where it is."""
    standard = sender.scheme == Scheme.STANDARD
    stamp = headers.get("webhook-timestamp" if standard else sender.timestamp_header, "")
    if (standard or sender.timestamp_header) and not _is_recent(stamp, now):
        return f"its timestamp is not within {TOLERANCE_SECONDS} seconds of our clock"
    given = headers.get("webhook-signature" if standard else sender.signature_header, "")
    for secret in secrets_of(sender, now):
        if standard:
            wanted = signature(secret, headers.get("webhook-id", ""), stamp, body)
        else:
            wanted = plain_signature(secret, stamp if sender.timestamp_header else "", body)
        if any(hmac.compare_digest(wanted.encode(), _bare(one, standard=standard)) for one in given.split()[:10]):
            return ""
    return "its signature does not fit"


def plain_signature(secret: str, timestamp: str, body: bytes) -> str:
    """The hex of HMAC-SHA256 over the body, or over `<timestamp>.<body>`."""
    told = f"{timestamp}.".encode() + body if timestamp else body
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()


def event_key(sender: Sender, headers: Mapping[str, str], body: bytes) -> str:
    """The sender's own key of the event; where none can be found, what the body comes to: the same bytes are the same
    event.
    """
    where, _, name = sender.event_id_at.partition(":")
    if sender.scheme == Scheme.STANDARD:
        found: Any = headers.get("webhook-id", "")
    elif where == "header":
        found = headers.get(name, "")
    else:
        found = _inside(body, name)
    text = str(found).strip()
    if text and len(text) <= MOST_ID and text.isprintable():
        return text
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def secrets_of(sender: Sender, now: dt.datetime) -> list[str]:
    """The newest first; the one before as long as the two overlap."""
    found = [SEAL.open(sender.sealed_secret)]
    if sender.sealed_old_secret and sender.old_secret_until and sender.old_secret_until > now:
        found.append(SEAL.open(sender.sealed_old_secret))
    return found


def checked_plain_secret(secret: str) -> str:
    """The secret of a plain scheme. Raises Invalid for one that could be guessed."""
    if not 16 <= len(secret) <= 200:
        raise Invalid("A secret has 16 to 200 characters. Nothing was kept.")
    return secret


def _is_recent(stamp: str, now: dt.datetime) -> bool:
    known = stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12
    return known and abs(now.timestamp() - int(stamp)) <= TOLERANCE_SECONDS


def _bare(given: str, *, standard: bool) -> bytes:
    """`sha256=…`, as some write it, is what stands behind the sign."""
    return (given if standard else given.lower().removeprefix("sha256=")).encode()


def _inside(body: bytes, path: str) -> Any:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for name in path.split("."):
        found = found.get(name, "") if isinstance(found, dict) else ""
    return found if isinstance(found, str | int) else ""
