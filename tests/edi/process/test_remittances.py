"""820s over a real ERP: what is paid, kept back, unknown, repeated, somebody else's, empty."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from distportal.events.lineage import story
from distportal.events.sweeper import work_until_idle
from edi.models import Document
from edi.process.crediting import take_remittance
from edi.resolutions import follow_again
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.models import Dispute, Invoice, Remittance, RemittanceLine
from orders.queries.payments import balances_of
from orders.resolutions.remittances import match
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.edi.process.money import agree, billed, remit
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
Ship = Callable[[str], None]


def open_kinds() -> list[str]:
    return sorted(Case.objects.filter(status__in=CaseStatus.OPEN).values_list("kind", flat=True))


def state_of(invoice: Invoice) -> tuple[str, Decimal]:
    balance = balances_of([invoice])[invoice.pk]
    return balance.state, balance.open


def test_a_full_payment_pays_the_invoice_and_opens_nothing(
    crestline: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    invoice = billed(agree(crestline, "855"), ship)
    assert state_of(invoice) == ("open", invoice.total)
    document = remit(
        crestline, invoice.total, f"RMR*IV*00{invoice.number}**{invoice.total}*{invoice.total}", trace="A1"
    )
    assert (document.state, document.findings) == ("settled", [f"${invoice.total} recorded under trace A1."])
    line = RemittanceLine.objects.get()
    assert (line.invoice, line.outcome, line.difference) == (invoice, "paid", 0)
    assert state_of(invoice) == ("paid", 0)
    assert open_kinds() == []
    assert not Dispute.objects.exists()
    assert len(crestline.sets("997")) == 2


def test_a_short_payment_is_one_dispute_with_its_reason_opened_by_the_partner(
    crestline: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    invoice = billed(agree(crestline, "855"), ship)
    paid = invoice.total - Decimal("1.50")
    document = remit(crestline, paid, f"RMR*IV*{invoice.number}**{paid}*{invoice.total}**06*-1.5", trace="A2")
    dispute = Dispute.objects.get()
    assert (dispute.reason, dispute.amount_claimed, dispute.invoice, dispute.status) == (
        "short", Decimal("1.50"), invoice, "submitted",
    )  # fmt: skip
    assert (dispute.opened_by, dispute.channel, dispute.opened_name) == (
        None, "edi", "EDI Crestline Home Centers, 820 trace A2",
    )  # fmt: skip
    assert RemittanceLine.objects.get().outcome == "short"
    assert list(RemittanceLine.objects.get().disputes.all()) == [dispute]
    assert state_of(invoice) == ("part_paid", Decimal("1.50"))
    assert open_kinds() == ["dispute.open"]

    steps = {step.key: step for step in story(invoice.correlation_id, internal=True)}
    line = RemittanceLine.objects.get()
    assert steps[f"payment:{line.pk}"].parent == f"invoice:{invoice.pk}"
    assert steps[f"dispute:{dispute.pk}"].parent == f"payment:{line.pk}"
    assert f"payment:{line.pk}" in {step.key for step in story(document.correlation_id, internal=True)}


def test_taken_twice_it_is_recorded_once(crestline: Post, catalogue: SandboxProcess, ship: Ship) -> None:
    invoice = billed(agree(crestline, "855"), ship)
    rows = (f"RMR*IV*{invoice.number}**1*{invoice.total}",)
    first = remit(crestline, 1, *rows, trace="A3")
    Document.objects.filter(pk=first.pk).update(state="valid")
    take_remittance(document_id=first.pk)
    again = remit(crestline, 1, *rows, trace="A3")
    assert again.findings == ["Trace A3 with the same content was recorded before."]
    assert (Remittance.objects.count(), RemittanceLine.objects.count(), Dispute.objects.count()) == (1, 1, 1)
    assert state_of(invoice) == ("part_paid", invoice.total - 1)


def test_the_same_trace_with_other_content_is_kept_apart_with_one_case(
    crestline: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    invoice = billed(agree(crestline, "855"), ship)
    remit(crestline, invoice.total, f"RMR*IV*{invoice.number}**{invoice.total}*{invoice.total}", trace="A4")
    for _ in range(2):
        remit(crestline, 1, f"RMR*IV*{invoice.number}**1", trace="A4")
    assert list(Remittance.objects.order_by("recorded_at").values_list("state", "amount")) == [
        ("applied", invoice.total), ("conflict", Decimal(1)),
    ]  # fmt: skip
    assert open_kinds() == ["remittance.duplicate_trace"]
    assert state_of(invoice) == ("paid", 0)


def test_an_unknown_invoice_is_one_case_and_is_matched_when_it_comes(
    crestline: Post, cast: Cast, catalogue: SandboxProcess, ship: Ship
) -> None:
    invoice = billed(agree(crestline, "855"), ship)
    Invoice.objects.filter(pk=invoice.pk).update(number="LATER")
    rows = (f"RMR*IV*{invoice.number}**{invoice.total}*{invoice.total}", "RMR*IV*NONE**1", "RMR*BM*77**2")
    remit(crestline, invoice.total + 3, *rows, trace="A5")
    case = Case.objects.get(status__in=CaseStatus.OPEN)
    assert (case.kind, case.queue.code, case.amount) == ("remittance.unknown_invoice", "finance", invoice.total + 3)
    assert case.sentence.endswith(f"({invoice.number}, NONE, 77)")
    Invoice.objects.filter(pk=invoice.pk).update(number=invoice.number)
    assert match(case, {}, "", cast.finance) == "1 lines found their invoices"
    assert state_of(invoice) == ("paid", 0)
    assert Case.objects.get(status__in=CaseStatus.OPEN).sentence.endswith("(NONE, 77)")


def test_another_partners_invoice_is_never_matched(
    crestline: Post, brightway: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    theirs = billed(agree(brightway, "855"), ship, ("SAF-50002", "24", "3.56"), ship_to="DC01")
    agree(crestline, "855")
    assert theirs.order is not None
    rows = (f"RMR*IV*{theirs.number}**{theirs.total}*{theirs.total}", f"RMR*PO*{theirs.order.po_number}**0")
    remit(crestline, theirs.total, *rows)
    assert list(RemittanceLine.objects.values_list("invoice", "outcome")) == [(None, "unknown"), (None, "unknown")]
    assert state_of(theirs) == ("open", theirs.total)
    assert open_kinds() == ["remittance.unknown_invoice"]


def test_an_overpayment_and_a_second_payment_are_one_case_each(
    crestline: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    invoice = billed(agree(crestline, "855"), ship)
    remit(crestline, invoice.total + 2, f"RMR*IV*{invoice.number}**{invoice.total + 2}")
    case = Case.objects.get(status__in=CaseStatus.OPEN)
    assert (case.kind, case.amount) == ("remittance.overpaid", Decimal(2))
    remit(crestline, 1, f"RMR*IV*{invoice.number}**1")
    assert open_kinds() == ["remittance.overpaid", "remittance.overpaid"]
    assert state_of(invoice) == ("overpaid", Decimal(-3))


def test_a_po_number_stands_for_its_only_invoice(crestline: Post, catalogue: SandboxProcess, ship: Ship) -> None:
    invoice = billed(agree(crestline, "855"), ship, po="CR 77")
    remit(crestline, invoice.total, f"RMR*PO*cr-77**{invoice.total}")
    assert RemittanceLine.objects.get().invoice == invoice
    assert state_of(invoice) == ("paid", 0)


def test_lump_deductions_are_disputes_where_they_name_an_invoice_and_a_case_where_not(
    crestline: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    invoice = billed(agree(crestline, "855"), ship)
    rows = (
        f"ADX*-1*04*IV*{invoice.number}",
        "ADX*-0.5*ZZ",
        f"RMR*IV*{invoice.number}**{invoice.total}*{invoice.total}",
    )
    remit(crestline, invoice.total - Decimal("1.5"), *rows)
    dispute = Dispute.objects.get()
    assert (dispute.reason, dispute.amount_claimed) == ("damaged", Decimal("1.00"))
    assert open_kinds() == ["dispute.open", "remittance.lump_adjustment"]
    assert state_of(invoice) == ("part_paid", Decimal("1.00"))


def test_what_does_not_add_up_is_one_case_an_824_and_nothing_recorded(
    crestline: Post, catalogue: SandboxProcess, ship: Ship
) -> None:
    agree(crestline, "855", "824")
    document = remit(crestline, 100, "RMR*IV*1**90*90", trace="A9")
    assert document.state == "failed"
    assert not Remittance.objects.exists()
    case = Case.objects.get(status__in=CaseStatus.OPEN)
    assert (case.kind, case.subject_id) == ("edi.unusable_document", str(document.pk))
    [advice] = crestline.sets("824")
    assert next(row for row in advice if row[0] == "OTI")[1:4] == ["TR", "TN", "A9"]
    assert [row[1] for row in advice if row[0] == "TED"] == ["010"]
    follow_again(case, {}, "", None)  # type: ignore[arg-type]
    work_until_idle()
    case.refresh_from_db()
    assert (case.occurrences, case.status, len(crestline.sets("824"))) == (1, "new", 1)


def test_a_prenotification_is_noted_and_nothing_recorded(crestline: Post, catalogue: SandboxProcess) -> None:
    agree(crestline)
    document = remit(crestline, 0)
    assert (document.state, document.findings) == ("settled", ["BPR01 C over 0: it announces no money."])
    assert not Remittance.objects.exists()
    assert open_kinds() == []


def test_a_crash_in_the_middle_leaves_nothing_and_the_next_try_does_it_all(
    crestline: Post, catalogue: SandboxProcess, ship: Ship, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orders.process import remittances

    invoice = billed(agree(crestline, "855"), ship)

    def crash(*_: object) -> None:
        raise ConnectionResetError("the worker was killed here")

    monkeypatch.setattr(remittances, "tell_left", crash)
    document = remit(crestline, 1, f"RMR*IV*{invoice.number}**1", trace="A11")
    assert document.state == "valid"
    assert [Remittance.objects.count(), Dispute.objects.count(), Case.objects.count()] == [0, 0, 0]
    monkeypatch.undo()
    take_remittance(document_id=document.pk)
    assert (Remittance.objects.count(), Dispute.objects.count(), open_kinds()) == (1, 1, ["dispute.open"])
