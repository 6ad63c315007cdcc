"""The message integrity check: which digest, written how."""

from __future__ import annotations

import base64
import hashlib

from edi.transports.arriving import Bytes

DIGESTS = {"sha1": "sha-1", "sha256": "sha-256", "sha384": "sha-384", "sha512": "sha-512"}
"""Our name -> the name in `micalg` (RFC 5751); both are understood, with and without the dash."""


def digest_name(word: str) -> str:
    """Our name of a digest, "" for one that we do not know."""
    found = word.strip().strip('"').lower().replace("-", "").replace("_", "")
    return found if found in DIGESTS else ""


def mic_of(data: Bytes, digest: str) -> str:
    """Base64 of the digest, as `Received-Content-MIC` has it."""
    return base64.b64encode(hashlib.new(digest, data).digest()).decode()


def first_known(words: str) -> str:
    """The first digest of a comma list that we know, such as the value of `signed-receipt-micalg`."""
    return next((name for name in map(digest_name, words.split(",")) if name), "")
