"""EDI's place in the shell."""

from __future__ import annotations

from distportal.web.company.edi import add_edi_panel
from distportal.web.flows import Flow, add_flow
from distportal.web.registry import NavItem, add_nav
from edi.queries.company import edi_settings

add_edi_panel("edi/portal/_company.html", edi_settings)
for _audience in ("agent", "operator", "finance"):
    for _title, _url_name, _icon, _order in (
        ("Control tower", "tower", "radio-tower", 5),
        ("EDI", "edi:documents", "arrow-left-right", 15),
        ("Partners", "edi:partners", "handshake", 16),
        ("Scorecards", "edi:scorecards", "list-checks", 17),
    ):
        add_nav(
            NavItem(
                audience=_audience, section="Work", title=_title, url_name=_url_name, icon=_icon, order=_order
            )
        )  # fmt: skip
for _audience in ("agent", "operator"):
    add_nav(
        NavItem(
            audience=_audience, section="Work", title="Stock transfers", url_name="edi:transfers", icon="truck",
            order=17,
        )
    )  # fmt: skip
for _order, (_kind, _title, _effect) in enumerate(
    (
        ("edi.poll_mailboxes", "Files from partners", "Files stay in the partners' inboxes"),
        ("edi.take_document", "Documents into orders", "Documents are stored and acknowledged, and wait"),
        ("edi.deliver", "Files to partners", "What is built for partners waits, in its order"),
        ("edi.advise_stock", "Stock to partners", "Partners keep the figures they were told last"),
        ("edi.send_catalogue", "Prices to partners", "Partners keep the catalogue they were sent last"),
    )
):
    add_flow(Flow(kind=_kind, title=_title, effect=_effect, order=30 + _order))
