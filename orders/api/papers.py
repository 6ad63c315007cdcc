"""Documents by API: what papers there are of an order, and the papers themselves."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from distportal.accounts.choices import Scope
from distportal.common.errors import Invalid
from distportal.web.api.calling import ACCOUNT, account_of, bytes_answer, caller
from orders.api.scoping import found_or_404, number_behind, rows_of
from orders.api.views import order_called, orders_of
from orders.choices import ReturnStatus
from orders.documents.invoice_sheet import file_name, invoice_pdf
from orders.documents.return_sheet import label_pdf
from orders.documents.statement_sheet import statement_pdf
from orders.models import Invoice, Order, ProofOfDelivery, Return
from orders.queries.statement import statement_of

PDF: dict[Any, Any] = {(200, "application/pdf"): OpenApiTypes.BINARY}
FIRST = dt.date(2000, 1, 1)


class PaperResource(serializers.Serializer[Any]):
    """One document of an order."""

    kind = serializers.ChoiceField(choices=["invoice", "credit_memo", "proof_of_delivery", "return_label"])
    number = serializers.CharField()
    media_type = serializers.CharField()
    url = serializers.CharField()


class PapersView(APIView):
    """The documents of an order."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.ORDERS_READ}

    @extend_schema(operation_id="order_documents_list", responses=PaperResource(many=True))
    def get(self, request: Request, number: str) -> Response:
        """Invoices and credit memos (where the key reads invoices), proofs with a picture, labels of returns."""
        client = caller(request)
        order = order_called(orders_of(client), number)
        found = _invoices(order) if Scope.INVOICES_READ in client.scopes else []
        return Response(PaperResource([*found, *_proofs(order), *_labels(order)], many=True).data)


class InvoicePdfView(APIView):
    """An invoice as a paper."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.INVOICES_READ}

    @extend_schema(operation_id="invoice_pdf", responses=PDF)
    def get(self, request: Request, number: str) -> HttpResponse:
        """The PDF of an invoice or credit memo."""
        rows = Invoice.objects.select_related("account", "order__ship_to", "shipment", "corrects")
        invoice = found_or_404(rows_of(request, rows).prefetch_related("lines__item"), number=number)
        return bytes_answer(invoice_pdf(invoice), "application/pdf", file_name(invoice))


class StatementPdfView(APIView):
    """A statement of account as a paper."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.INVOICES_READ}

    @extend_schema(
        operation_id="statement_pdf",
        parameters=[
            ACCOUNT,
            OpenApiParameter("since", OpenApiTypes.DATE, description="60 days back where left out"),
            OpenApiParameter("as_of", OpenApiTypes.DATE, description="Today where left out"),
        ],
        responses=PDF,
    )
    def get(self, request: Request) -> HttpResponse:
        """Opening balance, movements, closing balance and ages."""
        account, today = account_of(request), timezone.localdate()
        as_of = min(_day(request, "as_of", today), today)
        since = min(_day(request, "since", as_of - dt.timedelta(days=60)), as_of)
        made = statement_of(account, since=since, as_of=as_of, currency="")
        return bytes_answer(statement_pdf(made), "application/pdf", f"statement_{account.code}_{as_of}.pdf")


class ReturnLabelView(APIView):
    """The label of an approved return."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.ORDERS_READ}

    @extend_schema(operation_id="return_label", responses=PDF)
    def get(self, request: Request, number: str) -> HttpResponse:
        """A page of 4 by 6 inches with the RMA number; 404 before the return is approved."""
        rows = rows_of(request, Return.objects.select_related("account")).filter(status__in=ReturnStatus.GRANTED)
        row = found_or_404(rows, number=number_behind(number, "RMA-"))
        return bytes_answer(label_pdf(row), "application/pdf", f"{row}.pdf")


def _day(request: Request, name: str, otherwise: dt.date) -> dt.date:
    text = request.query_params.get(name, "")
    try:
        return max(dt.date.fromisoformat(text), FIRST) if text else otherwise
    except ValueError as error:
        raise Invalid(f"{name} is a day as in 2026-05-04.") from error


def _invoices(order: Order) -> list[dict[str, str]]:
    return [
        {"kind": row.kind, "number": row.number, "media_type": "application/pdf",
         "url": reverse("api_invoice_pdf", args=[row.number])}
        for row in order.invoices.order_by("issued_on", "number").defer("canonical")
    ]  # fmt: skip


def _proofs(order: Order) -> list[dict[str, str]]:
    rows = ProofOfDelivery.objects.filter(shipment__order=order, image__isnull=False).order_by("delivered_at", "pk")
    return [
        {"kind": "proof_of_delivery", "number": shipment, "media_type": media,
         "url": reverse("api_proof_image", args=[pk])}
        for pk, shipment, media in rows.values_list("pk", "shipment__number", "image__media_type")
    ]  # fmt: skip


def _labels(order: Order) -> list[dict[str, str]]:
    rows = Return.objects.filter(lines__invoice_line__invoice__order=order, status__in=ReturnStatus.GRANTED)
    return [
        {"kind": "return_label", "number": str(row), "media_type": "application/pdf",
         "url": reverse("api_return_label", args=[str(row)])}
        for row in rows.order_by("number").distinct()
    ]  # fmt: skip
