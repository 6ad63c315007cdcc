"""The kinds of notices, each registered by the app that knows it, in the app's `notices` module."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

from distportal.accounts.models import Account, User
from distportal.common.sentences import value_again
from distportal.events.base import Delivered
from distportal.events.registry import Subscriber, subscribe
from distportal.notices.choices import Mode

DESTINATION = "notices"
Words = str | Promise
"""Text that may be translated when it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an event says to people: the account it is about, what fills the kind's sentence, and where to look.

    `people` are those whom it concerns; without any, everybody of the account whose role the kind names is told.
    Without an account it is told to our own people, and only to those that are named.
    """

    account: Account | None
    facts: Mapping[str, str]
    path: str = ""
    people: Collection[User] = ()


Reader = Callable[[Delivered], Told | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeKind:
    """One line of the grid. `sentence` has facts in braces, `labels` name the facts that a mail lists under it.

    `roles` of an account are told and may choose; `mandatory` cannot be switched off, only put into the digest;
    `weight` puts the heavier ones on top of a digest. `events` are read by `read`; a kind without them is told by
    calling `tell`. `sample` are made-up facts for the preview. A kind with `groups` is for our own people of these
    groups, and for nobody of the account.
    """

    key: str
    group: Words
    title: Words
    sentence: Words
    action: Words
    roles: frozenset[str]
    sample: Mapping[str, str]
    labels: Mapping[str, Words] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    mail: Mode = Mode.DIGEST
    mandatory: bool = False
    weight: int = 0
    events: tuple[str, ...] = ()
    read: Reader | None = None

    @property
    def audience(self) -> frozenset[str]:
        """The roles, or the groups of our own people, that are told and may choose."""
        return self.groups or self.roles

    def says(self, facts: Mapping[str, str]) -> str:
        """The sentence, in the language that is active."""
        return str(self.sentence).format_map(_Facts({name: value_again(text) for name, text in facts.items()}))

    def rows(self, facts: Mapping[str, str]) -> list[tuple[str, str]]:
        """Label and value of each fact that a mail lists."""
        return [(str(label), value_again(facts[name])) for name, label in self.labels.items() if facts.get(name)]


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""


_kinds: dict[str, NoticeKind] = {}
_listeners: list[Subscriber] = []


def add_notice_kind(kind: NoticeKind) -> NoticeKind:
    """Register a kind; its events are heard from now on."""
    _kinds[kind.key] = kind
    _hear()
    return kind


def notice_kind(key: str) -> NoticeKind | None:
    """The kind of that key, or None where this version of the code does not know it."""
    return _kinds.get(key)


def notice_kinds() -> list[NoticeKind]:
    """All of them, in the order in which they were registered."""
    return list(_kinds.values())


def kinds_of_event(event_type: str) -> list[NoticeKind]:
    """The kinds that an event of this type may be."""
    return [kind for kind in _kinds.values() if event_type in kind.events]


def listen(listener: Subscriber) -> Subscriber:
    """Register who turns the events of all kinds into notices."""
    _listeners[:] = [listener]
    _hear()
    return listener


def _hear() -> None:
    types = {name for kind in _kinds.values() for name in kind.events}
    for listener in _listeners:
        subscribe(*types, destination=DESTINATION, strict=False)(listener)
