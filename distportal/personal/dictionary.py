"""The page of what is held of people: each field with its class, and what becomes of it."""

from __future__ import annotations

from distportal.accounts.personal import DataClass, Held, OnErasure, histories, holdings
from distportal.events.retention import retentions

_HEAD = """# What is held of people

Made from the code by `manage.py personal_data fields`; do not edit. Each app registers its tables in
`personal_data.py`; a test fails where a field that leads to a person is in none of them. What is done with it:
[personal-data.md](personal-data.md).

"""


def personal_fields() -> str:
    """The page in Markdown."""
    classes = "".join(f"| `{kind.value}` | {kind.label} |\n" for kind in DataClass)
    ends = "".join(f"| `{end.value}` | {end.label} |\n" for end in OnErasure)
    rows = "".join(_line(held) for held in holdings())
    kept = "".join(
        f"| `{one.name}` | `{one.table}` | {one.data_class or ''} | {one.days:g} |\n" for one in retentions()
    )
    return (
        f"{_HEAD}| Class | Tells |\n|---|---|\n{classes}\n| On erasure | The row, or its words |\n|---|---|\n{ends}\n"
        "## Fields\n\nA table with a history keeps each row as it was; there the same fields become a pseudonym.\n\n"
        f"| Table | Fields | On erasure | |\n|---|---|---|---|\n{rows}\n"
        "## How long rows are kept that go by themselves\n\n"
        f"| Name | Table | Class | Days |\n|---|---|---|---|\n{kept}"
    )


def _line(held: Held) -> str:
    fields = ", ".join(f"`{name}` {kind.value}" for name, kind in held.fields.items())
    history = "with a history. " if any(True for _ in histories(held)) else ""
    said = f"{history}{held.why}".strip()
    return f"| `{held.name}` | {fields} | {held.on_erasure.value} | {said} |\n"
