"""Why a message or a receipt is not accepted."""

from __future__ import annotations


class As2Failure(Exception):
    """`modifier` is the word the sender is told in the receipt (RFC 4130 §7.5.3); the text is for people."""

    def __init__(self, modifier: str, text: str) -> None:
        super().__init__(text)
        self.modifier = modifier


DECRYPTION = "decryption-failed"
AUTHENTICATION = "authentication-failed"
INTEGRITY = "integrity-check-failed"
SECURITY = "insufficient-message-security"
DECOMPRESSION = "decompression-failed"
UNEXPECTED = "unexpected-processing-error"
