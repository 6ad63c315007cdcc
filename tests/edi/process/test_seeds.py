"""The demo's partners and first orders."""

from __future__ import annotations

from pathlib import Path

import pytest

from distportal.events.sweeper import work_until_idle
from edi.models import Document, InboundFile, Mailbox, TradingPartner
from edi.process.mailboxes import poll_mailboxes
from edi.seeds import SAMPLES, seed_edi
from exceptions.models import Case
from orders.models import Order
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edi.process.sightings.QUIET_SECONDS", 0.0)
    poll_mailboxes()
    work_until_idle()


def test_each_sample_is_dropped_once_and_ends_as_it_should(
    cast: Cast, edi_root: Path, catalogue: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed_edi()
    seed_edi()
    assert sorted(p.name for p in edi_root.glob("*/inbox/*")) == sorted(name for _, name, *_ in SAMPLES)
    work(monkeypatch)
    seed_edi()
    work(monkeypatch)
    assert (TradingPartner.objects.count(), Mailbox.objects.count(), InboundFile.objects.count()) == (4, 4, 4)
    found = {o.po_number: o for o in Order.objects.all()}
    assert {po: o.status for po, o in found.items()} == {
        "CR-88001": "confirmed",
        "CR-88002": "held",
        "BW-51001": "held",
        "BW-51002": "confirmed",
    }
    codes = {po: list(o.findings.values_list("code", flat=True)) for po, o in found.items()}
    assert codes == {
        "CR-88001": [],
        "CR-88002": ["price_differs"],
        "BW-51001": ["item_unknown"],
        "BW-51002": ["stock_short"],
    }
    assert len(catalogue.orders(f"NL-{found['CR-88001'].number}")) == 1
    assert sorted(Case.objects.values_list("kind", flat=True)) == ["order.item_unknown", "order.price_differs"]
    assert Document.objects.filter(set_id="855").count() == 2
    assert Document.objects.filter(set_id="997", direction="out").count() == 4


def test_orders_wait_until_the_catalogue_was_read(cast: Cast, edi_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seed_edi()
    work(monkeypatch)
    assert Document.objects.filter(set_id="997").count() == 4, "acknowledged at once"
    assert {d.state for d in Document.objects.filter(direction="in")} == {"valid"}
    assert not Order.objects.exists()
    assert not Case.objects.exists()
