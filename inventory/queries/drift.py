"""The differences with the ERP that are still open."""

from __future__ import annotations

from exceptions.queries import open_cases


def open_drift(*, kind: str, code: str) -> set[str]:
    """The subjects that have an open case of that kind and code."""
    return set(open_cases().filter(kind=kind, code=code).values_list("subject_id", flat=True))
