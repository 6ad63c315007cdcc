"""All kinds of cases as one table, from what the apps registered."""

from __future__ import annotations

from collections.abc import Iterator

from exceptions.choices import Severity
from exceptions.queries.runbooks import shipped_text
from exceptions.registry import CaseKind, case_kinds

SECTIONS = ("## What to do", "## When it ends")
_HEAD = """# Kinds of exceptions

Made from the code by `manage.py case_kinds`; do not edit. Times are minutes of the team's working time. Runbooks lie in
`<app>/runbooks/<kind>.md`; a site may change them, see [exception-desk.md](exception-desk.md).

| Kind | What | Queue | Least severity | First answer | Settled | May be corrected | Actions | Closes by itself when |
|---|---|---|---|---|---|---|---|---|
"""


def lacking(kind: CaseKind) -> Iterator[str]:
    """What the kind still needs, in words; nothing for one that is whole."""
    text = shipped_text(kind.kind)
    if not kind.title:
        yield "a title"
    if kind.severity not in Severity.values:
        yield "a severity"
    if not 0 < kind.sla.first_response <= kind.sla.solution:
        yield "times that can be kept"
    if not text.startswith("# "):
        yield f"a runbook {kind.kind}.md"
    yield from (f"the section {section} in its runbook" for section in SECTIONS if section not in text)
    if not kind.actions and not kind.ends:
        yield "a way to end: an action or something that closes it by itself"
    if kind.fields and kind.editor is None:
        yield "an editor of the fields that may be corrected"
    if not kind.cause:
        yield "what makes two cases one cause"


def kinds_table() -> str:
    """docs/exception-kinds.md."""
    return _HEAD + "".join(_row(kind) for kind in case_kinds())


def _row(kind: CaseKind) -> str:
    cells = (
        f"`{kind.kind}`", kind.title, kind.queue, Severity(kind.severity).label, kind.sla.first_response,
        kind.sla.solution, ", ".join(kind.fields) or "–", ", ".join(action.label for action in kind.actions) or "–",
        kind.ends or "–",
    )  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |\n"
