"""Read the catalogue by API: the same price and availability functions as every other channel."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import ClassVar, cast

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from distportal.accounts.choices import Scope
from distportal.common.errors import Invalid, NotFound
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from distportal.web.api.auth import Client
from distportal.web.api.calling import ACCOUNT, account_of
from distportal.web.api.limiting import ClientLimits
from distportal.web.api.pressure import PutOffUnderPressure
from inventory.api.checks import price_checks, stock_checks
from inventory.api.resources import AvailabilityResource, ItemResource, PriceResource
from inventory.models import Item
from inventory.queries.availability import availability_of
from inventory.queries.prices import prices_for
from inventory.queries.search import search_items

MOST_SKUS = 100
MOST = Decimal(1_000_000_000)
READ: dict[str, str] = {"GET": Scope.CATALOGUE_READ}
SKUS = OpenApiParameter("sku", OpenApiTypes.STR, many=True, required=True, description=f"Up to {MOST_SKUS}")


class SkuPagination(CursorPagination):
    """By SKU, 100 a page."""

    ordering = "sku"
    page_size = 100


class ItemsView(GenericAPIView[Item]):
    """The catalogue."""

    scopes: ClassVar[dict[str, str]] = READ
    serializer_class = ItemResource
    pagination_class = SkuPagination
    queryset = Item.objects.none()
    filter_backends = ()
    throttle_classes = (ClientLimits, PutOffUnderPressure)

    def get_queryset(self) -> QuerySet[Item]:
        params, client = self.request.query_params, self.request.user
        account_id = client.key.account_id if isinstance(client, Client) else None
        return search_items(text=params.get("q", ""), family=params.get("family", ""), account_id=account_id)

    @extend_schema(
        operation_id="items_list",
        parameters=[OpenApiParameter("q", str, description="Code, name or UPC"), OpenApiParameter("family", str)],
        responses=ItemResource(many=True),
    )
    def get(self, request: Request) -> Response:
        """Items by SKU, a page at a time."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(ItemResource(page, many=True).data)


class ItemView(GenericAPIView[Item]):
    """One item."""

    scopes: ClassVar[dict[str, str]] = READ
    serializer_class = ItemResource
    queryset = Item.objects.none()
    filter_backends = ()
    throttle_classes = (ClientLimits, PutOffUnderPressure)

    def get(self, request: Request, sku: str) -> Response:
        """The item of exactly this SKU."""
        return Response(ItemResource(get_object_or_404(Item.objects.all(), sku=sku)).data)


class AvailabilityView(APIView):
    """What can be promised now."""

    scopes: ClassVar[dict[str, str]] = READ

    @extend_schema(parameters=[SKUS], responses=AvailabilityResource(many=True), operation_id="availability_list")
    def get(self, request: Request) -> Response:
        """Availability of the named items, in the order they were named."""
        items = _items(request)
        stock = availability_of(item_ids=[item.pk for item in items], shelf_life=_shelf_life(request))
        told = stock_checks(items)
        rows = [
            {**asdict(stock[i.pk]), "sku": i.sku, "sentence": stock[i.pk].sentence, "erp": told[i.sku]} for i in items
        ]
        return Response(AvailabilityResource(rows, many=True).data)


class PricesView(APIView):
    """What an account pays."""

    scopes: ClassVar[dict[str, str]] = READ

    @extend_schema(
        parameters=[
            SKUS,
            ACCOUNT,
            OpenApiParameter("quantity", OpenApiTypes.DECIMAL, description="In base units, 1 where left out"),
        ],
        responses=PriceResource(many=True),
        operation_id="prices_list",
    )
    def get(self, request: Request) -> Response:
        """The account's price of the named items for a quantity, in the order they were named."""
        account, items = account_of(request), _items(request)
        quantity = _quantity(request.query_params.get("quantity", "1"))
        wanted, today = {item.pk: quantity for item in items}, site_day(database_now())
        quotes = prices_for(account_id=account.pk, wanted=wanted, on=today)
        told = price_checks(items, account, quantity=quantity, on=today)
        rows = [{**asdict(quotes[i.pk]), "sku": i.sku, "quantity": quantity, "erp": told[i.sku]} for i in items]
        return Response(PriceResource(rows, many=True).data)


def _items(request: Request) -> list[Item]:
    """The named items. Raises Invalid for none or too many and NotFound naming those that are unknown."""
    skus = list(dict.fromkeys(request.query_params.getlist("sku")))
    if not 1 <= len(skus) <= MOST_SKUS:
        raise Invalid(f"Name 1 to {MOST_SKUS} items: ?sku=…&sku=…")
    found = {item.sku: item for item in Item.objects.filter(sku__in=skus)}
    if missing := [sku for sku in skus if sku not in found]:
        raise NotFound(f"There is no item {', '.join(missing)}.", skus=missing)
    return [found[sku] for sku in skus]


def _shelf_life(request: Request) -> int | None:
    """What the account of the key wants to be left; a key of the house sees what the items want."""
    account = cast(Client, request.user).key.account
    return account.least_shelf_life if account else None


def _quantity(text: str) -> Decimal:
    try:
        quantity = Decimal(text)
    except ArithmeticError as error:
        raise Invalid(f"{text!r} is not a quantity.") from error
    if not quantity.is_finite() or not 0 < quantity <= MOST:
        raise Invalid(f"A quantity is above zero and at most {MOST:,}.")
    return quantity
