"""Changes and cancellations by API: the dealer's own rules of what may still change, on the version that was read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from distportal.accounts.choices import Scope
from distportal.observability.actor import acting
from distportal.web.api.auth import Client
from distportal.web.api.calling import IF_MATCH, KEY_HEADER, caller, source_key, wanted_stamps
from distportal.web.api.idempotency import once
from orders.api.requests import MOST_LINES
from orders.api.views import order_called, orders_of
from orders.choices import ChangeStatus
from orders.models import ChangeRequest, Order
from orders.process.changes.asking_by_key import ask_by_key
from orders.queries.stamps import order_stamp

REFUSALS = {
    404: OpenApiResponse(description="There is no such order"),
    409: OpenApiResponse(description="It cannot be changed like that any more; `detail` says why"),
    412: OpenApiResponse(description="The order changed since you read it"),
    422: OpenApiResponse(description="The key was used for another request"),
    428: OpenApiResponse(description="If-Match is missing"),
}


class LineChangeRequest(serializers.Serializer[Any]):
    """The quantity that is wanted of a line after the change; 0 takes it off."""

    line_no = serializers.CharField(max_length=20)
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3, min_value=Decimal(0))


class ChangeAsked(serializers.Serializer[Any]):
    """Less of lines, or another day for the order. Lines that are not named stay as they are."""

    lines = LineChangeRequest(many=True, required=False, max_length=MOST_LINES)  # type: ignore[call-arg]  # of the list
    requested_on = serializers.DateField(required=False)
    note = serializers.CharField(max_length=200, required=False, default="")


class CancellationAsked(serializers.Serializer[Any]):
    """Why, for the people who read it."""

    note = serializers.CharField(max_length=200, required=False, default="")


class ChangeResource(serializers.ModelSerializer[ChangeRequest]):
    """A change and what became of it: `applied` and `refused` are final, the others are on their way."""

    order = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=ChangeStatus.choices)

    class Meta:
        model = ChangeRequest
        fields = ("id", "order", "purpose", "status", "reason", "channel", "asked_name", "requested_at", "decided_at")

    def get_order(self, change: ChangeRequest) -> str:
        return str(change.order)


class ChangesView(APIView):
    """The changes of an order."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.ORDERS_READ, "POST": Scope.ORDERS_WRITE}

    @extend_schema(operation_id="order_changes_list", responses=ChangeResource(many=True))
    def get(self, request: Request, number: str) -> Response:
        """All that was asked to change, the first one first."""
        order = order_called(orders_of(caller(request)), number)
        rows = order.change_requests.select_related("order").order_by("requested_at", "pk")
        return Response(ChangeResource(rows, many=True).data)

    @extend_schema(
        operation_id="order_changes_create",
        request=ChangeAsked,
        parameters=[KEY_HEADER, IF_MATCH],
        responses={201: ChangeResource, **REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        """Ask for less of lines or for another day. Once the ERP has the order it decides, by what has left."""
        asked = ChangeAsked(data=request.data)
        asked.is_valid(raise_exception=True)
        quantities = {line["line_no"]: line["quantity"] for line in asked.validated_data.get("lines", [])}
        return _asked(request, number, {**asked.validated_data, "quantities": quantities})


class CancellationView(APIView):
    """The end of an order."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.ORDERS_WRITE}

    @extend_schema(
        operation_id="order_cancel",
        request=CancellationAsked,
        parameters=[KEY_HEADER, IF_MATCH],
        responses={201: ChangeResource, **REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        """Cancel all that has not left."""
        asked = CancellationAsked(data=request.data)
        asked.is_valid(raise_exception=True)
        return _asked(request, number, {**asked.validated_data, "quantities": None})


def _asked(request: Request, number: str, data: dict[str, Any]) -> Response:
    client = caller(request)
    order, stamps = order_called(orders_of(client), number), wanted_stamps(request)
    return once(request, lambda key: _ask(client, order, stamps, key, data))


def _ask(client: Client, order: Order, stamps: frozenset[str] | None, key: str, data: dict[str, Any]) -> Response:
    with acting(client.name):
        placed = ask_by_key(
            order_id=order.pk,
            stamps=stamps,
            quantities=data["quantities"],
            requested_on=data.get("requested_on"),
            note=data["note"],
            source_key=source_key(client, key),
            channel=client.key.channel,
            asked_name=client.key.name,
        )
    order.refresh_from_db()
    headers = {"ETag": f'"{order_stamp(order)}"'}  # of the order, for the next change
    return Response(ChangeResource(placed.change).data, status=201, headers=headers)
