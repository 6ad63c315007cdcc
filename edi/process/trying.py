"""Test documents: mapped and judged like live ones, answered, written down as an exchange of the test, never booked.

This is the one gate: every document of a test interchange ends here instead of with the process of its set.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import to_json
from distportal.observability.correlation import correlated
from edi.choices import DocumentState, Outcome
from edi.errors import Unsendable
from edi.models import Document, TestExchange
from edi.process.master_data import want_master_data
from edi.process.rehearsal import acknowledge_trial
from edi.process.storable import set_of, storable
from edi.process.trials import Trial, try_set
from edi.queries.checklist import tried_order
from edi.x12.errors import WriteError

_NOT_BOOKED = "It came as a test (ISA15): nothing was booked."


def try_document(*, document_id: UUID) -> None:
    """The test document was tried once and answered as a live one would be; no order, no ERP, no other process.

    Raises RetryLater as long as the ERP's master data were never read.
    """
    document = Document.objects.select_related("partner__account", "group__interchange").get(pk=document_id)
    if document.state not in (DocumentState.VALID, DocumentState.FAILED):
        return
    want_master_data()
    partner = document.partner
    with correlated(document.correlation_id):
        trial = None
        if partner.account:
            tried = partial(tried_order, partner)
            trial = try_set(set_of(document), account=partner.account, partner=partner, tried=tried)
        _record(document, trial)


@transaction.atomic
def _record(document: Document, trial: Trial | None) -> None:
    row = Document.objects.select_for_update(of=("self",), no_key=True).get(pk=document.pk)
    if row.state not in (DocumentState.VALID, DocumentState.FAILED):
        return
    told = trial.sentences if trial else ()
    row.state, row.findings = DocumentState.TRIED, [_NOT_BOOKED, *(storable(text, 500) for text in told)]
    row.line_sources = trial.sources if trial else {}
    row.save(update_fields=["state", "findings", "line_sources"])
    if trial is None:
        return
    outcome, answer = trial.outcome, None
    try:
        answer = acknowledge_trial(partner=document.partner, document=document, trial=trial)
    except (Unsendable, WriteError) as error:
        outcome, told = Outcome.FAILED, (*told, str(error))
    TestExchange.objects.create(
        partner=document.partner,
        exchange=trial.exchange,
        outcome=outcome,
        document=row,
        answer=answer,
        summary=[storable(text, 500) for text in told],
        canonical=to_json(trial.order) if trial.order else {},
    )
