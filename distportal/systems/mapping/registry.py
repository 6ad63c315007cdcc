"""What higher apps register: who the scopes are, which codes of ours exist, what is likely meant, and how to go on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from distportal.systems.mapping.models import MissingCode, Waiting


@dataclass(frozen=True, slots=True)
class Scope:
    """Somebody who has words of his own: `name` is stored (`partner:CRESTLINE`), `title` is shown."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which scopes are asked for: those of these `codes` (what is behind the prefix), or the first `most` of which code
    or title has the `text` in it.
    """

    text: str = ""
    codes: frozenset[str] | None = None
    most: int = 20


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code that is likely meant, and why."""

    code: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OurCodes:
    """What a kind of code is on our side: `known` gives those of some codes that exist, `suggest` what is likely meant
    by a missing code, best first.
    """

    known: Callable[[Collection[str]], set[str]]
    suggest: Callable[[MissingCode], Sequence[Suggestion]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiter:
    """How work of one type goes on once a code is mapped: `resume` runs outside a transaction and returns whether the
    wait is over with that (else the work itself ends it); a DomainError says why it does not go on. `address` is where
    people see it, "" where nowhere.
    """

    resume: Callable[[Waiting, MissingCode], bool]
    address: Callable[[str], str]


Keeper = Callable[[str, str, str, str], None]
"""Keeps (scope, their code, our code, who) in a table of its own, in the transaction of the mapping."""

ScopeSource = Callable[[Wanted], Iterable[Scope]]

_scopes: dict[str, ScopeSource] = {}
_codes: dict[str, OurCodes] = {}
_waiters: dict[str, Waiter] = {}
_keepers: dict[tuple[str, str], Keeper] = {}


def register_scopes(prefix: str, source: ScopeSource) -> None:
    """Whoever has scopes that begin so."""
    _scopes[prefix] = source


def register_codes(kind: str, codes: OurCodes) -> None:
    """The codes of ours of one kind; a kind without is free text."""
    _codes[kind] = codes


def register_waiter(subject_type: str, waiter: Waiter) -> None:
    """How work of that type goes on."""
    _waiters[subject_type] = waiter


def register_keeper(prefix: str, kind: str, keep: Keeper) -> None:
    """Codes of that kind and scope are kept elsewhere, and mapped there."""
    _keepers[prefix, kind] = keep


def find_scopes(text: str, *, most: int = 20) -> list[Scope]:
    """Those who may have words of their own and whose name or code has the text in it, by title; at most `most`."""
    wanted = Wanted(text=text.strip(), most=most)
    found = (scope for _, source in sorted(_scopes.items()) for scope in source(wanted))
    return sorted(found, key=lambda scope: scope.title.lower())[:most]


def scope_titles(names: Collection[str]) -> dict[str, str]:
    """How these scopes are shown; those that are gone are left out. One query for each sort of them."""
    codes: dict[str, set[str]] = {}
    for name in names:
        prefix, _, code = name.partition(":")
        codes.setdefault(prefix, set()).add(code)
    return {
        scope.name: scope.title
        for prefix, some in sorted(codes.items())
        if prefix in _scopes
        for scope in _scopes[prefix](Wanted(codes=frozenset(some), most=len(some)))
    }


def scope_title(name: str) -> str:
    """How the scope is shown; its name where it is gone."""
    return scope_titles([name]).get(name, name)


def our_codes(kind: str) -> OurCodes | None:
    """The codes of ours of that kind, or None where any text will do."""
    return _codes.get(kind)


def waiter(subject_type: str) -> Waiter | None:
    """How work of that type goes on, or None where this version of the code does not know."""
    return _waiters.get(subject_type)


def keeper(scope: str, kind: str) -> Keeper | None:
    """Who else keeps codes of that scope and kind."""
    return _keepers.get((scope.partition(":")[0], kind))
