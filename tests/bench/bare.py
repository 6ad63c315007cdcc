"""The page that others are measured against: Django's own session and sign-in, one query for fifty orders, a table."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.test.utils import override_settings
from django.urls import path

from distportal.accounts.models import User
from orders.models import Order
from tests.clients import signed_in

BARE = "/bare/"
_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tests.bench.bare.own_addresses",
]
"""As `django-admin startproject` writes it."""
_TEMPLATE = """<!doctype html><html lang="en"><head><title>Orders</title></head><body><p>{{ user.email }}</p>
<table><thead><tr><th>Order</th><th>PO</th><th>Dealer</th><th>Ship to</th><th>Placed by</th><th>Placed</th>
<th>Status</th><th>Value</th></tr></thead><tbody>{% for order in orders %}<tr>
<td><a href="{% url 'order' order.number %}">{{ order.number }}</a></td><td>{{ order.po_number }}</td>
<td>{{ order.account.name }}</td><td>{{ order.ship_to.name }}</td><td>{{ order.placed_name }}</td>
<td>{{ order.placed_at|date:"j M Y, H:i" }}</td><td>{{ order.get_status_display }}</td>
<td>{{ order.total }} {{ order.currency }}</td></tr>{% endfor %}</tbody></table></body></html>"""


@login_required
def bare(request: HttpRequest, number: int = 0) -> HttpResponse:
    """The newest fifty orders, of whatever company: always fifty, however many there are behind them."""
    rows = Order.objects.select_related("account", "ship_to").defer("canonical")
    orders = rows.order_by("-number")[:50]
    return HttpResponse(_template().render({"orders": orders, "user": request.user}))


@cache
def _template() -> Any:
    return engines["django"].from_string(_TEMPLATE)


urlpatterns = [path("bare/", bare), path("bare/<int:number>/", bare, name="order")]


def own_addresses(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Only the bare page is there."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__  # type: ignore[attr-defined]
        return get_response(request)

    return answer


def bare_client(user: User) -> Client:
    """Somebody who has signed in at a site that has nothing but Django's own parts and this page."""
    client = signed_in(user)
    with override_settings(MIDDLEWARE=_MIDDLEWARE):
        client.handler.load_middleware()
    return client
