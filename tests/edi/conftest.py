"""Partners with mailboxes in a folder of the test, and a catalogue read from the sandbox ERP."""

from __future__ import annotations

import itertools
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from distportal.events.sweeper import work_until_idle
from edi.documents.registry import functional_id_of
from edi.models import InboundFile, OutboundFile, Sighting, TradingPartner, WarehouseLink
from edi.process.agreeing import agree_sets
from edi.process.mailboxes import folder_of, poll_mailboxes
from edi.process.sightings import take_anyway
from edi.seeds import order_body, partner_file, seed_other, seed_partner
from edi.x12.envelope import read_interchange
from edi.x12.tokens import Elements, split_interchanges
from inventory.models import Warehouse
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

_numbers = itertools.count(1)


@dataclass
class Post:
    """A partner's side of its mailbox."""

    partner: TradingPartner

    @property
    def root(self) -> Path:
        return folder_of(self.partner.mailbox).root

    def agree(self, direction: str, *set_ids: str) -> None:
        """Exactly these sets are agreed in that direction."""
        agree_sets(partner=self.partner, direction=direction, set_ids=set_ids, releases=["004010", "005010"])

    def drop(self, content: bytes, name: str = "") -> str:
        """A complete, quiet file in the inbox."""
        name = name or f"{uuid.uuid4().hex}.edi"
        inbox = self.root / "inbox"
        inbox.mkdir(parents=True, exist_ok=True)
        path = inbox / name
        path.write_bytes(content)
        quiet = time.time() - 60
        os.utime(path, (quiet, quiet))
        return name

    def take(self, content: bytes, name: str = "") -> InboundFile:
        """The file after everything that follows from it was done."""
        name = self.drop(content, name)
        poll_mailboxes()
        for cut_off in Sighting.objects.filter(mailbox=self.partner.mailbox, name=name, incomplete=True):
            take_anyway(sighting_id=cut_off.pk)  # a file without its end waits until a person wants it as it is
            poll_mailboxes()
        work_until_idle()
        return InboundFile.objects.get(mailbox=self.partner.mailbox, name=name)

    def fetched(self) -> dict[str, bytes]:
        """What lies in the outbox, by name."""
        outbox = self.root / "outbox"
        return {p.name: p.read_bytes() for p in sorted(outbox.iterdir())} if outbox.exists() else {}

    def sets(self, set_id: str) -> list[list[Elements]]:
        """The sets of a kind in the outbox, in the order of their interchanges, each ST to SE."""
        found = []
        for content in self.fetched().values():
            for group in read_interchange(split_interchanges(content)[0]).groups:
                found += [[s.elements for s in tset.segments] for tset in group.sets if tset.st01 == set_id]
        return found

    def order(self, *lines: tuple[str, str, str], po: str = "", ship_to: str = "0117", number: int = 0) -> bytes:
        """A file with one 850 of (SKU, quantity, price) lines, of today and wanted in a week."""
        rows = tuple((str(n), quantity, "EA", price, "", sku) for n, (sku, quantity, price) in enumerate(lines, 1))
        body = order_body(
            po or f"PO-{uuid.uuid4().hex[:8]}", ship_to, rows, on=timezone.localdate(), vendor_code="44871"
        )
        return partner_file(self.partner, number or next(_numbers) + 1000, "850", "PO", body)

    def send(self, set_id: str, *rows: Elements) -> InboundFile:
        """A file with one set, taken with all that follows from it."""
        functional_id = functional_id_of(set_id)
        return self.take(partner_file(self.partner, next(_numbers) + 1000, set_id, functional_id, list(rows)))

    def acknowledge(self, sent: OutboundFile, verdict: str = "A", *details: Elements) -> bytes:
        """The partner's 997 for a file of ours with one set."""
        group = sent.interchange.groups.get()
        document = group.documents.get()
        accepted = "0" if verdict == "R" else "1"
        body = [
            ["AK1", group.functional_id, group.control_number],
            ["AK2", document.set_id, document.control_number],
            *details,
            ["AK5", verdict, *(["5"] if verdict == "R" else [])],
            ["AK9", verdict, "1", "1", accepted],
        ]
        return partner_file(self.partner, next(_numbers) + 1000, "997", "FA", body)


@pytest.fixture
def edi_root(tmp_path: Path, settings: Any) -> Path:
    """An EDI_ROOT of the test's own."""
    settings.EDI_ROOT = tmp_path / "edi"
    settings.EDI_SPOOL = tmp_path / "spool"
    return tmp_path / "edi"


@pytest.fixture
def crestline(cast: Cast, edi_root: Path) -> Post:
    """Crestline, 004010."""
    return Post(seed_partner(code="CRESTLINE"))


@pytest.fixture
def tested(crestline: Post) -> Post:
    """Crestline, still in test."""
    crestline.partner.usage = "T"
    crestline.partner.save()
    crestline.agree("in", "850")
    crestline.agree("out", "855", "856", "810")
    return crestline


@pytest.fixture
def brightway(cast: Cast, edi_root: Path) -> Post:
    """Brightway, 005010."""
    return Post(seed_partner(code="BRIGHTWAY", release="005010", structure="0004"))


@pytest.fixture
def catalogue(synced: SandboxProcess) -> SandboxProcess:
    """The ERP whose catalogue the partners order from."""
    return synced


@pytest.fixture
def ship(catalogue: SandboxProcess) -> Callable[[str], None]:
    """The ERP ships and bills an order by its ERP number, and the portal reads it."""
    from orders.process.erp_feed import sync_erp

    def run(erp_number: str) -> None:
        catalogue.ship(erp_number)
        catalogue.invoice(erp_number)
        sync_erp()
        work_until_idle()

    return run


@pytest.fixture
def reno(cast: Cast, edi_root: Path, catalogue: SandboxProcess) -> Post:
    """Who runs the warehouses of Reno, Dayton and Newark for us, 004010."""
    partner = seed_other(code="STOWELL", name="Stowell Logistics", role="warehouse")
    for warehouse in Warehouse.objects.all():
        WarehouseLink.objects.create(partner=partner, warehouse=warehouse)
    return Post(partner)


@pytest.fixture
def carrier(cast: Cast, edi_root: Path) -> Post:
    """Who carries for us, 005010."""
    return Post(seed_other(code="ROADRUN", name="Roadrunner Freight", role="carrier", release="005010", scacs=["RRFT"]))
