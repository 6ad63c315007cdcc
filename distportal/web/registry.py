"""What apps add to the shell: navigation entries and cards of the home page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from distportal.accounts.permissions import Act
from distportal.accounts.standing import Standing
from distportal.common.prepared import PreparedCount

Words = str | Promise
"""Text that may be translated when it is shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A count that is put into one statement with others of the page; `then` says what is shown of it."""

    count: PreparedCount
    values: tuple[Any, ...]
    then: Callable[[int], int] = int


Count = Callable[[HttpRequest], int | Asked]


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One entry: `audience` is `dealer` or a staff group's name; `count` shows what waits there. Dealers' people see it
    only where their role includes `act`.
    """

    audience: str
    section: Words
    title: Words
    url_name: str
    icon: str
    order: int
    count: Count | None = None
    act: Act | None = None
    keys: str = ""
    """What goes there, as `g o`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One block of the home page: its template and what fills it; `act` as in a NavItem."""

    audience: str
    template: str
    order: int
    context: Callable[[HttpRequest], dict[str, Any]]
    act: Act | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What every page says as long as it holds: a template, and what fills its `notice`."""

    template: str
    context: Callable[[HttpRequest], Any]


_nav: list[NavItem] = []
_notices: list[Notice] = []
_cards: list[Card] = []


def add_nav(item: NavItem) -> None:
    """Register an entry."""
    if item not in _nav:
        _nav.append(item)


def add_card(card: Card) -> None:
    """Register a card."""
    if card not in _cards:
        _cards.append(card)


def add_notice(notice: Notice) -> None:
    """Register a notice."""
    if notice not in _notices:
        _notices.append(notice)


def notices() -> tuple[Notice, ...]:
    """All of them, in the order in which they were registered."""
    return tuple(_notices)


def nav_for(audiences: frozenset[str], standing: Standing | None = None) -> list[NavItem]:
    """The entries for these audiences, in order; for somebody who stands for a company those of their role."""
    return sorted((n for n in _nav if n.audience in audiences and _open_to(n, standing)), key=lambda n: n.order)


def cards_for(audiences: frozenset[str], standing: Standing | None = None) -> list[Card]:
    """The cards for these audiences, in order; for somebody who stands for a company those of their role."""
    return sorted((c for c in _cards if c.audience in audiences and _open_to(c, standing)), key=lambda c: c.order)


def _open_to(entry: NavItem | Card, standing: Standing | None) -> bool:
    return entry.act is None or standing is None or standing.may(entry.act)
