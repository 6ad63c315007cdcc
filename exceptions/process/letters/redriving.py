"""Try again what was given up, once, in the way that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from distportal.accounts.models import User
from distportal.common.errors import Conflict
from distportal.events.errors import NotDead
from exceptions.choices import CaseStatus
from exceptions.errors import NotPossible
from exceptions.models import Case
from exceptions.process.entries import enter
from exceptions.process.facts import locked_open_case
from exceptions.process.letters.settling import end_done_otherwise
from exceptions.registry import REDELIVER, REPROCESS, CaseAction, Standing, case_kind

ACTS = {REDELIVER: "Re-deliver", REPROCESS: "Re-process"}
_DONE = {REDELIVER: "re-delivered", REPROCESS: "re-processed"}
_WOULD = {
    REDELIVER: "Would be handed over again: the same bytes under the same id",
    REPROCESS: "Would be processed again from what was kept",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an act would come to now: it `would` do something, is `over` already, or is `not_possible`; and why."""

    outcome: str
    told: str
    standing: Standing


def standings_of(cases: Iterable[Case]) -> dict[UUID, Standing]:
    """How each stands now, a few queries a kind; cases of kinds that are no dead letters are left out."""
    by_kind: dict[str, list[Case]] = {}
    for case in cases:
        by_kind.setdefault(case.kind, []).append(case)
    found: dict[UUID, Standing] = {}
    for kind, rows in sorted(by_kind.items()):
        letter = case_kind(kind).letter
        found |= letter.look(rows) if letter else {}
    return found


def foresee(*, cases: Sequence[Case], act: str) -> dict[UUID, Verdict]:
    """What the act would do to each; nothing is written."""
    return {case_id: verdicts[act] for case_id, verdicts in foresee_both(cases).items()}


def foresee_both(cases: Sequence[Case]) -> dict[UUID, dict[str, Verdict]]:
    """The same of each act, by its name; each kind is looked at once."""
    standings = standings_of(cases)
    return {case.pk: {act: _verdict(case, standings.get(case.pk), act) for act in ACTS} for case in cases}


def redrive(*, case_id: UUID, act: str, reason: str, user: User, version: int | None = None) -> str:
    """What came of trying it again, in a sentence; the case stays until it succeeds, or is settled at once where the
    same was done otherwise.

    Raises NotDead where it is tried again already, CaseChanged for a case that is resolved or, where `version` is
    given, has moved on: nothing is done twice then, and the case's history says that it was asked for. Raises
    NotPossible for an act that this thing does not have.
    """
    try:
        return _redrive(case_id, act, reason, user, version)
    except Conflict as error:
        enter(Case.objects.get(pk=case_id), "not repeated", f"{ACTS.get(act, act)}: {error.message}")
        raise


@transaction.atomic
def _redrive(case_id: UUID, act: str, reason: str, user: User, version: int | None) -> str:
    case = locked_open_case(case_id, version=version)
    verdict = _verdict(case, standings_of([case]).get(case.pk), act)
    if verdict.standing.state == "under_way":
        raise NotDead(f"{verdict.standing.told}; nothing was done twice")
    if verdict.outcome == "over":
        end_done_otherwise(case, verdict.told)
        return verdict.told
    action = action_of(case, act)
    if verdict.outcome != "would" or action is None:
        raise NotPossible(f"{verdict.told}; nothing was done")
    told = action.run(case, {}, reason.strip() or ACTS[act].lower(), user)
    enter(case, _DONE[act], reason.strip())
    letter = case_kind(case.kind).letter
    if letter and not letter.at_once:
        Case.objects.filter(pk=case.pk, version=case.version, status__in=CaseStatus.WORKED_ON).update(
            status=CaseStatus.RESUBMITTED, version=case.version + 1
        )
    return told


def action_of(case: Case, act: str) -> CaseAction | None:
    """The kind's action behind the act; None where it has none."""
    kind = case_kind(case.kind)
    name = kind.letter.action_for(act) if kind.letter else ""
    return next((action for action in kind.actions if name and action.name == name), None)


def _verdict(case: Case, standing: Standing | None, act: str) -> Verdict:
    if standing is None:
        none = Standing(state="gone", told="it is no dead letter")
        return Verdict(outcome="not_possible", told=none.told, standing=none)
    if standing.state in ("over", "under_way"):
        return Verdict(outcome="over", told=standing.told, standing=standing)
    why = standing.told if standing.state == "gone" else standing.refusals.get(act, "")
    if not why and action_of(case, act) is None:
        why = f"{case_kind(case.kind).title}: there is nothing to {ACTS.get(act, act).lower()}"
    outcome = "not_possible" if why else "would"
    return Verdict(outcome=outcome, told=why or _WOULD[act], standing=standing)
