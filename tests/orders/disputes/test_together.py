"""Two of finance work on one dispute at the same moment: nothing that either did is lost, and one decision counts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from distportal.accounts.models import User
from distportal.common.errors import DomainError
from orders.choices import RootCause
from orders.models import ApprovalLimit, Dispute, DisputeLetter, ErpCommand
from orders.process.dispute_deciding import approve_dispute, reject_dispute
from orders.process.dispute_splitting import split_dispute
from orders.process.dispute_work import assign_dispute
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.disputes.conftest import Opens


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except DomainError as error:
        return error.message
    return "done"


def approve(row: Dispute, user: User) -> None:
    approve_dispute(dispute_id=row.pk, amount=row.amount_claimed, root_cause=RootCause.OTHER, reason="yes", user=user)


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_counts_and_the_other_is_told_why(
    cast: Cast, opens: Opens, limit: ApprovalLimit
) -> None:
    for n, other in enumerate(("reject", "split")):
        row = opens("20") if n == 0 else opens("0", "20")

        def second(row: Dispute = row, other: str = other) -> None:
            if other == "reject":
                reject_dispute(dispute_id=row.pk, reason="no", user=cast.finance2)
            else:
                split_dispute(dispute_id=row.pk, amounts=[Decimal(8), Decimal(12)], reason="two", user=cast.finance2)

        told = at_once(
            lambda row=row: outcome(lambda: approve(row, cast.finance)), lambda: outcome(second)  # type: ignore[misc]
        )  # fmt: skip
        row.refresh_from_db()
        refused = next(one for one in told if one != "done")
        assert told.count("done") == 1
        assert refused.startswith(f"{row} is {row.get_status_display().lower()} and cannot be"), refused
        asked = ErpCommand.objects.filter(dispute=row).count()
        assert asked == (1 if row.status == "approved" else 0)
        assert DisputeLetter.objects.filter(dispute=row).count() == (0 if row.status == "split" else 1)


@pytest.mark.django_db(transaction=True)
def test_acts_that_do_not_contradict_each_other_both_stay(cast: Cast, opens: Opens, limit: ApprovalLimit) -> None:
    row = opens("20")

    def give(role: str, to: User) -> str:
        return outcome(
            lambda: assign_dispute(dispute_id=row.pk, role=role, to=to, reason=f"{role} of May", user=cast.finance)
        )

    told = at_once(
        lambda: give("coordinator", cast.finance), lambda: give("responsible", cast.finance2),
        lambda: outcome(lambda: approve(row, cast.finance2)),
    )  # fmt: skip
    row.refresh_from_db()
    assert told == ["done", "done", "done"]
    assert (row.status, row.coordinator, row.responsible) == ("approved", cast.finance, cast.finance2)
    assert row.entries.filter(action="assigned").count() == 2


@pytest.mark.django_db
def test_what_was_typed_stays_in_the_dialog_when_a_colleague_was_faster(
    cast: Cast, opens: Opens, limit: ApprovalLimit
) -> None:
    row = opens("80")
    form = {"amount": "80", "root_cause": "other", "reason": "three <b>long</b> sentences", "_form_submitted": "on"}
    finance, address = signed_in(cast.finance), f"/admin/orders/dispute/{row.pk}/approve/"
    answer = finance.post(address, form)
    assert "HX-Redirect" in answer.headers
    again = finance.post(address, form)
    page = again.content.decode()
    assert "HX-Redirect" not in again.headers
    assert "a second person must agree; nothing was decided" in page
    assert "three &lt;b&gt;long&lt;/b&gt; sentences</textarea>" in page
    row.refresh_from_db()
    assert (row.status, row.approved_by, ErpCommand.objects.count()) == ("waiting_approval", None, 0)
