"""Passwords that are known: common ones, also as people lengthen them, and those of the site's own list of leaks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import structlog
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

log = structlog.get_logger(__name__)
_AROUND = re.compile(r"^[\W\d_]{0,6}(.*?)[\W\d_]{0,6}$", re.DOTALL)
_REPEATED = re.compile(r"([^\W_].*?)(?:[\W_]?\1)+", re.DOTALL)
_LETTERS = str.maketrans("@4830157$!", "aabeoistsi")
_FEW = 3
"""So few characters over and over are no password, whichever they are."""
_LONG = 100
"""Nobody makes a common word this long."""


class LeakedPasswordValidator(CommonPasswordValidator):
    """Refuses Django's list of common passwords, made from leaks, and what is one of them but for digits and signs
    around it, digits for letters, or saying it twice. With `LEAKED_PASSWORDS` also what stands in that file: lines of
    SHA-1 in hex in their order, as haveibeenpwned.com offers them. No service is asked.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError; also where the site's file cannot be read, for then nobody knows."""
        if any(word in self.passwords or len(set(word)) <= _FEW for word in _plainer(password)):
            raise ValidationError(_("This password is too common: people try it first."), code="password_too_common")
        if settings.LEAKED_PASSWORDS and _in_file(Path(settings.LEAKED_PASSWORDS), password):
            raise ValidationError(
                _("This password has leaked somewhere, so it stands in lists that are tried."), code="password_leaked"
            )

    def get_help_text(self) -> str:
        return _("Your password can't be a common one, or one that has leaked.")


def _plainer(password: str) -> Iterator[str]:
    """The password, and what is left of it without what people add to make a word long enough."""
    said = password.casefold().strip()
    yield said
    for word in (said, _inside(said)) if len(said) <= _LONG else ():
        once = _REPEATED.fullmatch(word)
        for one in (word, once[1] if once else word):
            yield from (_inside(one) or one, _inside(one.translate(_LETTERS)) or one)


def _inside(word: str) -> str:
    found = _AROUND.fullmatch(word)
    return found[1] if found else word


def _in_file(path: Path, password: str) -> bool:
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    try:
        with path.open("rb") as file:
            return _stands_in(file, wanted)
    except OSError as error:
        log.warning("leaked_passwords.unreadable", error=type(error).__name__)
        raise ValidationError(
            _("The list of leaked passwords cannot be read just now. Your password was not changed; try it later."),
            code="password_not_checked",
        ) from error


def _stands_in(file: BinaryIO, wanted: bytes) -> bool:
    """Whether a line begins with `wanted`; halves the file at each look, so a list of a billion takes some forty."""
    low, high = 0, file.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        file.seek(max(middle - 1, 0))
        if middle:
            file.readline()
        line = file.readline()[: len(wanted)].upper()
        if line == wanted:
            return True
        if line and line < wanted:
            low = file.tell()
        else:
            high = middle
    return False
