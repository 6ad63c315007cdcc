"""Case kinds and what can be done about them, registered by the app that knows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest

from distportal.accounts.models import Account, User
from distportal.events.registry import DeadWork

if TYPE_CHECKING:
    from exceptions.models import Case

Run = Callable[["Case", Mapping[str, str], str, User], str]
Place = Callable[["Case"], "tuple[str, str] | None"]
PanelContext = Callable[["Case", HttpRequest], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAction:
    """One button: `run` gets the case, the form, the reason and the person, and tells in a sentence what happened.

    `in_panel`: the kind's panel has the button, with its own form.
    """

    name: str
    label: str
    style: str
    run: Run
    needs_reason: bool
    in_panel: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What an edit changes, as `{field, old, new}`, and what the thing is worth with it, in the case's currency."""

    changes: tuple[Mapping[str, str], ...]
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """How the thing behind a case is corrected. `judge` reads what an edit comes to and raises a DomainError for one
    that cannot be; `lock` locks the thing at the version that the person saw, or raises a Conflict; `apply` gets the
    case, the values by field, that version, the reason and who does it, and tells in a sentence what came of it.
    """

    judge: Callable[[Case, Mapping[str, str]], Edited]
    lock: Callable[[Case, int], None]
    apply: Callable[[Case, Mapping[str, str], int, str, User], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sla:
    """Minutes of the team's working time until somebody has looked, and until it is settled."""

    first_response: int
    solution: int


BY_SEVERITY = {1: Sla(first_response=480, solution=2400), 2: Sla(first_response=120, solution=960),
               3: Sla(first_response=60, solution=480), 4: Sla(first_response=15, solution=120)}  # fmt: skip
"""What is agreed for a kind of that severity unless it says otherwise."""
AT_ONCE = Sla(first_response=15, solution=60)
"""For what gets worse by the minute: goods that leave wrongly."""
WITHIN_DAYS = Sla(first_response=480, solution=2400)
"""For what needs other people's papers."""


REDELIVER, REPROCESS = "redeliver", "reprocess"
"""The two ways to try again what was given up, never one: hand over the same bytes under the same id, or run the
process once more on the input that was kept.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a thing that was given up stands now, and `told` says it: `dead`, `under_way` again, `over` (it was done, or
    the same was done otherwise) or `gone` (no row is kept of it). `refusals`: why an act cannot be, by its name.
    """

    state: str
    told: str = ""
    what: str = ""
    attempts: int = 0
    error: str = ""
    refusals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Cases of the kind are dead letters of a family. `redeliver` and `reprocess` name the kind's action for that act;
    an empty one does not exist. `look` gives the standing of many at once. `at_once`: the action itself tells whether
    it went well this time, nothing is awaited after it.
    """

    family: str
    look: Callable[[Sequence[Case]], Mapping[UUID, Standing]]
    redeliver: str = ""
    reprocess: str = ""
    at_once: bool = False

    def action_for(self, act: str) -> str:
        """The name of the action behind the act; empty where there is none."""
        return {REDELIVER: self.redeliver, REPROCESS: self.reprocess}.get(act, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseKind:
    """One kind of case. `severity` is the least a case of it has; money makes it worse. Its runbook is the file
    `<app>/runbooks/<kind>.md` of the app that registers it.

    `ends`: what closes a case without a person, as in "the 997 comes"; empty where only a person can.
    `fields`: what of the thing an agent may correct by its `editor`. `cause`: names in a case's `data` (or `account`,
    `code`) that, with the kind, make two cases one cause; `agreed` overrides what the severity says. `place` is where
    it broke (layer and name, as `erp`, `default`), so that a case belongs to the incident there. `letter`: cases of it
    are dead letters. `part`: what a case blocks is a part of its own of what its reference names, so that parts add up;
    else each case blocks the whole, which counts once.
    """

    kind: str
    title: str
    queue: str
    severity: int
    ends: str
    panel: str
    panel_context: PanelContext | None
    actions: tuple[CaseAction, ...]
    fields: tuple[str, ...] = ()
    cause: tuple[str, ...] = ("account",)
    agreed: Sla | None = None
    editor: Editor | None = None
    place: Place | None = None
    letter: Letter | None = None
    part: bool = False

    @property
    def sla(self) -> Sla:
        """How soon it has to be looked at and settled."""
        return self.agreed or BY_SEVERITY[self.severity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One way to read the thing behind cases of some subject types: `find` gives what its template needs, or None where
    nothing of it is kept. `readers` are the staff groups that may read it; none named is the whole desk.
    """

    name: str
    title: str
    subjects: frozenset[str]
    template: str
    find: Callable[[Case], dict[str, Any] | None]
    readers: frozenset[str] = frozenset()


