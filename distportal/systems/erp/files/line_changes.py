"""What a change does to each line of an order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from distportal.systems.erp.files.facts import Action, LineAction
from distportal.systems.erp.port import DraftLine, OrderDraft


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line as it shall be; one that is deleted is as it was."""

    line: DraftLine
    action: LineAction


def line_changes(action: Action, draft: OrderDraft, before: OrderDraft | None) -> list[LineChange]:
    """Every line of the file of an action, in the order of the draft; what a change drops comes last."""
    if action == "cancel":
        return [LineChange(line, "deleted") for line in draft.lines]
    held = {line.line_key: line for line in before.lines} if before else {}
    made = [LineChange(line, _done(line, held.get(line.line_key), draft, before)) for line in draft.lines]
    kept = {line.line_key for line in draft.lines}
    return [*made, *(LineChange(line, "deleted") for key, line in held.items() if key not in kept)]


def known_lines(drafts: list[OrderDraft]) -> OrderDraft:
    """The last draft with the lines that it dropped behind its own, at nothing: an answer may still name them."""
    last, lines = drafts[-1], {line.line_key: line for draft in drafts for line in draft.lines}
    kept = {line.line_key for line in last.lines}
    dropped = (replace(line, quantity=Decimal(0)) for key, line in lines.items() if key not in kept)
    return replace(last, lines=(*last.lines, *dropped))


def _done(line: DraftLine, held: DraftLine | None, draft: OrderDraft, before: OrderDraft | None) -> LineAction:
    if held is None:
        return "new"
    moved = before is not None and (line.requested_on or draft.requested_on) != (
        held.requested_on or before.requested_on
    )
    return "changed" if moved or replace(line, requested_on=None) != replace(held, requested_on=None) else "same"
