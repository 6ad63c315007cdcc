"""Whatever finance does with disputes of an invoice, in whatever order: the money adds up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from distportal.common.errors import DomainError
from orders.models import ApprovalLimit, Dispute, ErpCommand
from orders.process.dispute_reversal import agree_reversal
from orders.process.spreading import spread
from orders.queries.claims import claimable
from tests.conftest import Cast
from tests.machines import run_machine
from tests.orders.disputes.finance import LIMIT, WHEN, Finance, cents

pytestmark = pytest.mark.django_db
CENTS = st.integers(1, 20000).map(lambda cents: Decimal(cents) / 100)
percents = st.integers(1, 110)
"""More than all of it is refused."""


class MoneyMachine(RuleBasedStateMachine):
    """Several disputes on the lines of one invoice, each decided, split, credited and taken back as it may be."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.finance = Finance(self.cast)

    @rule(first=st.integers(0, 60), second=st.integers(0, 60), third=st.sampled_from([0, 0, 100]))
    def the_dealer_disputes(self, first: int, second: int, third: int) -> None:
        """Lines that are in dispute already, too, as far as they are free."""
        self.finance.open([first or 20, second, third])

    @precondition(lambda self: self.possible())
    @rule(data=st.data(), share=percents)
    def something_is_wanted(self, data: st.DataObject, share: int) -> None:
        """What the state of some dispute allows, so that deep states are reached."""
        name = data.draw(st.sampled_from(self.possible()))
        row = data.draw(st.sampled_from(self.finance.rows(*WHEN[name])))
        amounts = (cents(row.amount_claimed, share),) if name in ("approve", "write_off", "split") else ()
        self.finance.act(name, row, *amounts)

    @precondition(lambda self: self.finance.rows(*WHEN["split"]))
    @rule(data=st.data())
    def it_is_split_into_three(self, data: st.DataObject) -> None:
        """One to be credited, one to be written off, one to be denied."""
        row = data.draw(st.sampled_from(self.finance.rows(*WHEN["split"])))
        if not self.finance.act("split", row, cents(row.amount_claimed, 40), cents(row.amount_claimed, 35)):
            return
        for name, part in zip(("approve", "write_off", "reject"), row.parts.order_by("number"), strict=True):
            self.finance.act(name, part, *(() if name == "reject" else (part.amount_claimed,)))

    @precondition(lambda self: self.finance.rows("booked", "closed"))
    @rule(data=st.data())
    def a_credit_is_taken_back_to_the_end(self, data: st.DataObject) -> None:
        """By a second person above the limit; what it was of can be disputed again."""
        row = data.draw(st.sampled_from(self.finance.rows("booked", "closed")))
        self.finance.act("reverse", row)
        row.refresh_from_db()
        if row.reversal_agreed_by_id is None:
            self.finance.act("agree", row)
        self.finance.act("debit", row)
        row.refresh_from_db()
        assert row.status == "reversed"

    @precondition(lambda self: self.possible())
    @rule(data=st.data(), name=st.sampled_from(sorted(WHEN)))
    def somebody_is_late(self, data: st.DataObject, name: str) -> None:
        """What the state does not allow is refused and changes nothing."""
        others = [row for row in Dispute.objects.filter(invoice=self.finance.invoice) if row.status not in WHEN[name]]
        if others and name not in ("book", "debit"):
            row = data.draw(st.sampled_from(others))
            amounts = (row.amount_claimed,) if name in ("approve", "write_off", "split") else ()
            before = row.status
            done = self.finance.act(name, row, *amounts)
            row.refresh_from_db()
            assert (done, row.status) == (False, before), f"{name} of what is {before}"

    def possible(self) -> list[str]:
        """What can be wanted now."""
        there = set(Dispute.objects.filter(invoice=self.finance.invoice).values_list("status", flat=True))
        return [name for name, statuses in WHEN.items() if there & set(statuses)]

    @invariant()
    def the_money_adds_up(self) -> None:
        self.finance.check()

    def teardown(self) -> None:
        self.finance.check_what_is_owed()


def test_whatever_is_done_the_money_adds_up(cast: Cast) -> None:
    ApprovalLimit.objects.get_or_create(user=None, reason="", defaults={"limit": LIMIT})
    MoneyMachine.cast = cast
    run_machine(MoneyMachine, examples=3, steps=14)


@given(amount=CENTS, room=st.lists(CENTS, min_size=1, max_size=12))
def test_a_spread_amount_is_exact_and_fits(amount: Decimal, room: list[Decimal]) -> None:
    parts = spread(amount, room)
    assert sum(parts) == min(amount, sum(room, Decimal(0)))
    assert all(Decimal(0) <= part <= most for part, most in zip(parts, room, strict=True))


def test_a_credit_is_booked_taken_back_by_a_second_person_and_its_line_can_be_claimed_again(cast: Cast) -> None:
    ApprovalLimit.objects.create(limit=LIMIT)
    finance = Finance(cast)
    assert finance.open([80, 0, 0])
    row = Dispute.objects.get(invoice=finance.invoice)
    for name, amounts in (("approve", (Decimal(80),)), ("second", ()), ("book", ()), ("reverse", ())):
        row.refresh_from_db()
        assert finance.act(name, row, *amounts), name
    row.refresh_from_db()
    assert (row.status, row.reversal_agreed_by) == ("reversing", None)
    assert not ErpCommand.objects.filter(kind="debit_request").exists(), "80 are above the limit of who asked"
    with pytest.raises(DomainError, match="a second person"):
        agree_reversal(dispute_id=row.pk, reason="me too", user=cast.finance)
    finance.act("agree", row)
    assert ErpCommand.objects.get(kind="debit_request").draft["invoice_number"] == row.credit_memo.number  # type: ignore[union-attr]
    finance.act("debit", row)
    row.refresh_from_db()
    finance.check()
    finance.check_what_is_owed()
    assert row.status == "reversed"
    assert claimable(finance.invoice)[finance.invoice.lines.get(position=1).pk] == Decimal(100)
