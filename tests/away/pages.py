"""Every address of the portal that answers a GET, found in its list of routes, so that a new page is not forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from distportal.accounts.models import ApiKey
from edi.models import Document, InboundFile, Interchange, Onboarding, OutboundFile, TradingPartner
from orders.models import Shipment
from tests.away.conftest import Portal
from tests.clients import signed_in

ELSEWHERE = ("admin/", "accounts/")
"""Walked by the models of the back office; and the library's pages for signing in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One page as it was answered."""

    address: str
    status: int
    statements: int
    kind: str
    text: str

    @property
    def whole(self) -> bool:
        """Whether it is a page with a frame around it."""
        return self.kind.startswith("text/html") and "<main" in self.text


def routes() -> list[str]:
    """All that the portal answers, as they are written."""
    return [route for route in _walk(get_resolver()) if not route.startswith(ELSEWHERE)]


def _walk(resolver: Any, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern, route)
        else:
            yield route


def subjects(portal: Portal) -> dict[str, Any]:
    """What to put into a route that names something."""
    company, document = portal.company, Document.objects.get(set_id="850")
    return {
        "kpis/<slug:code>/": "exception_resolution",
        "kpis/<slug:code>/rows/": "exception_resolution",
        "desk/<int:number>/": company.held_case.number,
        "catalogue/<str:sku>/": "FST-10001",
        "catalogue/<str:sku>/checks/": "FST-10001",
        "orders/<int:number>/": company.billed.number,
        "orders/<int:number>/reorder/": company.billed.number,
        "invoices/<slug:number>/": company.invoice.number,
        "disputes/<int:number>/": company.dispute.number,
        "shipments/<slug:number>/": Shipment.objects.get().number,
        "chain/<uuid:correlation_id>/": document.correlation_id,
        "edi/documents/<uuid:document_id>/": document.pk,
        "edi/documents/<uuid:document_id>/again/": document.pk,
        "edi/interchanges/<uuid:interchange_id>/": Interchange.objects.filter(direction="in").first(),
        "edi/files/<uuid:file_id>/": InboundFile.objects.first(),
        "edi/files/<uuid:file_id>/bytes/": InboundFile.objects.first(),
        "edi/sent/<uuid:file_id>/bytes/": OutboundFile.objects.first(),
        "edi/shipments/<uuid:shipment_id>/labels.pdf": Shipment.objects.first(),
        "edi/partners/samples/<uuid:onboarding_id>/": Onboarding.objects.first(),
        "edi/partners/samples/<uuid:onboarding_id>/try/": Onboarding.objects.first(),
        "edi/partners/<str:code>/": TradingPartner.objects.get().code,
        "edi/partners/<str:code>/scorecard/": TradingPartner.objects.get().code,
        "edi/partners/<str:code>/scorecard/rows/": TradingPartner.objects.get().code,
        "edi/partners/<str:code>/export/": TradingPartner.objects.get().code,
        "api/v1/edi/files/<uuid:file_id>": InboundFile.objects.first(),
        "api/v1/edi/outbound/<uuid:file_id>/content": OutboundFile.objects.first(),
        "api/v1/items/<str:sku>": "FST-10001",
        "api/v1/orders/<str:number>": company.billed.number,
    }


def addresses(portal: Portal) -> list[str]:
    """Every route that names nothing, and one of each that names something this portal has."""
    return list(addresses_by_route(portal).values())


def addresses_by_route(portal: Portal) -> dict[str, str]:
    """The same by the route as it is written."""
    known, found = subjects(portal), {}
    for route in routes():
        if "<" not in route:
            found[route] = "/" + route
        elif route in known:
            subject = known[route]
            found[route] = "/" + re.sub(r"<.*?>", str(getattr(subject, "pk", subject)), route, count=1)
    samples = f"/edi/partners/samples/{Onboarding.objects.get().pk}/try/"
    queries = {
        samples: "?account=HARBOR",
        "/api/v1/availability": "?sku=FST-10001",
        "/api/v1/prices": "?sku=FST-10001&account=HARBOR",
    }
    return {route: address + queries.get(address, "") for route, address in found.items()}


def back_office() -> list[str]:
    """The list of every model of the back office, one of its rows, and that row's history."""
    found = [reverse("admin:index")]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{name}_changelist"))
        row = model._default_manager.first()
        if row is not None:
            key = row.prefix if isinstance(row, ApiKey) else row.pk  # its primary key holds a hash and is no address
            found += [reverse(f"{name}_{page}", args=[key]) for page in ("change", "history")]
    return found


class Lookers:
    """Who may see a page looks at it."""

    def __init__(self, portal: Portal) -> None:
        self._clients = (
            signed_in(portal.cast.buyer),
            signed_in(portal.cast.colleague),
            signed_in(portal.root),
            *(Client(headers={"Authorization": f"Api-Key {key}"}) for key in portal.keys),
        )

    def look(self, address: str) -> Look:
        """The answer of who may, else the last refusal."""
        for client in self._clients:
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
                content = b"".join(answer) if answer.streaming else answer.content
            if answer.status_code == 200:
                break
        return Look(
            address=address,
            status=answer.status_code,
            statements=len(queries),
            kind=answer.headers.get("Content-Type", ""),
            text=content.decode(errors="replace"),
        )
