"""What can be talked about: each app registers its records, in its `subjects` module."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models

from distportal.accounts.models import Account, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A record as a thread names it. `path` is its page, empty where a dealer has none: then the thread's own page is
    where they read it. `people` tells the dealer's people whom it concerns; `ours_first`: dealers can only answer.
    """

    kind: str
    id: str
    account: Account
    label: str
    correlation_id: uuid.UUID
    path: str = ""
    people: Callable[[], Collection[User]] = tuple
    ours_first: bool = False

    @property
    def key(self) -> str:
        """How an address names it: `order.6f9619ff-…`."""
        return f"{self.kind}.{self.id}"


Describe = Callable[[Any], Subject | None]


@dataclass(frozen=True, slots=True)
class _Kind:
    model: type[models.Model]
    describe: Describe


_kinds: dict[str, _Kind] = {}


def add_subject(kind: str, model: type[models.Model], describe: Describe) -> None:
    """Register records of a model, under the word that cases and events call them by. `describe` gives None for one
    that is nobody's.
    """
    _kinds[kind] = _Kind(model, describe)


def subject_of(row: models.Model) -> Subject | None:
    """The subject of a record that somebody was shown already; None for one that is nobody's or of no known kind."""
    found = next((known for known in _kinds.values() if known.model is type(row)), None)
    return found.describe(row) if found else None


def find_subject(key: str, *, user: User) -> Subject | None:
    """The subject of an address, where the person may know of the record."""
    kind, _, pk = key.partition(".")
    known = _kinds.get(kind)
    if known is None or not pk:
        return None
    rows = cast(Any, known.model)._default_manager.visible_to(user)
    try:
        row = rows.filter(pk=pk).first()
    except (ValidationError, ValueError):
        return None
    return known.describe(row) if row is not None else None


def subject_named(kind: str, pk: str) -> Subject | None:
    """The subject that a case or an event names, whoever asks."""
    known = _kinds.get(kind)
    if known is None:
        return None
    try:
        row = known.model._default_manager.filter(pk=pk).first()
    except (ValidationError, ValueError):
        return None
    return known.describe(row) if row is not None else None
