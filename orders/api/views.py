"""Place and read orders by API: the same intake as every other channel."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from distportal.accounts.choices import Scope
from distportal.canonical.orders import Channel
from distportal.canonical.orders import Order as AskedOrder
from distportal.common.errors import Invalid, NotFound
from distportal.common.remembering import remembering
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from distportal.events.pressure import require_order_intake
from distportal.observability.actor import acting
from distportal.web.api.auth import Client
from distportal.web.api.calling import IF_NONE_MATCH, KEY_HEADER, UNCHANGED, caller, source_key, tagged
from distportal.web.api.idempotency import once
from orders.api.filters import OrderFilter
from orders.api.requests import OrderRequest, canonical_order
from orders.api.resources import OrderResource, OrderSummary, told_order
from orders.errors import PoConflict, UnknownAccount
from orders.models import Order
from orders.process.approvals.keys import ask_for_key
from orders.process.as_placed import order_as_placed
from orders.process.intake import place_order
from orders.process.rule_uses import note_rules_of
from orders.process.word_scopes import account_scope
from orders.process.wording import in_words_of_ours
from orders.queries.numbers import order_digits
from orders.queries.stamps import order_stamp


def orders_of(client: Client) -> QuerySet[Order]:
    """The orders of the accounts that the key covers."""
    wanted = {f"account__{name}": value for name, value in client.account_filter().items()}
    return Order.objects.filter(**wanted).select_related("account", "ship_to")


def whole_orders_of(client: Client) -> QuerySet[Order]:
    """The same with all that an order's resource shows, in a fixed number of queries."""
    return orders_of(client).prefetch_related(
        "lines__item", "findings__line", "shipments", "invoices", "change_requests"
    )


def order_called(rows: QuerySet[Order], number: str) -> Order:
    """The order of that number among the rows. Raises NotFound."""
    digits = order_digits(number)
    found = rows.filter(number=int(digits)).first() if digits and len(digits) < 19 else None
    if found is None:
        raise NotFound("There is no such order.")
    return found


class OrdersView(GenericAPIView[Order]):
    """The orders the key covers."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.ORDERS_READ, "POST": Scope.ORDERS_WRITE}
    filterset_class = OrderFilter
    serializer_class = OrderSummary
    queryset = Order.objects.none()

    def get_queryset(self) -> QuerySet[Order]:
        return orders_of(caller(self.request)) if isinstance(self.request.user, Client) else Order.objects.none()

    @extend_schema(operation_id="orders_list", responses=OrderSummary(many=True))
    def get(self, request: Request) -> Response:
        """Newest first, a page at a time."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(OrderSummary(page, many=True).data)

    @extend_schema(
        request=OrderRequest,
        parameters=[KEY_HEADER],
        responses={
            201: OrderResource,
            200: OpenApiResponse(OrderResource, description="This PO with this content is an order already"),
            202: OpenApiResponse(description="Your company's own rules ask for a colleague's approval first"),
            400: OpenApiResponse(description="Fields do not fit"),
            404: OpenApiResponse(description="The account is not one of yours"),
            409: OpenApiResponse(description="This PO number is on an order with other content, or the key is in use"),
            422: OpenApiResponse(description="The key was used for another request"),
            503: OpenApiResponse(description="Orders cannot be stored for the moment: send it again after Retry-After"),
        },
    )
    def post(self, request: Request) -> Response:
        """Place an order. It may come back accepted, held for a person, or rejected: `findings` say why."""
        require_order_intake()
        asked = OrderRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        return once(request, lambda key: _place(caller(request), key, asked.validated_data))


class OrderView(GenericAPIView[Order]):
    """One order."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.ORDERS_READ}
    serializer_class = OrderResource
    queryset = Order.objects.none()
    filter_backends = ()

    @extend_schema(parameters=[IF_NONE_MATCH], responses={200: OrderResource, **UNCHANGED})
    def get(self, request: Request, number: str) -> Response:
        """The order with lines, findings, shipments and invoices."""
        order = order_called(whole_orders_of(caller(request)), number)
        return tagged(request, Response(told_order(order)), order_stamp(order))


def _place(client: Client, key: str, data: dict[str, Any]) -> Response:
    asked = canonical_order(
        data,
        account=_account_code(client, data.get("account", "")),
        channel=cast(Channel, client.key.channel),
        today=site_day(database_now()),
    )
    salesperson = _salesperson(client, data)
    own_key = source_key(client, key)
    with remembering(), acting(f"{client.name} for {salesperson}" if salesperson else client.name):
        order = in_words_of_ours(asked, account_scope(asked.account))
        if waits := _waiting(client, order, own_key):
            return waits
        placement = place_order(
            order=order,
            source_key=own_key,
            placed_name=f"{salesperson}, {client.key.name}" if salesperson else client.key.name,
        )
        if placement.outcome == "placed":
            note_rules_of(sent=[asked], scope=account_scope(asked.account), story=placement.order.correlation_id)
    if placement.outcome == "conflict":
        raise PoConflict(
            f"PO {asked.po_number} is on {placement.order} with other content. No second order was made; a person "
            "looks at both.",
            order=str(placement.order),
        )
    row = order_as_placed(placement) or whole_orders_of(client).get(pk=placement.order.pk)
    headers = {"ETag": f'"{order_stamp(row)}"'}
    return Response(told_order(row), status=201 if placement.outcome == "placed" else 200, headers=headers)


def _waiting(client: Client, order: AskedOrder, own_key: str) -> Response | None:
    """The answer for an order of a company's own key that its own rules let a colleague approve first."""
    if client.key.account is None:
        return None
    request = ask_for_key(account=client.key.account, order=order, source_key=own_key, name=client.key.name)
    if request is None:
        return None
    reasons = [reason["words"] for reason in request.reasons]
    body = {"status": "waiting_approval", "approval": str(request), "po_number": request.po_number, "reasons": reasons}
    return Response(body, status=202)


def _account_code(client: Client, code: str) -> str:
    """The account the order is for; whether there is one of that code is seen when the order is placed. Raises
    UnknownAccount for one the key does not cover, Invalid for none.
    """
    own = client.key.account
    if own is not None and code in ("", own.code):
        return str(own.code)
    if own is not None:
        raise UnknownAccount(f"No account {code} is open to this key; nothing was placed.", account=code)
    if not code:
        raise Invalid("Name the account; this key acts for many.")
    return code


def _salesperson(client: Client, data: dict[str, Any]) -> str:
    """Who orders on behalf of the account. Raises Invalid where the key is the account's own."""
    name: str = " ".join(str(data.get("salesperson", "")).split())
    if name and client.key.account is not None:
        raise Invalid("This key is the account's own: it orders for itself, on nobody's behalf. Nothing was placed.")
    return name
