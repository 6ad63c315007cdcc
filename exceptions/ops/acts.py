"""The buttons of a case's page: those that can do something now, and what trying again means."""

from __future__ import annotations

from typing import Any

from exceptions.models import Case
from exceptions.process.letters.redriving import ACTS, foresee_both
from exceptions.registry import REDELIVER, REPROCESS, case_kind

HELP = {
    REDELIVER: "Re-deliver: only the hand-over is tried again, with the same bytes under the same id.",
    REPROCESS: "Re-process: the work is done once more on the input that was kept, by today's code; what is there "
    "already is not made twice.",
}


def case_acts(case: Case) -> dict[str, Any]:
    """`acts`, the actions outside of the panel each with its help, and `letter_told`, how a dead letter stands where it
    cannot be tried again now.
    """
    kind = case_kind(case.kind)
    shown = [action for action in kind.actions if not action.in_panel]
    if kind.letter is None or not case.is_open:
        return {"acts": [(action, "") for action in shown], "letter_told": ""}
    verdicts = foresee_both([case])[case.pk]
    ways = {kind.letter.action_for(act): act for act in ACTS if kind.letter.action_for(act)}
    possible = {act for act, verdict in verdicts.items() if verdict.outcome == "would"}
    acts = [
        (action, HELP[ways[action.name]] if action.name in ways else "")
        for action in shown
        if action.name not in ways or ways[action.name] in possible
    ]
    told = verdicts[REDELIVER].standing.told if not possible else ""
    return {"acts": acts, "letter_told": told.capitalize()}
