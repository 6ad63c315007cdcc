"""One dispute becomes several parts that are decided each by itself: one credited, one denied, one written off."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_noop

from distportal.accounts.models import User
from distportal.common.money import show_money, to_cents
from distportal.common.sequences import next_number
from distportal.observability.correlation import correlated
from exceptions.process.cases import open_case
from orders.choices import DisputeStatus
from orders.errors import DisputeRefused
from orders.models import Dispute, DisputeLine
from orders.process.case_facts import about_dispute
from orders.process.dispute_locks import locked_to_decide
from orders.process.dispute_moves import CASE, end_case, enter, require_finance, require_step, take_step, tell
from orders.process.dispute_proving import find_evidence
from orders.process.spreading import spread


@transaction.atomic
def split_dispute(*, dispute_id: UUID, amounts: Sequence[Decimal], reason: str, user: User) -> list[Dispute]:
    """The parts, in review, together exactly what was claimed, line by line; the split one ends. Raises NotAllowed,
    IllegalMove, and DisputeRefused without a reason, for fewer than two parts, or parts that do not add up.
    """
    require_finance(user)
    row = locked_to_decide(dispute_id)
    require_step(row, "split")
    if not reason.strip():
        raise DisputeRefused("say why it is split; nothing was split")
    if (
        len(amounts) < 2
        or min(amounts) <= 0
        or any(one != to_cents(one) for one in amounts)
        or sum(amounts, Decimal(0)) != row.amount_claimed
    ):
        told = show_money(sum(amounts, Decimal(0)), row.currency)
        raise DisputeRefused(
            f"two parts or more have to add up to {show_money(row.amount_claimed, row.currency)}, these are {told}; "
            "nothing was split"
        )
    with correlated(row.correlation_id):
        parts = [_part(row, n, amount) for n, amount in enumerate(amounts, 1)]
        _share_lines(row, parts)
        names = ", ".join(f"{one} {show_money(one.amount_claimed, one.currency)}" for one in parts)
        take_step(row, "split", f"{reason.strip()} ({names})")
        end_case(row, f"split into {names}")
        for part in parts:
            _begin(part, row, reason)
        tell(row, "dispute.split")
    return parts


def _part(row: Dispute, n: int, amount: Decimal) -> Dispute:
    return Dispute.objects.create(
        number=next_number("orders_dispute_number"), token=uuid5(row.token, str(n)), account=row.account,
        invoice=row.invoice, parent=row, reason=row.reason, note=row.note, amount_claimed=amount,
        currency=row.currency, opened_by=row.opened_by, opened_name=row.opened_name, channel=row.channel,
        opened_at=row.opened_at, waited_seconds=row.waited_seconds, correlation_id=row.correlation_id,
        coordinator=row.coordinator, processor=row.processor, responsible=row.responsible,
        status=DisputeStatus.IN_REVIEW,
    )  # fmt: skip


def _share_lines(row: Dispute, parts: Sequence[Dispute]) -> None:
    """Each line over the parts; every part's and every line's sum is exact: the last part takes what is left."""
    lines = list(row.lines.order_by("pk"))
    left = [line.amount for line in lines]
    fresh = []
    for part in parts:
        shares = left if part is parts[-1] else spread(part.amount_claimed, left)
        left = [most - taken for most, taken in zip(left, shares, strict=True)]
        fresh += [
            DisputeLine(dispute=part, invoice_line_id=line.invoice_line_id, quantity=line.quantity, amount=amount)
            for line, amount in zip(lines, shares, strict=True)
            if amount > 0
        ]
    DisputeLine.objects.bulk_create(fresh)


def _begin(part: Dispute, whole: Dispute, reason: str) -> None:
    enter(part, "split off", gettext_noop("part of %(whole)s: %(reason)s") % {"whole": whole, "reason": reason.strip()})
    for one in whole.evidence.all():
        part.evidence.create(item=one.item, reference=one.reference, words=one.words, actor=one.actor)
    find_evidence(part)
    open_case(
        kind="dispute.open", code="dispute", subject_type=CASE, subject_id=str(part.pk),
        sentence=f"{part}, part of {whole}: {show_money(part.amount_claimed, part.currency)} on invoice "
        f"{part.invoice.number} wait for a decision",
        **about_dispute(part, part.amount_claimed),
    )  # fmt: skip
