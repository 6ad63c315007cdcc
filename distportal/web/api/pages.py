"""The document of the API as a page of ours: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from distportal.web.api.compatibility import METHODS
from distportal.web.api.document import current_document

TITLES = {
    "accounts": _("Notes of accounts"), "availability": _("Availability"), "disputes": _("Disputes"),
    "edi": _("EDI files"), "files": _("Files that prove something"), "invoices": _("Invoices"), "items": _("Catalogue"),
    "orders": _("Orders"), "prices": _("Prices"), "proofs": _("Proofs of delivery"), "returns": _("Returns"),
    "shipments": _("Shipments"), "statements": _("Statements"), "webhooks": _("Webhooks"),
}  # fmt: skip
"""What people call what stands behind `/api/v1/<name>`."""


@require_GET
@login_required
def reference(request: HttpRequest) -> HttpResponse:
    """Every call by what it is about, with its parameters, what it takes and what it answers."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for call in _calls(current_document()):
        groups.setdefault(call["path"].removeprefix("/api/v1/").split("/")[0], []).append(call)
    shown = sorted((str(TITLES.get(name, name)), name, calls) for name, calls in groups.items())
    return render(request, "web/api_reference.html", {"groups": shown, "site": settings.PUBLIC_URL})


def _calls(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if (told := methods.get(method)) is None:
                continue
            answers = {status: answer for status, answer in told["responses"].items() if status.startswith("2")}
            yield {
                "id": told["operationId"],
                "method": method.upper(),
                "path": path,
                "description": told.get("description", ""),
                "ends": told.get("deprecated", False),
                "scope": " ".join(one for way in told.get("security", ()) for one in way.get("OAuth", ())),
                "parameters": [
                    {"name": one["name"], "type": one["in"], "needed": one.get("required", False),
                     "text": one.get("description", "")}
                    for one in told.get("parameters", ())
                ],
                "takes": fields_of(_schema(told.get("requestBody")), document),
                "answers": [(status, fields_of(_schema(answer), document)) for status, answer in answers.items()],
                "refusals": [
                    (status, answer.get("description", "")) for status, answer in told["responses"].items()
                    if status not in answers
                ],
            }  # fmt: skip


def _schema(body: Mapping[str, Any] | None) -> Mapping[str, Any]:
    content: Mapping[str, Any] = (body or {}).get("content", {})
    schema: Mapping[str, Any] = content.get("application/json", {}).get("schema", {})
    return schema


def fields_of(schema: Mapping[str, Any], document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Name, type and words of each field, those of lists and parts below it; a part that holds itself is named once."""
    return list(_walk(schema, document, "", ()))


def _walk(
    schema: Mapping[str, Any], document: Mapping[str, Any], before: str, above: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    while "items" in schema:
        schema = schema["items"]
    if len(schema.get("allOf", ())) == 1:
        schema = schema["allOf"][0]
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in above:
            return
        schema, above = document["components"]["schemas"][name], (*above, name)
    needed = schema.get("required", ())
    for name, told in schema.get("properties", {}).items():
        values = told.get("enum") or ()
        yield {
            "name": f"{before}{name}",
            "type": _type(told),
            "needed": name in needed,
            "text": told.get("description", ""),
            "values": values,
        }
        yield from _walk(told, document, f"{before}{name}.", above)


def _type(told: Mapping[str, Any]) -> str:
    kinds = [one for one in told.get("anyOf", (told,)) if one.get("type") != "null"]
    return ", ".join(str(one.get("format") or one.get("type", "")) for one in kinds)
