"""A switch is planned, waits, is refused, taken back, and moves each subject once."""

from __future__ import annotations

import datetime as dt

import pytest

from distportal.accounts.models import Account
from distportal.common.errors import Invalid
from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from distportal.systems.models import ErpAssignment, ErpSwitch, ErpSwitchSubject
from exceptions.models import Case
from inventory.models import ErpFact
from orders.errors import SwitchRefused
from orders.models import ErpCommand, Order
from orders.process.switching import applying
from orders.process.switching.following import follow_companies
from orders.process.switching.planning import cancel_switch, plan_switch, preview_switch
from tests.conftest import Cast
from tests.two_erps.conftest import SKU, Two

pytestmark = pytest.mark.django_db


def test_an_account_that_comes_to_a_moved_company_follows_it(cast: Cast, two: Two) -> None:
    Account.objects.filter(code="SUMMIT").update(company="WEST")
    two.move("company", "WEST")
    assert Account.objects.get(code="SUMMIT").erp == "new"
    Account.objects.filter(code__in=("HARBOR", "CRESTLINE")).update(company="WEST")
    ErpAssignment.objects.create(
        kind="account", key="CRESTLINE", connection="default", from_at=database_now(), reason="stays", decided_by="Olga"
    )
    order = two.place((SKU, "10"), send=False)
    mark(order, "sending", "unknown")
    assert follow_companies() == 0, "whether the old ERP has its order is not known"
    mark(order, "confirmed")
    assert follow_companies() == 1
    assert dict(Account.objects.filter(company="WEST").values_list("code", "erp")) == {
        "SUMMIT": "new", "HARBOR": "new", "CRESTLINE": "default",
    }  # fmt: skip
    assert Account.objects.get(code="HARBOR").credit_as_of is not None, "with the figures of the ERP it is with now"
    assert follow_companies() == 0
    assert two.place((SKU, "1")).erp == "new"


def test_a_command_of_unknown_outcome_delays_its_account_and_nobody_else(cast: Cast, two: Two) -> None:
    order = two.place((SKU, "10"), send=False)
    mark(order, "sending", "unknown")
    switch = plan_switch(
        kind="account", keys=["HARBOR", "SUMMIT"], to="new", due_at=database_now(), reason="wave", actor="Olga"
    )
    for _ in range(2):
        with pytest.raises(RetryLater):
            applying.apply_switch(switch_id=switch.pk)
    switch.refresh_from_db()
    assert switch.state == "delayed"
    assert dict(switch.subjects.values_list("key", "state")) == {"HARBOR": "delayed", "SUMMIT": "done"}
    [case] = Case.objects.filter(kind="erp.switch_delayed")
    assert f"waits for HARBOR: whether the ERP has NL-{order.number} is not known yet" in case.sentence
    mark(order, "confirmed")
    applying.apply_switch(switch_id=switch.pk)
    switch.refresh_from_db()
    case.refresh_from_db()
    assert (switch.state, case.status) == ("done", "resolved")
    assert ErpAssignment.objects.count() == 2


def mark(order: Order, *states: str) -> None:
    for state in states:
        ErpCommand.objects.filter(order=order).update(state=state)


def test_a_switch_waits_for_its_time_and_can_be_taken_back(cast: Cast, two: Two) -> None:
    later = database_now() + dt.timedelta(hours=1)
    row = plan_switch(kind="account", keys=["HARBOR"], to="new", due_at=later, reason="wave", actor="Olga")
    work_until_idle()
    assert not ErpAssignment.objects.exists()
    with pytest.raises(RetryLater):
        applying.apply_switch(switch_id=row.pk)
    with pytest.raises(SwitchRefused, match="another planned switch"):
        plan_switch(kind="account", keys=["HARBOR"], to="new", due_at=later, reason="again", actor="Olga")
    with pytest.raises(Invalid):
        cancel_switch(switch_id=row.pk, reason=" ", actor="Olga")
    cancel_switch(switch_id=row.pk, reason="not yet", actor="Olga")
    ErpSwitch.objects.filter(pk=row.pk).update(due_at=database_now())
    Job.objects.filter(kind="orders.apply_switch").update(next_at=database_now())
    work_until_idle()
    assert not ErpAssignment.objects.exists()
    with pytest.raises(SwitchRefused, match="cancelled"):
        cancel_switch(switch_id=row.pk, reason="twice", actor="Olga")
    assert two.move("account", "HARBOR").state == "done"


def test_a_crash_in_the_middle_moves_each_subject_once(cast: Cast, two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "AT_ONCE", 1)
    row = plan_switch(
        kind="account", keys=["HARBOR", "SUMMIT"], to="new", due_at=database_now(), reason="wave", actor="Olga"
    )
    real, seen = applying.take_over_accounts, []

    def dies(*, codes: list[str], to: str) -> None:
        seen.append(codes)
        if len(seen) == 2:
            raise MemoryError("the worker is gone")
        real(codes=codes, to=to)

    monkeypatch.setattr(applying, "take_over_accounts", dies)
    with pytest.raises(MemoryError):
        applying.apply_switch(switch_id=row.pk)
    assert [s.state for s in ErpSwitchSubject.objects.all()] == ["done", "waiting"]
    assert ErpAssignment.objects.count() == 1
    applying.apply_switch(switch_id=row.pk)
    applying.apply_switch(switch_id=row.pk)
    assert seen == [["HARBOR"], ["SUMMIT"], ["SUMMIT"]]
    assert list(ErpAssignment.objects.order_by("key").values_list("key", flat=True)) == ["HARBOR", "SUMMIT"]
    assert ErpSwitch.objects.get(pk=row.pk).state == "done"


def test_the_preview_counts_what_stays_behind_and_what_differs(cast: Cast, two: Two) -> None:
    from inventory.process.comparing import compare_erps

    two.new.leave(SKU, "1000", 7)
    two.read("new")
    compare_erps(right="new")
    two.place((SKU, "10"))
    found = preview_switch(kind="account", keys=["HARBOR"], to="new")
    assert (found.subjects, found.open_orders, found.unconfirmed, found.reservations) == (1, 1, 0, 1)
    assert found.prices_differ > 0
    assert found.refusals == ()
    item = preview_switch(kind="item", keys=[SKU], to="new")
    assert (item.open_orders, item.stock_differs) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "keys", "to", "why"),
    [
        ("account", [], "new", "nothing was chosen"),
        ("account", ["NOBODY"], "new", "we know no account NOBODY"),
        ("item", ["NO-SUCH"], "new", "we know no item NO-SUCH"),
        ("account", ["HARBOR"], "other", "ERP other does not run beside"),
        ("account", ["HARBOR"], "default", "HARBOR is with ERP default already"),
    ],
)
def test_what_cannot_be_moved_is_refused_with_every_reason(
    cast: Cast, two: Two, kind: str, keys: list[str], to: str, why: str
) -> None:
    with pytest.raises(SwitchRefused, match=why):
        plan_switch(kind=kind, keys=keys, to=to, due_at=database_now(), reason="x", actor="Olga")
    assert not ErpSwitch.objects.exists()
    with pytest.raises(Invalid, match="sign with your name"):
        plan_switch(kind=kind, keys=keys, to=to, due_at=database_now(), reason="x", actor=" ")


def test_an_item_that_the_new_erp_does_not_have_is_refused(cast: Cast, two: Two) -> None:
    ErpFact.objects.filter(connection="new", kind="item", sku=SKU).delete()
    with pytest.raises(SwitchRefused, match=f"ERP new has no item {SKU}"):
        plan_switch(kind="item", keys=[SKU], to="new", due_at=database_now(), reason="x", actor="Olga")
