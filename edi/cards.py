"""EDI's place in the shell."""

from __future__ import annotations

from distportal.web.flows import Flow, add_flow
from distportal.web.registry import NavItem, add_nav

for _audience in ("agent", "operator"):
    add_nav(
        NavItem(
            audience=_audience,
            section="Work",
            title="EDI",
            url_name="edi:documents",
            icon="arrow-left-right",
            order=15,
        )
    )
    add_nav(
        NavItem(
            audience=_audience, section="Work", title="Partners", url_name="edi:partners", icon="handshake", order=16
        )
    )
for _order, (_kind, _title, _effect) in enumerate(
    (
        ("edi.poll_mailboxes", "Files from partners", "Files stay in the partners' inboxes"),
        ("edi.take_document", "Documents into orders", "Documents are stored and acknowledged, and wait"),
        ("edi.deliver", "Files to partners", "What is built for partners waits, in its order"),
    )
):
    add_flow(Flow(kind=_kind, title=_title, effect=_effect, order=30 + _order))
