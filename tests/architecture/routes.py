"""Who may open which address: the table that every named route must stand in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver

from distportal.accounts.permissions import Act

STAFF = "staff"
"""Pages of Northline's people: no dealer's person gets in."""
OPEN = "open"
"""Pages that look at more than a role (a home page of what one may see), or need no sign-in."""
ELSEWHERE = ("admin/", "accounts/", "api/")
"""The back office, the library's pages for signing in, and the API with its own scopes."""

DEALER_ROUTES: dict[str, Act] = {
    "catalogue": Act.VIEW_PRICES,
    "item": Act.VIEW_PRICES,
    "item_checks": Act.VIEW_PRICES,
    "item_document": Act.VIEW_PRICES,
    "part_numbers": Act.VIEW_PRICES,
    "part_numbers_export": Act.VIEW_PRICES,
    "part_numbers_change": Act.KEEP_PART_NUMBERS,
    "catalogue_question": Act.WRITE_MESSAGES,
    "orders:lists": Act.VIEW_PRICES,
    "orders:list": Act.VIEW_PRICES,
    "orders:list_new": Act.KEEP_PART_NUMBERS,
    "orders:list_add": Act.KEEP_PART_NUMBERS,
    "orders:list_take": Act.PLACE_ORDERS,
    "orders:list_change_lines": Act.KEEP_PART_NUMBERS,
    "orders:list_change": Act.KEEP_PART_NUMBERS,
    "orders:purchased": Act.VIEW_ORDERS,
    "orders:purchased_take": Act.PLACE_ORDERS,
    "orders:reorder": Act.PLACE_ORDERS,
    "orders:reorder_take": Act.PLACE_ORDERS,
    "orders:cart": Act.PLACE_ORDERS,
    "orders:cart_add": Act.PLACE_ORDERS,
    "orders:cart_save": Act.PLACE_ORDERS,
    "orders:cart_po": Act.PLACE_ORDERS,
    "orders:cart_places": Act.PLACE_ORDERS,
    "orders:place": Act.PLACE_ORDERS,
    "orders:placed": Act.PLACE_ORDERS,
    "orders:quick": Act.PLACE_ORDERS,
    "orders:quick_save": Act.PLACE_ORDERS,
    "orders:quick_read": Act.PLACE_ORDERS,
    "orders:quick_take": Act.PLACE_ORDERS,
    "orders:quick_clear": Act.PLACE_ORDERS,
    "orders:quick_find": Act.PLACE_ORDERS,
    "orders:quick_problems": Act.PLACE_ORDERS,
    "orders:quick_template": Act.PLACE_ORDERS,
    "orders:approvals": Act.VIEW_ORDERS,
    "orders:approval": Act.VIEW_ORDERS,
    "orders:approval_decide": Act.PLACE_ORDERS,
    "orders:approval_end": Act.PLACE_ORDERS,
    "orders:approval_comment": Act.WRITE_MESSAGES,
    "orders:approval_rules": Act.MANAGE_APPROVALS,
    "orders:approval_rule_remove": Act.MANAGE_APPROVALS,
    "orders:approval_away": Act.APPROVE_ORDERS,
    "orders:index": Act.VIEW_ORDERS,
    "orders:table": Act.VIEW_ORDERS,
    "orders:owed": Act.VIEW_ORDERS,
    "orders:owed_table": Act.VIEW_ORDERS,
    "orders:detail": Act.VIEW_ORDERS,
    "orders:change": Act.CHANGE_ORDERS,
    "orders:ask_change": Act.CHANGE_ORDERS,
    "orders:answer": Act.CHANGE_ORDERS,
    "orders:shipment": Act.VIEW_ORDERS,
    "orders:shipment_problem": Act.DISPUTE,
    "orders:proof_image": Act.VIEW_ORDERS,
    "orders:invoices": Act.VIEW_INVOICES,
    "orders:invoice": Act.VIEW_INVOICES,
    "orders:open_dispute": Act.DISPUTE,
    "orders:invoices_table": Act.VIEW_INVOICES,
    "orders:invoice_pdf": Act.VIEW_INVOICES,
    "orders:exports": Act.VIEW_INVOICES,
    "orders:choose_documents": Act.VIEW_INVOICES,
    "orders:export": Act.VIEW_INVOICES,
    "orders:make_export": Act.VIEW_INVOICES,
    "orders:export_file": Act.VIEW_INVOICES,
    "orders:statement": Act.VIEW_INVOICES,
    "orders:statement_pdf": Act.VIEW_INVOICES,
    "orders:statement_table": Act.VIEW_INVOICES,
    "orders:payments": Act.VIEW_INVOICES,
    "orders:payment": Act.VIEW_INVOICES,
    "orders:disputes": Act.VIEW_INVOICES,
    "orders:dispute": Act.VIEW_INVOICES,
    "orders:dispute_evidence": Act.DISPUTE,
    "orders:dispute_submit": Act.DISPUTE,
    "orders:dispute_withdraw": Act.DISPUTE,
    "orders:dispute_file": Act.VIEW_INVOICES,
    "orders:dispute_letter": Act.VIEW_INVOICES,
    "orders:returns": Act.VIEW_ORDERS,
    "orders:return_new": Act.REQUEST_RETURN,
    "orders:return": Act.VIEW_ORDERS,
    "orders:return_withdraw": Act.REQUEST_RETURN,
    "orders:return_label": Act.VIEW_ORDERS,
    "orders:return_photo": Act.VIEW_ORDERS,
    "chain": Act.VIEW_ORDERS,
    "find_number": Act.VIEW_ORDERS,
    "threads:index": Act.VIEW_ORDERS,
    "threads:show": Act.VIEW_ORDERS,
    "threads:file": Act.VIEW_ORDERS,
    "threads:post": Act.WRITE_MESSAGES,
    "company:index": Act.VIEW_COMPANY,
    "company:roles": Act.VIEW_COMPANY,
    "company:switch": Act.VIEW_COMPANY,
    "company:second_factor": Act.MANAGE_SECURITY,
    "company:people": Act.MANAGE_USERS,
    "company:member": Act.MANAGE_USERS,
    "company:invite": Act.MANAGE_USERS,
    "company:invite_again": Act.MANAGE_USERS,
    "company:withdraw": Act.MANAGE_USERS,
    "company:remove": Act.MANAGE_USERS,
    "company:restore": Act.MANAGE_USERS,
    "company:places": Act.VIEW_COMPANY,
    "company:add_place": Act.MANAGE_SHIP_TOS,
    "company:place": Act.MANAGE_SHIP_TOS,
    "company:use_place": Act.MANAGE_SHIP_TOS,
    "company:keys": Act.MANAGE_KEYS,
    "company:make_key": Act.MANAGE_KEYS,
    "company:replace_key": Act.MANAGE_KEYS,
    "company:revoke_key": Act.MANAGE_KEYS,
    "company:webhooks": Act.MANAGE_KEYS,
    "company:make_webhook": Act.MANAGE_KEYS,
    "company:webhook": Act.MANAGE_KEYS,
    "company:change_webhook": Act.MANAGE_KEYS,
    "company:rotate_webhook": Act.MANAGE_KEYS,
    "company:switch_webhook": Act.MANAGE_KEYS,
    "company:test_webhook": Act.MANAGE_KEYS,
    "company:again_webhooks": Act.MANAGE_KEYS,
    "company:again_webhook": Act.MANAGE_KEYS,
    "company:edi": Act.VIEW_EDI,
    "company:sign_ins": Act.VIEW_SIGN_INS,
}
STAFF_NAMESPACES = ("kpis:", "desk:", "edi:", "mappings:", "webhooks:", "personal:", "rules:", "house_keys:")
STAFF_ROUTES = frozenset(
    {
        "tower", "write_note", "connections", "switch_flow", "erp_same", "erp_anew", "two_erps", "two_erps_compare",
        "two_erps_plan", "two_erps_switch", "two_erps_cancel", "two_erps_differences", "two_erps_export",
        "two_erps_thing", "orders:return_receive", "notices:previews", "notices:preview_html", "notices:preview_text",
        "threads:settle", "dealers:index", "dealers:visit", "dealers:invite", "dealers:addresses", "dealers:review",
    }
)  # fmt: skip
OPEN_ROUTES = frozenset(
    {
        "home", "keys", "set_theme", "set_columns", "set_language",
        "as2", "notices:inbox", "notices:read", "notices:open",
        "notices:settings", "notices:try_again", "notices:unsubscribe", "join", "dealers:end",
    }
)  # fmt: skip


def routes() -> dict[str, str]:
    """Every named address of the portal by its name, with what to put into it."""
    return dict(_walk(get_resolver()))


def entry(name: str) -> str | None:
    """What the table says of a route; None where it says nothing."""
    if name in DEALER_ROUTES:
        return DEALER_ROUTES[name]
    if name in STAFF_ROUTES or name.startswith(STAFF_NAMESPACES):
        return STAFF
    return OPEN if name in OPEN_ROUTES else None


def _walk(resolver: Any, space: str = "", before: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if route.startswith(ELSEWHERE):
            continue
        if not isinstance(pattern, URLPattern):
            yield from _walk(pattern, space + (f"{pattern.namespace}:" if pattern.namespace else ""), route)
        elif pattern.name:
            yield space + pattern.name, "/" + _filled(route, pattern)


def _filled(route: str, pattern: URLPattern) -> str:
    """The route with something in each place, that nothing goes by."""
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__
        filling = {"IntConverter": "987654321", "UUIDConverter": "00000000-0000-4000-8000-000000000000"}
        for form in (f"<{kind.removesuffix('Converter').lower()}:{name}>", f"<{name}>"):
            route = route.replace(form, filling.get(kind, "nothing"))
    return route
