"""Disputes by API: opened by line of an invoice, in the same window and with the same sums as on the portal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

import django_filters
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from distportal.accounts.choices import Scope
from distportal.observability.actor import acting
from distportal.web.api.calling import IF_NONE_MATCH, KEY_HEADER, UNCHANGED, caller, tagged, token_of
from distportal.web.api.idempotency import once
from orders.api.dispute_evidence import EvidenceAsked, FileIds, sent_of
from orders.api.dispute_resources import DisputeResource, DisputesRead
from orders.api.scoping import found_or_404, number_behind, rows_of
from orders.choices import DisputeReason
from orders.errors import DisputeRefused
from orders.models import Dispute, Invoice
from orders.process.dispute_files import PHOTO
from orders.process.dispute_filing import Wanted
from orders.process.dispute_sending import claim_by_key
from orders.queries.stamps import claim_stamp

REASONS = [one for one in DisputeReason.choices if one[0] != DisputeReason.UNSTATED]


class DisputeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By account and invoice."""

    account = django_filters.CharFilter(field_name="account__code")
    invoice = django_filters.CharFilter(field_name="invoice__number")

    class Meta:
        model = Dispute
        fields = ("account", "invoice")


class DisputePagination(CursorPagination):
    """The newest first, 50 a page."""

    ordering = "-number"
    page_size = 50


class DisputeLineAsked(serializers.Serializer[Any]):
    """What is wrong with one invoice line. `price` is what it should have been per unit, `amount` what is claimed; what
    is left out is worked out as on the portal.
    """

    position = serializers.IntegerField(min_value=1, help_text="The line's position on the invoice")
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3, min_value=Decimal(0), required=False)
    price = serializers.DecimalField(max_digits=14, decimal_places=4, min_value=Decimal(0), required=False)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=Decimal(0), required=False)
    photos = FileIds(required=False, help_text="Ids of pictures of this line, as `/files` answered them")


class DisputeAsked(serializers.Serializer[Any]):
    """A claim on one invoice. Damaged goods need a photo of each line: send it to `/files` first and name it here."""

    invoice = serializers.CharField(max_length=40)
    reason = serializers.ChoiceField(choices=REASONS)
    note = serializers.CharField(max_length=1000, help_text="What happened, in a few words")
    lines = DisputeLineAsked(many=True, allow_empty=False, max_length=1000)  # type: ignore[call-arg]  # of the list
    evidence = EvidenceAsked(many=True, required=False, max_length=50)  # type: ignore[call-arg]  # of the list


class DisputesView(DisputesRead):
    """The disputes of the accounts that the key covers."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.INVOICES_READ, "POST": Scope.DISPUTES_WRITE}
    filterset_class = DisputeFilter
    pagination_class = DisputePagination

    @extend_schema(operation_id="disputes_list", responses=DisputeResource(many=True))
    def get(self, request: Request) -> Response:
        """The newest first, a page at a time."""
        return self.page_of(DisputeResource)

    @extend_schema(
        operation_id="disputes_create",
        request=DisputeAsked,
        parameters=[KEY_HEADER],
        responses={
            201: DisputeResource,
            404: OpenApiResponse(description="There is no such invoice, or no such file waits"),
            422: OpenApiResponse(description="It cannot be claimed like that; `detail` says what could be"),
        },
    )
    def post(self, request: Request) -> Response:
        """Open a dispute. Finance decides; the credit is booked by the ERP."""
        asked = DisputeAsked(data=request.data)
        asked.is_valid(raise_exception=True)
        invoice = found_or_404(
            rows_of(request, Invoice.objects.select_related("account")), number=asked.validated_data["invoice"]
        )
        return once(request, lambda key: self._open(request, invoice, key, asked.validated_data))

    def _open(self, request: Request, invoice: Invoice, key: str, data: dict[str, Any]) -> Response:
        client = caller(request)
        with acting(client.name):
            row = claim_by_key(
                token=token_of(client, key),
                account=invoice.account,
                invoice_id=invoice.pk,
                reason=DisputeReason(data["reason"]),
                wanted=_wanted(invoice, data["lines"]),
                note=data["note"],
                client=client.key.identity,
                channel=client.key.channel,
                opened_name=client.key.name,
                sent=sent_of(invoice, [*_photos(data["lines"]), *data.get("evidence", [])]),
            )
        row = self.get_queryset().get(pk=row.pk)
        return Response(DisputeResource(row).data, status=201, headers={"ETag": f'"{claim_stamp(row)}"'})


class DisputeView(DisputesRead):
    """One dispute."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.INVOICES_READ}
    filter_backends = ()

    @extend_schema(
        operation_id="disputes_retrieve", parameters=[IF_NONE_MATCH], responses={200: DisputeResource, **UNCHANGED}
    )
    def get(self, request: Request, number: str) -> Response:
        """Where it stands."""
        row = found_or_404(self.get_queryset(), number=number_behind(number, "D-"))
        return tagged(request, Response(DisputeResource(row).data), claim_stamp(row))


def _photos(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pictures of lines, as evidence like any other."""
    return [
        {"item": PHOTO, "position": line["position"], "files": line["photos"]} for line in lines if line.get("photos")
    ]


def _wanted(invoice: Invoice, lines: list[dict[str, Any]]) -> list[Wanted]:
    at = {line.position: line.pk for line in invoice.lines.all()}
    found = []
    for line in lines:
        if line["position"] not in at:
            raise DisputeRefused(f"invoice {invoice.number} has no line {line['position']}; nothing was opened")
        told = {name: line.get(name) for name in ("quantity", "price", "amount")}
        found.append(Wanted(line_id=at[line["position"]], **told))
    if len({one.line_id for one in found}) < len(found):
        raise DisputeRefused("a line is named twice; nothing was opened")
    return found