LOOKS = ("raw", "parsed", "mapped", "erp")
"""In which order they are offered."""
_looks: list[Look] = []


def register_look(look: Look) -> None:
    """Make a way to read known."""
    _looks.append(look)


def looks_at(subject_type: str) -> list[Look]:
    """The ways to read a thing of that type, as they are offered."""
    found = [look for look in _looks if subject_type in look.subjects]
    return sorted(found, key=lambda look: LOOKS.index(look.name))


_kinds: dict[str, CaseKind] = {}


def register_kind(kind: CaseKind) -> None:
    """Make a kind known."""
    _kinds[kind.kind] = kind


def case_kinds() -> list[CaseKind]:
    """All of them by name."""
    return [kind for _, kind in sorted(_kinds.items())]


def letter_kinds() -> dict[str, Letter]:
    """The kinds whose cases are dead letters."""
    return {kind.kind: kind.letter for kind in case_kinds() if kind.letter}


def case_kind(kind: str) -> CaseKind:
    """The kind; an unregistered one has no panel and no actions."""
    found = _kinds.get(kind)
    return found or CaseKind(
        kind=kind, title=kind, queue="operations", severity=2, ends="", panel="", panel_context=None, actions=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A place that does not work now, for whatever cases: `reason` tells how one knows. `waiting` counts what waits for
    it and `blocked` its money by currency, where the source knows.
    """

    layer: str
    place: str
    title: str
    reason: str
    since: dt.datetime
    failures: int
    waiting: int = 0
    blocked: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What makes two troubles one incident."""
        return f"{self.layer} · {self.place}"[:120]


TroubleSource = Callable[[], Iterable[Trouble]]
Waiting = Callable[[str], tuple[int, Mapping[str, Decimal]]]
_sources: list[TroubleSource] = []
_waiting: dict[str, Waiting] = {}


def add_trouble_source(source: TroubleSource) -> TroubleSource:
    """Register who looks for places that do not work; asked every half minute."""
    if source not in _sources:
        _sources.append(source)
    return source


def trouble_sources() -> tuple[TroubleSource, ...]:
    """All of them."""
    return tuple(_sources)


def count_waiting(layer: str, count: Waiting) -> None:
    """Register who counts what waits for a place of the layer, and its money."""
    _waiting[layer] = count


def waiting_for(layer: str, place: str) -> tuple[int, Mapping[str, Decimal]]:
    """How much waits for the place, and its money by currency; nothing where nobody counts."""
    return _waiting[layer](place) if layer in _waiting else (0, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """What dead work is about, as its case tells it: whose it is, what people call it, and what it blocks."""

    reference: str
    account: Account | None = None
    amount: Decimal = Decimal(0)
    currency: str = "USD"


ConcernFinder = Callable[[DeadWork], Concern | None]
_finders: list[ConcernFinder] = []


def add_concern_finder(finder: ConcernFinder) -> ConcernFinder:
    """Register who knows what dead work is about; it runs in the transaction that marks the work dead."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def concern_of(dead: DeadWork) -> Concern | None:
    """What the first that knows says it is about."""
    return next((found for finder in _finders if (found := finder(dead))), None)
