"""What finance goes by: tolerances of our own check, approval limits; changed with a reason, never over another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from distportal.accounts.models import User
from distportal.common.errors import DomainError, NotAllowed
from distportal.web.history_admin import changes_of
from exceptions.models import Case
from orders.errors import DisputeRefused, StaleVersion
from orders.models import ApprovalLimit, Invoice, InvoiceFinding, InvoiceLine, InvoiceTolerance, ShipmentLine
from orders.process.finance_rules import FIGURES, set_limit, set_tolerance
from orders.process.invoice_comparing import compare_document
from orders.queries.limits import approval_limit
from orders.queries.tolerances import STRICT, Tolerance, tolerance_of
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice

pytestmark = pytest.mark.django_db
TOLERANCES, LIMITS = "/admin/orders/invoicetolerance/", "/admin/orders/approvallimit/"


def let(cast: Cast, *, everybody: bool = False, seen: int = 0, active: bool = True, **figures: str) -> InvoiceTolerance:
    told = {name: Decimal(figures[name]) if name in figures else None for name in FIGURES}
    return set_tolerance(
        account=None if everybody else cast.harbor, figures=told, active=active, reason="small change",
        user=cast.finance, seen=seen,
    )  # fmt: skip


def billed(cast: Cast, number: str, price: str = "10.20") -> Invoice:
    """10 pieces at `price` where 10.00 was agreed."""
    row = an_invoice(cast.harbor, number, str(Decimal(price) * 10))
    line = InvoiceLine.objects.filter(invoice=row)
    line.update(quantity=10, unit_price=Decimal(price), agreed_price=Decimal("10.00"))
    return row


def found(row: Invoice) -> tuple[str, str]:
    compare_document(row)
    one = InvoiceFinding.objects.get(invoice=row)
    return one.state, one.ended_because


def test_a_price_is_let_through_only_within_each_figure_that_is_set(cast: Cast) -> None:
    assert found(billed(cast, "T-1")) == ("open", ""), "nobody set a tolerance"
    row = let(cast, everybody=True, price_percent="2")
    assert found(billed(cast, "T-2")) == ("tolerated", "within everybody's tolerance")
    assert found(billed(cast, "T-3", "10.21"))[0] == "open", "2.1 per cent"
    row = let(cast, everybody=True, seen=row.version, price_percent="2", price_amount="1.99")
    assert found(billed(cast, "T-4"))[0] == "open", "2 per cent, and 2.00 on the line"
    let(cast, everybody=True, seen=row.version, active=False, price_percent="50")
    assert found(billed(cast, "T-5"))[0] == "open", "it does not hold any more"
    assert Case.objects.filter(kind="invoice.differs").count() == 4, "what is let through asks nobody"


def test_an_accounts_own_tolerance_stands_alone(cast: Cast) -> None:
    let(cast, everybody=True, price_percent="5")
    let(cast, price_amount="1.00")
    assert found(billed(cast, "T-1")) == ("open", "")
    other = cast.stranger.memberships.get().account
    assert (tolerance_of(other.pk).whose, tolerance_of(cast.harbor.pk).whose) == (
        "everybody's tolerance", "the tolerance of HARBOR",
    )  # fmt: skip
    InvoiceTolerance.objects.update(active=False)
    assert tolerance_of(cast.harbor.pk) == STRICT


@pytest.mark.parametrize(
    ("unsent", "sent", "amount", "allowed"),
    [("1", "20", "5", True), ("1", "19", "5", False), ("1", "20", "5.01", False), ("1", "0", "1", False)],
)
def test_quantities_have_figures_of_their_own(unsent: str, sent: str, amount: str, *, allowed: bool) -> None:
    told = Tolerance(whose="x", quantity_percent=Decimal(5), quantity_amount=Decimal(5))
    off, base, money = Decimal(unsent), Decimal(sent), Decimal(amount)
    assert told.allows_quantity(unsent=off, sent=base, amount=money) is allowed
    assert not told.allows_price(over=Decimal("0.01"), agreed=Decimal(1), amount=Decimal("0.01"))
    assert ShipmentLine.objects.count() == 0


def test_who_may_what_is_missing_and_who_was_faster(cast: Cast) -> None:
    root = User.objects.create_superuser("root@northline.example", "a-long-password-1", name="Root")
    kept = let(cast, price_percent="1")
    with pytest.raises(NotAllowed):
        set_tolerance(account=cast.harbor, figures={}, active=True, reason="x", user=cast.agent, seen=1)
    with pytest.raises(DisputeRefused, match="say why"):
        set_tolerance(account=cast.harbor, figures={}, active=True, reason=" ", user=cast.finance, seen=1)
    with pytest.raises(DisputeRefused, match="not below zero"):
        let(cast, seen=1, price_percent="-1")
    with pytest.raises(StaleVersion, match="yours was not saved"):
        let(cast, seen=0, price_percent="9")
    with pytest.raises(NotAllowed, match="only administrators"):
        set_limit(person=cast.finance, about=None, limit=Decimal(9999), active=True, reason="mine", user=cast.finance)
    kept.refresh_from_db()
    assert (kept.price_percent, kept.version, ApprovalLimit.objects.count()) == (Decimal(1), 1, 0)
    row = set_limit(person=None, about=None, limit=Decimal(50), active=True, reason="policy of May", user=root)
    assert approval_limit(user=cast.finance, reason="price") == 50
    set_limit(person=None, about=None, limit=Decimal(50), active=False, reason="gone", user=root, seen=row.version)
    assert approval_limit(user=cast.finance, reason="price") == 0
    for one in (row, kept):
        with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
            type(one).objects.filter(pk=one.pk).delete()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_a_tolerance_at_once_one_does_and_the_other_is_told(cast: Cast) -> None:
    let(cast, price_percent="1")

    def change(percent: str) -> str:
        try:
            return str(let(cast, seen=1, price_percent=percent).price_percent)
        except StaleVersion as error:
            return error.message

    told = at_once(lambda: change("2"), lambda: change("3"))
    row = InvoiceTolerance.objects.get()
    assert (row.version, sum("yours was not saved" in one for one in told)) == (2, 1)
    assert str(row.price_percent.normalize()) in told if row.price_percent else False
    assert [one.price_percent for one in row.events.order_by("pgh_id")] == [1, row.price_percent]  # type: ignore[attr-defined]


def test_finance_sets_a_tolerance_in_the_back_office_and_its_history_says_who_and_why(cast: Cast) -> None:
    finance, form = signed_in(cast.finance), {"account": str(cast.harbor.pk), "active": "on", "price_percent": "2.50"}
    answer = finance.post(f"{TOLERANCES}add/", form)
    assert "This field is required." in answer.content.decode(), "no reason, no change"
    assert finance.post(f"{TOLERANCES}add/", {**form, "why": "rounding of their ERP", "seen": "0"}).status_code == 302
    row = InvoiceTolerance.objects.get()
    assert (row.account, row.price_percent, row.version) == (cast.harbor, Decimal("2.50"), 1)
    page = f"{TOLERANCES}{row.pk}/change/"
    changed: dict[str, Any] = {"active": "on", "price_percent": "3", "why": "again", "seen": "1"}
    assert finance.post(page, changed).status_code == 302
    stale = signed_in(cast.finance2).post(page, {**changed, "price_percent": "9", "why": "mine"})
    text = stale.content.decode()
    assert "Somebody else changed it meanwhile" in text
    assert 'value="mine"' in text, "what was typed stays"
    again = finance.post(f"{TOLERANCES}add/", {**form, "why": "a second one", "seen": "0"}).content.decode()
    assert "There is one for that already" in again
    row.refresh_from_db()
    assert (row.price_percent, row.version) == (3, 2)
    told = [(one.actor, one.why) for one in changes_of(row)]
    assert told == [(cast.finance.email, "again"), (cast.finance.email, "rounding of their ERP")]
    history = finance.get(f"{TOLERANCES}{row.pk}/history/").content.decode()
    assert "Why: rounding of their ERP" in history
    assert "2.50 → 3.00" in history
    assert finance.post(f"{TOLERANCES}{row.pk}/delete/").status_code == 403


def test_who_is_overtaken_behind_the_forms_own_look_is_told_by_the_process(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = let(cast, price_percent="1")

    def overtaken(**told: Any) -> InvoiceTolerance:
        let(cast, seen=1, price_percent="2")
        return set_tolerance(**told)

    monkeypatch.setattr("orders.admin.tolerances.set_tolerance", overtaken)
    form = {"active": "on", "price_percent": "9", "why": "mine", "seen": "1"}
    answer = signed_in(cast.finance).post(f"{TOLERANCES}{row.pk}/change/", form, follow=True)
    assert answer.redirect_chain == [(f"{TOLERANCES}{row.pk}/change/", 302)]
    [said] = [str(one) for one in answer.context["messages"]]
    assert "meanwhile" in said
    row.refresh_from_db()
    assert (row.price_percent, row.version) == (1, 1), "one transaction: both went"


def test_limits_are_seen_by_finance_and_set_by_administrators(cast: Cast) -> None:
    root = User.objects.create_superuser("root@northline.example", "a-long-password-1", name="Root")
    form = {"user": str(cast.finance.pk), "reason": "price", "limit": "75", "active": "on", "why": "new", "seen": "0"}
    finance = signed_in(cast.finance)
    assert finance.post(f"{LIMITS}add/", form).status_code == 403
    assert signed_in(root).post(f"{LIMITS}add/", form).status_code == 302
    row = ApprovalLimit.objects.get()
    assert "75.00" in finance.get(f"{LIMITS}{row.pk}/change/").content.decode()
    assert finance.post(f"{LIMITS}{row.pk}/change/", {**form, "limit": "9999"}).status_code == 403
    assert "Why: new" in finance.get(f"{LIMITS}{row.pk}/history/").content.decode()
    for person in (cast.agent, cast.buyer):
        for address in (LIMITS, f"{LIMITS}{row.pk}/history/", TOLERANCES, f"{TOLERANCES}add/"):
            assert signed_in(person).get(address).status_code in (302, 403), (person, address)
    row.refresh_from_db()
    assert (row.limit, row.version) == (75, 1)
    with pytest.raises(DomainError):
        set_limit(person=cast.finance, about=None, limit=Decimal(-1), active=True, reason="x", user=root)
