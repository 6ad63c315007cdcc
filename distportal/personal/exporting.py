"""All that is held of somebody, as a ZIP of JSON files: one a table, with what each field means."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from distportal.accounts.personal import DataClass, Held, Person, histories, holdings
from distportal.personal.finding import rows_of

_READ_ME = """Everything that this portal holds of {email}.

Each file is a table, each entry a row. index.json says what the fields are and what becomes of them when somebody asks
to be forgotten. What proves who somebody is (passwords, one-time codes) is in no export. Files that came by EDI are the
sending company's; they are not searched.
"""


def export_of(person: Person) -> tuple[bytes, dict[str, int]]:
    """The ZIP, and how many rows of each table are in it; the table's name is that of its file."""
    counts: dict[str, int] = {}
    index: dict[str, Any] = {}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for held in _all():
            entries = [_entry(held, row) for row in rows_of(held, person)]
            if entries:
                counts[held.name] = len(entries)
                index[held.name] = {"fields": dict(held.fields), "on_erasure": held.on_erasure.label, "why": held.why}
                archive.writestr(f"{held.name}.json", _json(entries))
        archive.writestr("index.json", _json(index))
        archive.writestr("README.txt", _READ_ME.format(email=person.email))
    return file.getvalue(), counts


def _all() -> Iterator[Held]:
    for held in holdings():
        if any(kind != DataClass.SECRET for kind in held.fields.values()):
            yield held
        yield from histories(held)


def _entry(held: Held, row: Model) -> dict[str, Any]:
    told = [name for name, kind in held.fields.items() if kind != DataClass.SECRET]
    return {name: _value(row, name) for name in (*held.shown, *told)}


def _value(row: Any, path: str) -> Any:
    for step in path.split("__"):
        row = getattr(row, step, None)
    if isinstance(row, bytes | memoryview):
        return f"{len(row)} bytes"
    return str(row) if isinstance(row, Model) else row


def _json(what: Any) -> str:
    return json.dumps(what, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1, sort_keys=True)
