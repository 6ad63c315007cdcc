"""What the suite needs of an ERP: an adapter as a site would have it, staff who act on their own, and bad days."""

from __future__ import annotations

import itertools
import pathlib
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from distportal.systems.erp.port import DraftLine, ErpPort, OrderDraft, OrderState
from tests.erp_peers.proxy import Fault, FaultProxy, Kind

_numbers = itertools.count(1)
_run = uuid.uuid4().hex[:6].upper()


class World(ABC):
    """One ERP with its people. `offers` names what its adapter can do beyond orders, shipments and invoices."""

    offers: ClassVar[frozenset[str]]
    sku: ClassVar[str]
    other_sku: ClassVar[str]
    price: ClassVar[str]
    list_price: ClassVar[str] = "11"
    other_price: ClassVar[str]
    create_path: ClassVar[str]
    create_method: ClassVar[str] = "POST"
    steps: ClassVar[int]  # writes until an order is settled
    step_path: ClassVar[str] = ""
    change_paths: ClassVar[tuple[str, ...]] = ()  # the writes of a change, one after the other
    find_path: ClassVar[str]
    settle: ClassVar[float] = 0.5
    order_key: ClassVar[str] = "searchable"
    answers: ClassVar[str] = "at once"  # to changes and cancellations; or "later", or "no cancellation"
    changes_rest: ClassVar[bool] = False  # of an order that left in part
    proxy: FaultProxy

    @abstractmethod
    def __init__(self, folder: pathlib.Path) -> None:
        """Running when this returns."""

    @abstractmethod
    def erp(self, **changes: Any) -> ErpPort:
        """A new adapter; `changes` replace settings."""

    @property
    @abstractmethod
    def bad_secret(self) -> dict[str, str]:
        """The settings of somebody who is not let in."""

    @abstractmethod
    def held(self, order_key: str) -> list[str]:
        """The live orders of the key, as the ERP's staff see them."""

    @abstractmethod
    def enter_again(self, order_key: str) -> None:
        """Staff enter the same order a second time by hand."""

    @abstractmethod
    def ship(self, state: OrderState, quantities: Mapping[str, int]) -> None:
        """Staff ship so much of each line (by our line keys)."""

    @abstractmethod
    def bill(self, state: OrderState) -> str:
        """Staff bill what was shipped; the number of the last invoice."""

    @abstractmethod
    def stop(self) -> None:
        """Nothing of it runs any more."""

    def post_credit(self, order_key: str) -> None:
        """Staff post the credit memo; only where credits are offered."""
        raise LookupError("this ERP takes no credit requests")

    @abstractmethod
    def slow_down(self) -> None:
        """The next write takes long enough to be killed in the middle."""

    def kill_and_start(self) -> None:
        """The ERP loses power and comes back; only where "restart" is offered."""
        raise LookupError("this ERP cannot be killed")

    def fault(self, kind: Kind, **values: Any) -> None:
        """What happens to the next creation of an order."""
        self.proxy.next(Fault(kind=kind, method=self.create_method, path=self.create_path, **values))

    def step_fault(self, kind: Kind, **values: Any) -> None:
        """What happens to the next step of an order that is there."""
        self.proxy.next(Fault(kind=kind, method="POST", path=self.step_path, **values))

    def change_fault(self, kind: Kind, path: str) -> None:
        """What happens to the next write to that path."""
        self.proxy.next(Fault(kind=kind, method="POST", path=path))

    def read_fault(self, kind: Kind, **values: Any) -> None:
        """What happens to the next look-up."""
        self.proxy.next(Fault(kind=kind, method="GET", path=self.find_path, **values))

    def well(self) -> None:
        """No faults any more."""
        self.proxy.well()

    def line(self, key: str = "1", quantity: int = 2, sku: str = "", price: str = "", **changes: Any) -> DraftLine:
        """A line at the dealer's price."""
        values: dict[str, Any] = {
            "line_key": key, "sku": sku or self.sku, "quantity": Decimal(quantity), "unit": "EA",
            "unit_price": Decimal(price or self.price), "warehouse": "RENO",
        }  # fmt: skip
        return DraftLine(**{**values, **changes})

    def other_line(self, key: str = "2", quantity: int = 1) -> DraftLine:
        """A line of the second item."""
        return self.line(key, quantity, self.other_sku, self.other_price)

    def draft(self, *lines: DraftLine, **changes: Any) -> OrderDraft:
        """An order of Harbor Hardware with a key of its own."""
        values: dict[str, Any] = {
            "order_key": f"NL-{_run}-{next(_numbers):04d}", "content_hash": uuid.uuid4().hex, "customer": "HARBOR",
            "ship_to": "HARBOR-01", "currency": "USD", "customer_po": "PO-77", "lines": lines or (self.line(),),
        }  # fmt: skip
        return OrderDraft(**{**values, **changes})
