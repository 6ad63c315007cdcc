"""A partner who cannot be reached is one incident with the files that wait for it; an ERP's counts the orders."""

from __future__ import annotations

import pytest

from distportal.systems.sftp.base import TransportError
from edi.choices import Direction
from edi.models import Mailbox
from edi.process.links import note_failure
from edi.queries.failing_links import MOST_FAILURES, failing_partners
from edi.seeds import seed_edi
from exceptions.models import Case, Incident
from exceptions.process.incidents.watching import watch_incidents
from orders.models import ErpCommand
from orders.process.intake import place_order
from orders.queries.awaited import orders_waiting
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def test_a_partner_that_is_away_is_one_incident_that_has_the_case_of_its_mailbox(cast: Cast) -> None:
    seed_edi()
    box = Mailbox.objects.select_related("partner").order_by("partner__code", "pk")[0]
    for _ in range(MOST_FAILURES - 1):
        note_failure(mailbox=box, direction=Direction.OUT, error=TransportError("no route"))
    assert (list(failing_partners()), Case.objects.count()) == ([], 0)
    note_failure(mailbox=box, direction=Direction.OUT, error=TransportError("no route"))
    note_failure(mailbox=box, direction=Direction.IN, error=TransportError("no route", permanent=True))
    assert watch_incidents()["began"] == 1
    [row] = Incident.objects.all()
    assert (row.key, row.failures, row.case_count) == (f"partner · {box.partner.code}", MOST_FAILURES, 2)
    assert "no route" in row.reason


def test_what_waits_for_an_erp_is_counted_with_its_money(synced: SandboxProcess) -> None:
    order = place_order(order=asked(("FST-10001", "10", "EA", None), po="PO-1"), source_key="t:1").order
    assert ErpCommand.objects.get().state == "pending"
    assert orders_waiting("default") == (1, {"USD": order.total})
    assert orders_waiting("other") == (0, {})
