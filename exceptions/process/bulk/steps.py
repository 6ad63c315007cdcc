"""What can be done to many cases at once, and how it is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware

from distportal.accounts.models import User
from exceptions.choices import CaseStatus
from exceptions.errors import NoSuchPlace, ReasonMissing
from exceptions.models import BulkRun, Case, Routine
from exceptions.process.grouping import join_cases
from exceptions.process.handling import assign_case, claim_case, comment_case, move_case, put_aside
from exceptions.process.letters.redriving import ACTS, redrive
from exceptions.process.routines import run_routine
from exceptions.registry import CaseAction, case_kind

Do = Callable[[Case, int, BulkRun], str]
OF_KIND, OF_ROUTINE = "kind:", "routine:"
"""Before the name of an action that the cases' kind has, and before the id of a routine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkStep:
    """`do` gets the case, the version that was seen, and the run, and tells what happened. `asks` are the form's
    fields; `can_undo`: owner, state, queue and reminder can be put back as they were. `act` is the way in which dead
    letters are tried again: such a run is foreseen case by case and released at a rate. `fits` tells the cases that it
    is for.
    """

    name: str
    label: str
    do: Do
    asks: tuple[str, ...] = ()
    can_undo: bool = True
    act: str = ""
    fits: Callable[[Case], bool] = lambda _: True


def moment_of(form: Mapping[str, Any]) -> dt.datetime | None:
    """The time that was typed as `until`, in the site's zone; None for none."""
    try:
        found = parse_datetime(str(form.get("until", "")))
    except ValueError:
        return None
    return make_aware(found) if found and is_naive(found) else found


def person_of(form: Mapping[str, Any]) -> User:
    """Whom the form names. Raises NoSuchPlace."""
    person = User.objects.filter(email=str(form.get("person", "")).strip().lower(), is_staff=True).first()
    if person is None:
        raise NoSuchPlace("nobody of that address works here; nothing was done", field="person")
    return person


def _aside(status: str) -> Do:
    def do(case: Case, version: int, run: BulkRun) -> str:
        row = put_aside(case_id=case.pk, version=version, status=status, until=moment_of(run.form), note=run.reason)
        return f"{row.get_status_display()}"

    return do


def _queue(run: BulkRun) -> int:
    text = str(run.form.get("queue", ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def open_case_of(form: Mapping[str, Any]) -> Case:
    """The open case whose number the form names, as `E-12` or `12`. Raises NoSuchPlace: what joins a closed case is
    never seen.
    """
    text = str(form.get("case", "")).strip().upper().removeprefix("E-")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
    case = Case.objects.filter(number=number, status__in=CaseStatus.OPEN).first()
    if case is None:
        raise NoSuchPlace("name an open case that the others are put with; nothing was done", field="case")
    return case


def _joined(case: Case, version: int, run: BulkRun) -> str:
    target = open_case_of(run.form)
    if target == case:
        return "The others stand with it"
    join_cases(case_ids=[case.pk], into=target.pk)
    return f"Stands with {target}"


def _comment(case: Case, version: int, run: BulkRun) -> str:
    comment_case(case_id=case.pk, text=run.reason)
    return "Noted"


STEPS: dict[str, BulkStep] = {
    step.name: step
    for step in (
        BulkStep(
            name="claim", label="Take them",
            do=lambda case, version, run: f"{claim_case(case_id=case.pk, user=run.by, version=version)} is yours",
        ),
        BulkStep(
            name="assign", label="Give them to somebody", asks=("person", "reason"),
            do=lambda case, version, run: _assigned(case, version, run),
        ),
        BulkStep(
            name="move", label="Move to a queue", asks=("queue", "reason"),
            do=lambda case, version, run: "Now in "
            + str(move_case(case_id=case.pk, version=version, queue_id=_queue(run), reason=run.reason).queue),
        ),
        BulkStep(name="snooze", label="Snooze", asks=("until", "reason"), do=_aside(CaseStatus.SNOOZED)),
        BulkStep(
            name="wait_dealer", label="Wait for the dealer", asks=("until", "reason"),
            do=_aside(CaseStatus.WAITING_DEALER),
        ),
        BulkStep(
            name="wait_erp", label="Wait for the ERP", asks=("until", "reason"), do=_aside(CaseStatus.WAITING_ERP)
        ),
        BulkStep(name="join", label="Put together as one cause", asks=("case",), do=_joined),
        BulkStep(name="comment", label="Write a note", asks=("reason",), can_undo=False, do=_comment),
    )
}  # fmt: skip


def _again(act: str) -> Do:
    def do(case: Case, version: int, run: BulkRun) -> str:
        return redrive(case_id=case.pk, act=act, reason=run.reason, user=run.by, version=version)

    return do


PACED = {
    act: BulkStep(name=act, label=label, do=_again(act), asks=("rate", "reason"), can_undo=False, act=act)
    for act, label in ACTS.items()
}
"""The steps of dead letters, on a page of their own."""


def _assigned(case: Case, version: int, run: BulkRun) -> str:
    person = person_of(run.form)
    assign_case(case_id=case.pk, version=version, owner=person, reason=run.reason)
    return f"Now with {person}"


def step_called(name: str) -> BulkStep:
    """The step: one of the desk's, `kind:<action>` for an action of the cases' kind, or `routine:<id>`. Raises
    NoSuchPlace.
    """
    if name in STEPS or name in PACED:
        return STEPS.get(name) or PACED[name]
    if name.startswith(OF_ROUTINE) and _number_of(name).isdecimal():
        return _routine(name)
    if name.startswith(OF_KIND):
        return BulkStep(
            name=name, label=name.removeprefix(OF_KIND).replace("_", " ").capitalize(), do=_run_action,
            asks=("reason",), can_undo=False,
        )  # fmt: skip
    raise NoSuchPlace("there is no such action; nothing was chosen")


def _number_of(name: str) -> str:
    text = name.removeprefix(OF_ROUTINE)
    return text if text.isascii() and len(text) < 9 else ""


def _routine(name: str) -> BulkStep:
    """The routine as a step; a message that it sends is not taken back."""
    row = Routine.objects.filter(pk=int(_number_of(name))).first()
    return BulkStep(
        name=name, label=row.name if row else "A routine that is gone", can_undo=not (row and row.message),
        fits=lambda case: row is not None and row.fits(case.kind),
        do=lambda case, version, run: run_routine(
            case_id=case.pk, version=version, routine_id=int(_number_of(run.action)), user=run.by
        ),
    )  # fmt: skip


def shared_actions(kinds: set[str]) -> tuple[CaseAction, ...]:
    """What the kind of the cases offers beyond the desk's own; nothing for cases of several kinds, and nothing that
    needs the form of one case.
    """
    if len(kinds) != 1:
        return ()
    return tuple(action for action in case_kind(next(iter(kinds))).actions if not action.in_panel)


def _run_action(case: Case, version: int, run: BulkRun) -> str:
    name = run.action.removeprefix(OF_KIND)
    action = next((one for one in shared_actions({case.kind}) if one.name == name), None)
    if action is None:
        raise NoSuchPlace(f"a case of this kind has no action {name}; nothing was done")
    if action.needs_reason and not run.reason.strip():
        raise ReasonMissing("say why; nothing was done")
    return action.run(case, {}, run.reason, run.by)
