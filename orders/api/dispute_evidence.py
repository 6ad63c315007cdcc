"""What proves a dispute, by API: files that were sent to `/files` before, and words."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from distportal.accounts.choices import Scope
from distportal.observability.actor import acting
from distportal.uploads.keeping import MOST_FILES
from distportal.web.api.calling import KEY_HEADER, caller, token_of
from distportal.web.api.idempotency import once
from orders.api.dispute_resources import DisputeResource, DisputesRead
from orders.api.scoping import found_or_404, number_behind
from orders.models import Dispute, Invoice
from orders.process.dispute_files import LONGEST
from orders.process.dispute_sending import Sent, prove_by_key
from orders.queries.evidence import EVIDENCE_WORDS
from orders.queries.stamps import claim_stamp

ITEMS = [(item, str(item)) for item in EVIDENCE_WORDS]


class FileIds(serializers.ListField):
    """Files that wait for what they belong to, by the ids that `/files` answered."""

    def __init__(self, **more: Any) -> None:
        super().__init__(child=serializers.UUIDField(), max_length=MOST_FILES, **more)


class EvidenceAsked(serializers.Serializer[Any]):
    """One thing of the list of a dispute's reason: files, or words where it is said (`count`, `code`, `return`,
    `other_invoice`, `agreed_day`).
    """

    item = serializers.ChoiceField(choices=ITEMS)
    files = FileIds(required=False)
    text = serializers.CharField(max_length=LONGEST, required=False)
    position = serializers.IntegerField(
        min_value=1, required=False, help_text="Of the line that a photo of damaged goods shows"
    )


class ProofAsked(serializers.Serializer[Any]):
    """More that proves an open dispute; where we asked something, `answer` and what is sent answer it."""

    answer = serializers.CharField(max_length=1000, required=False, default="")
    evidence = EvidenceAsked(many=True, required=False, max_length=20)  # type: ignore[call-arg]  # of the list


class DisputeEvidenceView(DisputesRead):
    """What proves one dispute."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.DISPUTES_WRITE}
    filter_backends = ()

    @extend_schema(
        operation_id="dispute_evidence_create",
        request=ProofAsked,
        parameters=[KEY_HEADER],
        responses={
            200: DisputeResource,
            404: OpenApiResponse(description="There is no such dispute, or no such file waits"),
            422: OpenApiResponse(description="It is decided, or this proves nothing of it; `detail` says which"),
        },
    )
    def post(self, request: Request, number: str) -> Response:
        """Send more that proves it, until it is decided."""
        asked = ProofAsked(data=request.data)
        asked.is_valid(raise_exception=True)
        row = found_or_404(self.get_queryset(), number=number_behind(number, "D-"))
        return once(request, lambda key: self._add(request, row, key, asked.validated_data))

    def _add(self, request: Request, row: Dispute, key: str, data: dict[str, Any]) -> Response:
        client = caller(request)
        with acting(client.name):
            prove_by_key(
                dispute_id=row.pk,
                token=token_of(client, key),
                client=client.key.identity,
                name=client.key.name,
                sent=sent_of(row.invoice, data.get("evidence", [])),
                answer=data["answer"],
            )
        row = self.get_queryset().get(pk=row.pk)
        return Response(DisputeResource(row).data, headers={"ETag": f'"{claim_stamp(row)}"'})


def sent_of(invoice: Invoice, evidence: list[dict[str, Any]]) -> list[Sent]:
    """What the caller sent, by the lines of the invoice that it names."""
    at = {line.position: line.pk for line in invoice.lines.all()} if evidence else {}
    return [
        Sent(
            item=one["item"],
            line_id=at.get(one.get("position", 0)),
            files=tuple(one.get("files", ())),
            said=one.get("text", "").strip(),
        )
        for one in evidence
    ]
