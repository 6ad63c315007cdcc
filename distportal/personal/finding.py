"""Which rows are somebody's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import JSONField, Model, Q

from distportal.accounts.personal import DataClass, Held, Person

CHUNK = 200
_NAMED = (DataClass.AUDIT, DataClass.IDENTITY)


@dataclass(frozen=True, slots=True)
class Marks:
    """How somebody is known in words: the address as a whole one, the name as whole words."""

    email: re.Pattern[str]
    name: re.Pattern[str] | None
    """Of rows that are theirs."""
    own_name: re.Pattern[str] | None
    """Enough by itself, where nobody else is called so."""


def marks_of(person: Person) -> Marks:
    """What to look for."""
    email = re.compile(rf"(?<![\w.%+-]){re.escape(person.email)}(?![\w-]|\.\w)", re.IGNORECASE)
    return Marks(email, _words(person.shared_name or person.name), _words(person.name))


def rows_of(held: Held, person: Person) -> Iterator[Model]:
    """The rows that are theirs; the database finds what may be, the words are looked at closely here."""
    wanted, marks = _maybe(held, person), marks_of(person)
    if not wanted:
        return
    for row in held.model._base_manager.filter(wanted).order_by("pk").iterator(chunk_size=CHUNK):
        if _owned(held, row, person) or _marked(held, row, marks):
            yield row


def text_of(value: Any) -> str:
    """A column's value in words."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _maybe(held: Held, person: Person) -> Q:
    wanted = Q()
    if person.user is not None:
        for path in held.owners:
            wanted |= Q(**{path: person.user.pk})
    for column in held.texts():
        wanted |= Q(**{f"{column.name}__icontains": person.email})
        if person.name and held.fields[column.name] in _NAMED and not isinstance(column, JSONField):
            wanted |= Q(**{f"{column.name}__icontains": person.name})
    return wanted


def _owned(held: Held, row: Model, person: Person) -> bool:
    return person.user is not None and any(_at(row, path) == person.user.pk for path in held.owners)


def _at(row: Any, path: str) -> Any:
    *steps, last = path.split("__")
    for step in steps:
        row = getattr(row, step, None)
    if row is None:
        return None
    return getattr(row, row._meta.get_field(last).attname)


def _marked(held: Held, row: Model, marks: Marks) -> bool:
    for column in held.texts():
        text = text_of(getattr(row, column.attname))
        if marks.email.search(text):
            return True
        if marks.own_name and held.fields[column.name] in _NAMED and marks.own_name.search(text):
            return True
    return False


def _words(name: str) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") if len(name) > 2 else None
