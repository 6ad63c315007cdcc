"""What the suite needs of a warehouse: what it was asked, people who ship, and ears for what it tells."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from distportal.canonical.base import from_json
from distportal.canonical.warehouse import WarehouseOrder as CanonicalOrder
from distportal.events.sweeper import work_until_idle
from distportal.systems.logistics import save_logistics_connection, wms
from distportal.systems.wms.port import Instruction, WmsPort
from edi.documents.sscc import sscc18
from edi.models import WarehouseOrder
from edi.x12.tokens import Elements
from inventory.process.cursors import store_cursor
from orders.models import WarehouseRelease
from orders.process.warehouse_feed import read_warehouse
from tests.edi.conftest import Post
from tests.sandbox import SandboxProcess

SITES = {"RENO": "", "DAYTON": "", "NEWARK": ""}
PURPOSES = {"N": "original", "R": "change", "F": "cancel"}


def feed_end(sandbox: SandboxProcess, feed: str) -> str:
    """Where the feed ends now: what earlier tests did is history."""
    cursor, more = "", True
    while more:
        page = sandbox.get(f"/{feed}/v1/events", cursor=cursor, limit="500")
        cursor, more = page["next_cursor"], page["more"]
    return str(cursor)


class World(ABC):
    """One warehouse system that ships from all our places."""

    name: ClassVar[str]
    tells_by_itself: ClassVar[bool]

    def port(self) -> WmsPort:
        """As the portal reaches it."""
        return wms(self.name)

    @abstractmethod
    def asked(self, reference: str) -> list[tuple[int, dict[str, Decimal]]]:
        """(Sequence, quantity by line) that is in force there; no lines where it was taken back."""

    @abstractmethod
    def ship(
        self,
        reference: str,
        *,
        short: Mapping[str, int] | None = None,
        over: Mapping[str, int] | None = None,
        lots: Mapping[str, str] | None = None,
        number: str = "WH-1",
    ) -> None:
        """Its people ship, and the portal has heard of it when this returns."""


class RestWorld(World):
    """The sandbox over HTTP."""

    name = "resty"
    tells_by_itself = False

    def __init__(self, sandbox: SandboxProcess, **changes: Any) -> None:
        self.sandbox = sandbox
        settings = {"url": f"{sandbox.url}/wms", "settle_seconds": 0.6, "write_timeout": 1.0, **changes}
        save_logistics_connection(
            name=self.name, title="Reno floor", kind="wms_rest", settings=settings, serves=SITES,
            secrets={"token": "env:TEST_WMS_TOKEN"}, rate_per_minute=100_000, concurrency=8,
        )  # fmt: skip
        store_cursor(f"wms:{self.name}", feed_end(sandbox, "wms"), changes=0, complete=True)

    def asked(self, reference: str) -> list[tuple[int, dict[str, Decimal]]]:
        held = self.sandbox.get("/wms/v1/releases", reference=reference)["releases"]
        return [(row["sequence"], {} if row["stage"] == "cancelled" else self.lines(reference)) for row in held]

    def lines(self, reference: str) -> dict[str, Decimal]:
        """What the last PUT said; the sandbox shows states only, so its people look at the packing list."""
        listed = self.sandbox.get(f"/wms/staff/releases/{reference}")["order"]["lines"]
        return {line["line_no"]: Decimal(line["quantity"]) for line in listed}

    def ship(self, reference: str, **told: Any) -> None:
        self.staff(reference, "ship", **{"number": "WH-1", **{k: v for k, v in told.items() if v is not None}})
        self.hear()

    def staff(self, reference: str, step: str, **body: Any) -> dict[str, Any]:
        """Somebody on the floor does something."""
        return self.sandbox.post(f"/wms/staff/releases/{reference}/{step}", body)

    def take(self, row: WarehouseRelease) -> None:
        """The instruction reaches it, whatever the portal knows of that."""
        order = from_json(CanonicalOrder, row.canonical)
        told = {"reference": row.reference, "sequence": row.sequence, "content_hash": row.content_hash}
        self.port().release(Instruction(**told, order=order))

    def tell(self, **event: Any) -> dict[str, Any]:
        """An event of the tester's own."""
        return self.sandbox.post("/wms/staff/events", event)

    def hear(self) -> None:
        """The portal reads everything new."""
        read_warehouse(connection=self.name)
        work_until_idle()


class EdiWorld(World):
    """A partner with a mailbox."""

    name = "stowell"
    tells_by_itself = True

    def __init__(self, post: Post) -> None:
        self.post = post
        save_logistics_connection(
            name=self.name, title="Stowell", kind="wms_edi", settings={"partner": post.partner.code}, secrets={},
            serves=SITES,
        )  # fmt: skip

    def asked(self, reference: str) -> list[tuple[int, dict[str, Decimal]]]:
        sets = [row for row in self.post.sets("940") if row[1][2] == reference]
        if not sets:
            return []
        last = sets[-1]
        numbers = [row[2] for row in last if row[:2] == ["N9", "LI"]]
        quantities = [Decimal(row[1]) for row in last if row[0] == "W01"]
        lines = {} if last[1][1] == "F" else dict(zip(numbers, quantities, strict=True))
        return [(WarehouseOrder.objects.filter(number=reference).count(), lines)]

    def ship(
        self,
        reference: str,
        *,
        short: Mapping[str, int] | None = None,
        over: Mapping[str, int] | None = None,
        lots: Mapping[str, str] | None = None,
        number: str = "WH-1",
    ) -> None:
        known = WarehouseOrder.objects.filter(number=reference).order_by("-sequence").first()
        lines = known.canonical["lines"] if known else [{"line_no": "1", "quantity": "5", "items": [{"value": "X"}]}]
        rows: list[Elements] = [["W06", "F", reference, "20261125", "", number], ["N1", "WH", "Reno", "91", "RENO"]]
        rows += [["LX", "1"], ["MAN", "GM", f"00{sscc18('0614141', 11)}"]]
        for line in lines:
            no, asked = line["line_no"], line["quantity"]
            sent = str({**(over or {}), **(short or {})}.get(no, asked))
            status = "CP" if no in (short or {}) else "CC"
            rows += [["W12", status, asked, sent, "", "EA", "", "VN", line["items"][0]["value"]], ["N9", "LI", no]]
            rows += [["N9", "LT", (lots or {})[no]]] if no in (lots or {}) else []
        self.post.send("945", *rows, ["W03", "1"])
