"""Case kinds and what can be done about them, registered by the app that knows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from distportal.accounts.models import User

if TYPE_CHECKING:
    from exceptions.models import Case

Run = Callable[["Case", Mapping[str, str], str, User], str]
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
class CaseKind:
    """One kind of case with its default queue and severity, its runbook, and the panel that shows the thing itself."""

    kind: str
    title: str
    queue: str
    severity: int
    runbook: str
    panel: str
    panel_context: PanelContext | None
    actions: tuple[CaseAction, ...]


_kinds: dict[str, CaseKind] = {}


def register_kind(kind: CaseKind) -> None:
    """Make a kind known."""
    _kinds[kind.kind] = kind


def case_kind(kind: str) -> CaseKind:
    """The kind; an unregistered one has no panel and no actions."""
    found = _kinds.get(kind)
    return found or CaseKind(
        kind=kind, title=kind, queue="operations", severity=2, runbook="", panel="", panel_context=None, actions=()
    )
