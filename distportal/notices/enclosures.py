"""Papers that go with mails. They are kept once, by the app that wrote them; a mail names its paper by kind and id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One file as it is attached."""

    name: str
    media_type: str
    content: bytes


Fetch = Callable[[str], Paper | None]
_FETCHERS: dict[str, Fetch] = {}


def register_enclosure(kind: str, fetch: Fetch) -> None:
    """Mails may name papers `<kind>:<id>`; `fetch` takes the id. None: it is gone, the mail goes alone."""
    _FETCHERS[kind] = fetch


def enclosed(name: str) -> Paper | None:
    """The paper that a mail names; None where it names none. Raises KeyError for a kind that nobody registered."""
    kind, _, pk = name.partition(":")
    return _FETCHERS[kind](pk) if name else None
