"""Returns by API: billed lines, quantities, reasons and pictures, judged as on the portal."""

from __future__ import annotations

import base64
import binascii
from decimal import Decimal
from typing import Any, ClassVar

import django_filters
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from distportal.accounts.choices import Scope
from distportal.accounts.models import Account
from distportal.observability.actor import acting
from distportal.web.api.calling import (
    IF_MATCH,
    IF_NONE_MATCH,
    KEY_HEADER,
    UNCHANGED,
    caller,
    check_stamp,
    tagged,
    token_of,
)
from distportal.web.api.idempotency import once
from orders.api.scoping import ScopedView, found_or_404, number_behind, rows_of
from orders.choices import ReturnReason, ReturnStatus, ReturnWish
from orders.errors import ReturnRefused
from orders.models import Invoice, Return, ReturnLine
from orders.process.return_asking import MOST_PHOTOS, Wanted, ask_for_return
from orders.process.return_receipts import withdraw_return
from orders.queries.stamps import claim_stamp


class ReturnFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By account, state and the buyer's own number."""

    account = django_filters.CharFilter(field_name="account__code")

    class Meta:
        model = Return
        fields = ("account", "status", "reference")


class ReturnPagination(CursorPagination):
    """The newest first, 50 a page."""

    ordering = "-number"
    page_size = 50


class ReturnLineAsked(serializers.Serializer[Any]):
    """How much of a billed line shall come back, in its unit, and why."""

    invoice = serializers.CharField(max_length=40)
    position = serializers.IntegerField(min_value=1, help_text="The line's position on the invoice")
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3, min_value=Decimal("0.001"))
    reason = serializers.ChoiceField(choices=ReturnReason.choices)
    wish = serializers.ChoiceField(choices=ReturnWish.choices, default=ReturnWish.CREDIT)


class ReturnAsked(serializers.Serializer[Any]):
    """A request to send goods back. Damaged or defective goods need a picture."""

    reference = serializers.CharField(max_length=60, required=False, default="", help_text="Your own number")
    note = serializers.CharField(max_length=1000, required=False, default="")
    photos = serializers.ListField(
        child=serializers.CharField(max_length=7_000_000), max_length=MOST_PHOTOS, required=False,
        help_text="PNG, JPEG or WebP in base64; the whole request has 5 MiB at most",
    )  # fmt: skip
    lines = ReturnLineAsked(many=True, allow_empty=False, max_length=200)  # type: ignore[call-arg]  # of the list


class ReturnLineResource(serializers.ModelSerializer[ReturnLine]):
    """Of `quantity` asked, how much may come back and how much did."""

    sku = serializers.CharField(source="item.sku", default="")
    invoice = serializers.CharField(source="invoice_line.invoice.number", default="")

    class Meta:
        model = ReturnLine
        fields = ("position", "invoice", "sku", "quantity", "approved", "received", "unit", "reason", "wish", "problem")

    def to_representation(self, instance: ReturnLine) -> dict[str, Any]:
        """Nothing is approved as long as what one of us proposed waits for a second person."""
        told: dict[str, Any] = super().to_representation(instance)
        return told if instance.request.decided else {**told, "approved": "0.000"}


class ReturnResource(serializers.ModelSerializer[Return]):
    """A return. Its number is the RMA number, good once the return is approved."""

    number = serializers.SerializerMethodField()
    account = serializers.CharField(source="account.code")
    decision_reason = serializers.SerializerMethodField()
    lines = ReturnLineResource(many=True)

    class Meta:
        model = Return
        fields = (
            "number", "account", "status", "reference", "note", "requested_on", "requested_name", "amount", "currency",
            "decision_reason", "received_at", "settled_at", "lines",
        )  # fmt: skip

    def get_number(self, row: Return) -> str:
        return str(row)

    def get_decision_reason(self, row: Return) -> str:
        return row.decision_reason if row.decided else ""


class _Returns(ScopedView):
    serializer_class = ReturnResource
    queryset = Return.objects.none()
    rows = (
        Return.objects.select_related("account")
        .defer("canonical")
        .prefetch_related("lines__item", "lines__invoice_line__invoice")
    )


