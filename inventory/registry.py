"""What higher apps add to the catalogue: ways to narrow it, and panels of the item page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from distportal.accounts.models import Account
    from inventory.models import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One way to narrow the catalogue: its name in the address, what it says, and the items it leaves."""

    code: str
    title: str | Promise
    order: int
    narrow: Callable[[QuerySet[Item], Account], QuerySet[Item]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPanel:
    """One block of an item's page: its template, and what fills its `panel`."""

    template: str
    order: int
    context: Callable[[HttpRequest, Item], Any]


_facets: list[Facet] = []
_panels: list[ItemPanel] = []


def add_facet(facet: Facet) -> None:
    """Register a facet."""
    if facet not in _facets:
        _facets.append(facet)


def add_item_panel(panel: ItemPanel) -> None:
    """Register a panel."""
    if panel not in _panels:
        _panels.append(panel)


def facets() -> Sequence[Facet]:
    """All of them, in order."""
    return sorted(_facets, key=lambda facet: facet.order)


def item_panels() -> Sequence[ItemPanel]:
    """All of them, in order."""
    return sorted(_panels, key=lambda panel: panel.order)
