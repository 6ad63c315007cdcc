"""What higher apps add: ways to narrow the catalogue, panels of the item page, and the demands that wait for goods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDemand:
    """A demand of an item of which not all is there: its quantity and how much of it the ERP has set aside or sent
    (`settled`), both in base units. `since` says whose turn it is, `in_erp` whether the ERP has it already.
    """

    ref: str
    warehouse_id: int | None
    quantity: Decimal
    settled: Decimal
    since: dt.datetime
    in_erp: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandSource:
    """Where such demands are found: which items (ids) of some SKUs have any, and those of one item."""

    waiting_items: Callable[[Collection[str]], set[int]]
    open_demands: Callable[[int], Sequence[OpenDemand]]


_facets: list[Facet] = []
_panels: list[ItemPanel] = []
_sources: list[DemandSource] = []


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


def add_demand_source(source: DemandSource) -> None:
    """Register where demands are found."""
    if source not in _sources:
        _sources.append(source)


def demand_sources() -> Sequence[DemandSource]:
    """All of them."""
    return tuple(_sources)
