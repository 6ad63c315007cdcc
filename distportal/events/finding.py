"""Find a story by any number that somebody has in hand: each app looks among its own."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from distportal.accounts.models import User

Words = str | Promise

MOST = 20
"""Of each kind; more are no answer to a number."""
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
LONGEST = 120
"""A Message-ID of AS2, the longest of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that bears the number: what it is, and the story and step that tell of it."""

    kind: Words
    title: str
    detail: str
    correlation_id: uuid.UUID
    step: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """What somebody typed: as it is, in capitals, its letters and digits alone, and its digits after a prefix."""

    text: str

    @property
    def spellings(self) -> tuple[str, ...]:
        """As it was typed, and in capitals; each is looked up on an index."""
        return tuple(dict.fromkeys((self.text, self.text.upper())))

    @property
    def plain(self) -> str:
        """Letters and digits in capitals."""
        return "".join(c for c in self.text.upper() if c.isalnum())

    @property
    def mark(self) -> uuid.UUID | None:
        """The id of a story, a trace or an event, with or without dashes; also of a whole `traceparent`."""
        told = _TRACEPARENT.fullmatch(self.text)
        try:
            return uuid.UUID(told[1] if told else self.text)
        except ValueError:
            return None

    def digits(self, prefix: str) -> int | None:
        """`D-12`, `d12` or `12` for the prefix `D`; None for anything else, and for what no column holds."""
        match = re.fullmatch(rf"(?:{prefix}[-\s]?)?(\d{{1,18}})", self.text, re.IGNORECASE | re.ASCII)
        return int(match[1]) if match else None


Finder = Callable[[Number, User], Iterable[Found]]
_finders: dict[str, Finder] = {}


def number_finder(name: str) -> Callable[[Finder], Finder]:
    """Register who looks for a number; a finder gives only what the person may see."""

    def register(finder: Finder) -> Finder:
        _finders[name] = finder
        return finder

    return register


def find_number(text: str, user: User) -> list[Found]:
    """Everything that bears the number and that the person may see, orders' numbers first; nothing for no number."""
    number = Number(" ".join(text.split())[:LONGEST])
    if not number.plain:
        return []
    return [found for _, finder in sorted(_finders.items(), reverse=True) for found in finder(number, user)]
