"""Codes that stop an order or what the ERP is to do with it: noted with the failure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from distportal.common.channels import channel_word
from distportal.systems.errors import Unmapped
from distportal.systems.mapping.choices import Kind, Side
from distportal.systems.mapping.missing import Missing, Subject, wait_for, wait_no_more
from orders.choices import FindingAction
from orders.models import ErpCommand, Order
from orders.process.evaluation import Evaluation
from orders.process.word_scopes import scope_of
from orders.queries.choices_made import asked_name

ORDER, COMMAND = "order", "command"


def await_codes(order: Order, evaluation: Evaluation) -> None:
    """The held order waits for the items, units and the ship-to that its rules do not know."""
    missing = set(_unknown(order, evaluation))
    if missing or order.version > 1:
        wait_for(subject=_subject(order, f"{channel_word(order.channel)} order"), missing=missing)


def await_no_codes(order: Order) -> None:
    """The order waits for no code any more."""
    wait_no_more(subject_type=ORDER, subject_ids=[str(order.pk)])


def await_codes_of_command(command: ErpCommand, error: Unmapped) -> None:
    """The refused command waits for these codes."""
    if error.kind not in Kind.values or not error.scope:
        return
    if command.order:
        subject = replace(_subject(command.order, "order to the ERP"), type=COMMAND, id=str(command.pk))
    else:
        subject = Subject(
            type=COMMAND, id=str(command.pk), label=command.order_key, seen_in="credit request to the ERP"
        )
    missing = {Missing(error.scope, error.kind, error.side, code) for code in error.codes}
    wait_for(subject=subject, missing=missing)


def _unknown(order: Order, evaluation: Evaluation) -> Iterator[Missing]:
    scope = scope_of(order)
    lines = {fact.line.line_no: fact.line for fact in evaluation.facts.lines}
    for verdict in evaluation.verdicts:
        finding = verdict.finding
        if verdict.action != FindingAction.HOLD:
            continue
        if finding.code == "item_unknown":
            yield Missing(scope, Kind.ITEM, Side.THEIRS, asked_name(lines[finding.line_no]))
        elif finding.code == "unit_unknown":
            yield Missing(scope, Kind.UNIT, Side.THEIRS, lines[finding.line_no].unit)
        elif finding.code == "ship_to_unknown":
            yield Missing(scope, Kind.SHIP_TO, Side.THEIRS, evaluation.facts.order.ship_to.code.strip())


def _subject(order: Order, seen_in: str) -> Subject:
    return Subject(
        type=ORDER,
        id=str(order.pk),
        label=f"{order}, PO {order.po_number}",
        seen_in=seen_in,
        account=order.account,
        amount=order.total,
        currency=order.currency,
    )
