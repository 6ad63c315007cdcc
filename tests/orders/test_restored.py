"""A restored portal knows less than its ERP and its partners: nothing is sent twice, nothing given out twice, and what
was forgotten is told.
"""

from __future__ import annotations

import datetime as dt
import io
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from distportal.events.clock import database_now
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from distportal.management.backup.ahead import go_ahead
from edi.models import ControlNumber
from edi.process.control_numbers import next_control_number
from edi.seeds import seed_partner
from exceptions.models import Case
from orders.models import ErpCommand, Order
from orders.process.intake import place_order
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def placed(po: str = "") -> Order:
    po = po or f"R-{uuid.uuid4().hex[:8]}"
    return place_order(order=asked(("FST-10001", "10", "EA", None), po=po), source_key=f"test:{po}").order


def creations(erp: SandboxProcess, order: Order) -> int:
    return erp.creations(f"NL-{order.number}")


def told() -> list[str]:
    return sorted(Case.objects.filter(kind="erp.drift", code="order_unknown").values_list("subject_id", flat=True))


@pytest.fixture
def erp(synced: SandboxProcess) -> SandboxProcess:
    """One that takes the same key twice, as ever: nothing but a look-up keeps a second order away."""
    return synced


def test_what_waited_is_looked_up_what_was_forgotten_is_told_and_no_number_comes_again(erp: SandboxProcess) -> None:
    waited, unsent = placed(), placed()
    the_backup = transaction.savepoint()
    Job.objects.filter(key=str(ErpCommand.objects.get(order=unsent).pk)).delete()  # this one never reaches the ERP
    forgotten = placed()
    work_until_idle()
    assert [creations(erp, order) for order in (waited, unsent, forgotten)] == [1, 0, 1]

    transaction.savepoint_rollback(the_backup)
    with connection.cursor() as cursor:  # a dump holds where a sequence stood
        cursor.execute("SELECT setval('orders_order_number', %s)", [unsent.number])
    done = go_ahead(10_000)
    assert "2 commands that waited are looked up in the ERP before they are sent" in done

    output = io.StringIO()
    call_command("reconcile", "order", stdout=output)
    assert "order_unknown" in output.getvalue()
    assert told() == [f"NL-{forgotten.number}"]
    assert not {f"NL-{waited.number}", f"NL-{unsent.number}"} & set(told())

    fresh = placed()
    assert fresh.number == unsent.number + 10_001
    work_until_idle()
    ErpCommand.objects.filter(order=unsent).update(last_sent_at=database_now() - dt.timedelta(hours=1))
    for _ in range(3):  # two look-ups after the ERP's settle time show nothing of it
        Job.objects.filter(state="ready", kind="orders.send_command").update(next_at=database_now())
        work_until_idle()
    for order in (waited, unsent, fresh):
        order.refresh_from_db()
        assert (order.status, creations(erp, order), len(erp.orders(f"NL-{order.number}"))) == ("confirmed", 1, 1)


def test_partners_never_see_a_control_number_again(cast: Cast) -> None:
    crestline, other = seed_partner(code="CRESTLINE"), seed_partner(code="SUMMIT")
    first = next_control_number(partner=crestline, counter="ISA", count=7)
    go_ahead(500)
    assert next_control_number(partner=crestline, counter="ISA") == first + 7 + 500
    assert not ControlNumber.objects.filter(partner=other).exists(), "it got nothing, so nothing was given out"


def test_for_practice_no_number_is_left_out(synced: SandboxProcess) -> None:
    before = placed().number
    assert go_ahead(0)[0].endswith("go on 0 later")
    assert placed().number == before + 1


def test_the_comparison_refuses_what_it_does_not_know_and_says_when_the_erp_is_away(erp: SandboxProcess) -> None:
    with pytest.raises(CommandError, match="no kind ordres"):
        call_command("reconcile", "ordres", stdout=io.StringIO())
    with pytest.raises(CommandError, match=r"nowhere.*Nothing was compared"):
        call_command("reconcile", "order", of="nowhere", stdout=io.StringIO())
    erp.faults({"kind": "error_500", "count": 50})
    with pytest.raises(CommandError, match=r"order: .*run it again"):
        call_command("reconcile", "order", stdout=io.StringIO())
    erp.faults()