class ReturnsView(_Returns):
    """The returns of the accounts that the key covers."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.ORDERS_READ, "POST": Scope.RETURNS_WRITE}
    filterset_class = ReturnFilter
    pagination_class = ReturnPagination

    @extend_schema(operation_id="returns_list", responses=ReturnResource(many=True))
    def get(self, request: Request) -> Response:
        """The newest first, a page at a time."""
        return self.page_of(ReturnResource)

    @extend_schema(
        operation_id="returns_create",
        request=ReturnAsked,
        parameters=[KEY_HEADER],
        responses={
            201: ReturnResource,
            404: OpenApiResponse(description="There is no such invoice"),
            422: OpenApiResponse(description="It cannot come back like that; `most` says how much could"),
        },
    )
    def post(self, request: Request) -> Response:
        """Ask for a return: approved at once where your terms say so, else a person looks at it."""
        asked = ReturnAsked(data=request.data)
        asked.is_valid(raise_exception=True)
        invoices = _invoices(request, asked.validated_data["lines"])
        return once(request, lambda key: self._ask(request, invoices, key, asked.validated_data))

    def _ask(self, request: Request, invoices: dict[str, Invoice], key: str, data: dict[str, Any]) -> Response:
        client = caller(request)
        with acting(client.name):
            row = ask_for_return(
                account=_account(invoices),
                user=None,
                token=token_of(client, key),
                wanted=[_wanted(invoices[line["invoice"]], line) for line in data["lines"]],
                reference=data["reference"],
                note=data["note"],
                photos=[_picture(photo) for photo in data.get("photos", [])],
                channel=client.key.channel,
                requested_name=client.key.name,
            )
        row = self.get_queryset().get(pk=row.pk)
        return Response(ReturnResource(row).data, status=201, headers={"ETag": f'"{claim_stamp(row)}"'})


class ReturnView(_Returns):
    """One return."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.ORDERS_READ}
    filter_backends = ()

    @extend_schema(
        operation_id="returns_retrieve", parameters=[IF_NONE_MATCH], responses={200: ReturnResource, **UNCHANGED}
    )
    def get(self, request: Request, number: str) -> Response:
        """Where it stands."""
        row = found_or_404(self.get_queryset(), number=number_behind(number, "RMA-"))
        return tagged(request, Response(ReturnResource(row).data), claim_stamp(row))


class WithdrawalView(_Returns):
    """The end of a return before the goods came."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.RETURNS_WRITE}
    filter_backends = ()

    @extend_schema(
        operation_id="return_withdraw",
        request=None,
        parameters=[KEY_HEADER, IF_MATCH],
        responses={
            200: ReturnResource,
            404: OpenApiResponse(description="There is no such return"),
            409: OpenApiResponse(description="The goods are here already, or it is over"),
            412: OpenApiResponse(description="The return changed since you read it"),
        },
    )
    def post(self, request: Request, number: str) -> Response:
        """The goods stay with you; what was asked for can be asked for again."""
        row = found_or_404(self.get_queryset(), number=number_behind(number, "RMA-"))
        return once(request, lambda _: self._withdraw(request, row))

    def _withdraw(self, request: Request, row: Return) -> Response:
        client = caller(request)
        if row.status != ReturnStatus.WITHDRAWN:  # a repeat whose answer was lost is answered alike
            check_stamp(request, claim_stamp(row))
            with acting(client.name):
                withdraw_return(return_id=row.pk, user=None, name=client.key.name)
        row = self.get_queryset().get(pk=row.pk)
        return Response(ReturnResource(row).data, headers={"ETag": f'"{claim_stamp(row)}"'})


def _invoices(request: Request, lines: list[dict[str, Any]]) -> dict[str, Invoice]:
    rows = rows_of(request, Invoice.objects.select_related("account"))
    return {number: found_or_404(rows, number=number) for number in dict.fromkeys(line["invoice"] for line in lines)}


def _account(invoices: dict[str, Invoice]) -> Account:
    accounts = {invoice.account_id: invoice.account for invoice in invoices.values()}
    if len(accounts) > 1:
        raise ReturnRefused("the invoices are of several accounts: ask for one return each; nothing was asked for")
    return next(iter(accounts.values()))


def _wanted(invoice: Invoice, line: dict[str, Any]) -> Wanted:
    rows = invoice.lines.select_related("invoice", "order_line", "item")
    billed = rows.filter(position=line["position"]).first()
    if billed is None or billed.item is None:
        told = f"invoice {invoice.number} has no line {line['position']} of goods; nothing was asked for"
        raise ReturnRefused(told)
    return Wanted(
        line=billed,
        quantity=line["quantity"],
        reason=ReturnReason(line["reason"]),
        wish=ReturnWish(line["wish"]),
    )


def _picture(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ReturnRefused("a photo is not base64; nothing was asked for") from error
