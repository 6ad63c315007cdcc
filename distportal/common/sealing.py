"""Secrets at rest: sealed with a key made from SECRET_KEY, opened with it or with one of SECRET_KEY_FALLBACKS."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from distportal.common.errors import DomainError


class SealBroken(DomainError):
    """No key of ours opens the secret."""

    code = "seal_broken"
    http_status = 500

    def __init__(self) -> None:
        super().__init__(
            "a stored secret cannot be opened: SECRET_KEY was changed without keeping the old one in "
            "SECRET_KEY_FALLBACKS. Put it there, or enter the secret again"
        )


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals for one purpose: what one purpose sealed, another cannot open."""

    purpose: bytes

    def close(self, text: str) -> str:
        """The text, readable only with our SECRET_KEY; "" stays ""."""
        return self._keys().encrypt(text.encode()).decode() if text else ""

    def open(self, sealed: str) -> str:
        """The text again. Raises SealBroken."""
        if not sealed:
            return ""
        try:
            return self._keys().decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SealBroken from error

    def _keys(self) -> MultiFernet:
        return MultiFernet([self._fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])

    def _fernet(self, secret_key: str) -> Fernet:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=self.purpose).derive(secret_key.encode())
        return Fernet(base64.urlsafe_b64encode(derived))
