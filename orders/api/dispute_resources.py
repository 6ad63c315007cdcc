"""Disputes as their dealer reads them by API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orders.api.scoping import ScopedView
from orders.choices import DisputeStatus
from orders.models import Dispute, DisputeLine
from orders.queries.evidence import checklist_of

OURS = (DisputeStatus.PROPOSED, DisputeStatus.WAITING_APPROVAL)
"""What is proposed is not decided: to the dealer the dispute is in review."""
SHOWN = [one for one in DisputeStatus.choices if one[0] not in OURS]


class DisputeLineResource(serializers.ModelSerializer[DisputeLine]):
    """What is claimed of one invoice line."""

    position = serializers.IntegerField(source="invoice_line.position")

    class Meta:
        model = DisputeLine
        fields = ("position", "quantity", "amount")


class EvidenceResource(serializers.Serializer[Any]):
    """One thing that proves such a dispute, with the names of files and the words that are there of it."""

    item = serializers.CharField()
    there = serializers.ListField(child=serializers.CharField(), help_text="Empty while it is missing")


class DisputeResource(serializers.ModelSerializer[Dispute]):
    """A dispute as its dealer sees it; what was decided is told once it is."""

    number = serializers.SerializerMethodField()
    account = serializers.CharField(source="account.code")
    invoice = serializers.CharField(source="invoice.number")
    status = serializers.SerializerMethodField()
    amount_approved = serializers.SerializerMethodField()
    decision_reason = serializers.SerializerMethodField()
    credit_memo = serializers.CharField(source="credit_memo.number", default="")
    lines = DisputeLineResource(many=True)
    evidence = serializers.SerializerMethodField()

    class Meta:
        model = Dispute
        fields = (
            "number", "account", "invoice", "status", "reason", "note", "amount_claimed", "amount_approved", "currency",
            "decision_reason", "credit_memo", "opened_at", "opened_name", "ended_at", "lines", "evidence",
        )  # fmt: skip

    def get_number(self, row: Dispute) -> str:
        return str(row)

    def get_status(self, row: Dispute) -> str:
        return str(DisputeStatus.IN_REVIEW if row.status in OURS else row.status)

    def get_amount_approved(self, row: Dispute) -> str | None:
        return str(row.amount_approved) if row.decided else None

    def get_decision_reason(self, row: Dispute) -> str:
        return row.decision_reason if row.decided else ""

    @extend_schema_field(EvidenceResource(many=True))
    def get_evidence(self, row: Dispute) -> list[dict[str, Any]]:
        found = [{"item": one.item, "there": list(one.there)} for one in checklist_of(row)]
        return list(EvidenceResource(found, many=True).data)


class DisputesRead(ScopedView):
    """The disputes that a key may know of; drafts are ours."""

    serializer_class = DisputeResource
    queryset = Dispute.objects.none()
    rows = (
        Dispute.objects.exclude(status=DisputeStatus.DRAFT)
        .select_related("account", "invoice", "credit_memo")
        .prefetch_related("lines__invoice_line", "evidence")
    )
