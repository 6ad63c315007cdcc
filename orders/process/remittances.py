"""Record what a buyer paid: once per trace, matched to invoices, what was kept back in dispute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from distportal.accounts.models import Account
from distportal.canonical.base import content_hash, from_json, to_json
from distportal.canonical.remittances import Remittance as RemittanceFact
from distportal.canonical.remittances import RemittanceLine as LineFact
from distportal.common.money import to_cents
from distportal.events.base import Event
from distportal.events.outbox import publish
from distportal.observability.correlation import correlated, correlation_id
from orders.choices import PaidOutcome, RemittanceState
from orders.errors import NotMatched
from orders.models import Dispute, Remittance, RemittanceLine
from orders.process.deductions import Deduction, open_deduction, shares
from orders.process.dispute_work import withdraw_dispute
from orders.process.locks import locked_account
from orders.process.remittance_cases import end_unknown, tell_conflict, tell_left
from orders.process.remittance_ledger import Ledger, Settled
from orders.queries.payments import repaid_disputes


@dataclass(frozen=True, slots=True)
class Recorded:
    """The remittance and how it got there: `recorded` now, `repeated`, or a `conflict` that a case tells of."""

    remittance: Remittance
    outcome: str


@transaction.atomic
def record_remittance(*, remittance: RemittanceFact, source_key: str, told_by: str) -> Recorded:
    """The payment, recorded and matched once per account and trace; the same again changes nothing, the same trace with
    other content is kept apart with one case. `told_by` names its source in the disputes it opens.

    Raises UnknownAccount. Invoices are those of the payer's account only.
    """
    account, digest = locked_account(remittance.account), content_hash(remittance)
    rows = Remittance.objects.filter(account=account, trace=remittance.trace)
    known = rows.filter(source_key=source_key).first() or rows.filter(content_hash=digest).first()
    if known:
        return Recorded(known, "conflict" if known.state == RemittanceState.CONFLICT else "repeated")
    applied = rows.filter(state=RemittanceState.APPLIED).first()
    row = Remittance.objects.create(
        account=account,
        trace=remittance.trace,
        source_key=source_key,
        channel=remittance.channel,
        state=RemittanceState.CONFLICT if applied else RemittanceState.APPLIED,
        paid_on=remittance.paid_on,
        amount=remittance.amount,
        currency=remittance.currency,
        method=remittance.method,
        payer=remittance.payer[:120],
        canonical=to_json(remittance),
        content_hash=digest,
        correlation_id=correlation_id(),
    )
    if applied:
        tell_conflict(row, applied)
        return Recorded(row, "conflict")
    lines = [
        Settled(fact, RemittanceLine(remittance=row, position=at, **_told(fact)))
        for at, fact in enumerate(_facts(remittance), 1)
    ]
    _apply(row, account, lines, told_by)
    payload = {"remittance": str(row.pk), "account": account.code, "trace": row.trace}
    publish(Event(type="remittance.recorded", aggregate_type="remittance", aggregate_id=str(row.pk), payload=payload))
    return Recorded(row, "recorded")


@transaction.atomic
def match_again(*, remittance_id: UUID, told_by: str) -> int:
    """How many lines found their invoice now. Raises NotMatched when none did; what was matched stays as it is."""
    row = Remittance.objects.select_related("account").get(pk=remittance_id)
    account = locked_account(row.account.code)
    facts = _facts(from_json(RemittanceFact, row.canonical))
    waiting = list(row.lines.filter(outcome=PaidOutcome.UNKNOWN).select_for_update(of=("self",), no_key=True))
    with correlated(row.correlation_id):
        lines = [Settled(facts[one.position - 1], one) for one in waiting]
        _apply(row, account, lines, told_by)
    found = sum(line.row.outcome != PaidOutcome.UNKNOWN for line in lines)
    if not found:
        raise NotMatched("no line found its invoice; nothing was changed")
    return found


def _facts(remittance: RemittanceFact) -> list[LineFact]:
    """The lines, then each adjustment beside them as a line of its own: it pays or takes back, too."""
    beside = [
        LineFact(kind=one.kind, number=one.number, paid=one.amount, adjustments=(one,), note=one.note)
        for one in remittance.adjustments
    ]
    return [*remittance.lines, *beside]


def _told(fact: LineFact) -> dict[str, object]:
    return {
        "kind": fact.kind,
        "number": fact.number[:60],
        "paid": to_cents(fact.paid),
        "gross": None if fact.gross is None else to_cents(fact.gross),
        "outcome": PaidOutcome.UNKNOWN,
        "note": fact.note[:300],
    }


def _apply(row: Remittance, account: Account, lines: Sequence[Settled], told_by: str) -> None:
    ledger = Ledger(account, [line.fact for line in lines], paid_on=row.paid_on, currency=row.currency)
    ledger.settle(lines)
    matched = [line.row for line in lines if line.row.pk and line.invoice]
    RemittanceLine.objects.bulk_create(line.row for line in lines if not line.row.pk)
    for one in matched:
        one.save()
    disputes = [(line, dispute) for line in lines if line.deduction > 0 for dispute in _claim(row, line, told_by)]
    links = [RemittanceLine.disputes.through(remittanceline=line.row, dispute=found) for line, found in disputes]
    RemittanceLine.disputes.through.objects.bulk_create(links, ignore_conflicts=True)
    for dispute_id in repaid_disputes(ledger.paid_up()):
        withdraw_dispute(dispute_id=dispute_id, reason=f"paid after all: {told_by}")
    tell_left(row, lines)
    if all(line.row.outcome != PaidOutcome.UNKNOWN for line in lines):
        end_unknown(row)


def _claim(row: Remittance, line: Settled, told_by: str) -> list[Dispute]:
    """One dispute per reason told; what no line of the invoice can carry stays in `line.deduction` for a person."""
    found, left = [], line.deduction
    if line.invoice is None:
        return []
    for reason, amount in shares(line.deduction, line.adjustments).items():
        note = "; ".join(filter(None, [one.note for one in line.adjustments if one.reason == reason]))
        deduction = Deduction(
            key=f"remittance/{row.trace}/{line.row.position}",
            invoice=line.invoice,
            amount=amount,
            reason=reason,
            note=note or f"{told_by}: reason code {reason or 'none'} (X12 426)",
            told_by=told_by,
            channel=row.channel,
        )
        dispute, unclaimed = open_deduction(account=row.account, deduction=deduction)
        left -= amount - unclaimed
        found += [dispute] if dispute else []
    line.deduction = left
    return found
