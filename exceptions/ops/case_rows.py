"""`{% load case_rows %}`: the rows of the desk's list, drawn by Python. A page has fifty of them, and each part of a
template costs more than the words it writes. The desk speaks English; every value is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from distportal.web.addresses import address
from distportal.web.icons import lucide
from distportal.web.templatetags.portal import NOTHING, money, span, status, when
from exceptions.models import Case
from exceptions.registry import CaseKind

if TYPE_CHECKING:
    from exceptions.ops.queue import Row

register = template.Library()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRows:
    """`pickable`: the row can be ticked. `words` are those of the view that goes along to the case; `token` and `here`,
    where the page stands, are of the form that takes a case.
    """

    pickable: bool
    words: str
    token: str
    here: str

    def row(self, row: Row) -> str:
        """The row of one case."""
        case, named = row.case, escape(str(row.case))
        return (
            f'<tr class="sev{case.severity}" data-row>{self._box(case, named)}'
            f'<td class="sentence">{self._sentence(row, named)}</td>'
            f"<td>{escape((case.account.name if case.account else '') or NOTHING)}"
            f"<small>{escape(case.reference or case.queue.name)}</small></td>"
            f'<td class="num">{_at_risk(case)}</td><td>{_time(row)}</td>'
            f"<td>{self._owner(case, named)}</td><td>{_state(case)}</td></tr>"
        )

    def _box(self, case: Case, named: str) -> str:
        if not self.pickable:
            return ""
        return (
            f'<td class="pick"><input type="checkbox" name="pick" value="{case.number}" form="bulk"'
            f' aria-label="Choose {named}"></td>'
        )

    def _sentence(self, row: Row, named: str) -> str:
        case, words = row.case, f"?from={quote(self.words, safe='')}" if self.words else ""
        there = f"{address('desk:case', case.number)}{words}"
        looking = _remark("eye", f"{escape(', '.join(row.looking))} looks at it") if row.looking else ""
        waits = _remark("users", f"{escape(row.maker)}'s edit waits for a second person") if row.maker else ""
        title = escape(row.kind.title)
        return f'<a href="{there}">{named} {title}</a><small>{escape(case.sentence)}</small>{looking}{waits}'

    def _owner(self, case: Case, named: str) -> str:
        if case.owner:
            return escape(case.owner.name)
        if not case.is_open:
            return NOTHING
        return (
            f'<form class="inline" method="post" action="{address("desk:claim", case.number)}">'
            f'<input type="hidden" name="csrfmiddlewaretoken" value="{self.token}">'
            f'<input type="hidden" name="version" value="{case.version}">'
            f'<input type="hidden" name="next" value="{self.here}">'
            f'<button class="btn small" data-claim aria-label="Take {named}">Take</button></form>'
        )


def _remark(icon: str, said: str) -> str:
    return f'<small class="remark warn">{lucide(icon, size=13, aria_hidden="true")} {said}</small>'


def _at_risk(case: Case) -> str:
    amount = escape(money(case.amount, case.currency)) if case.amount else NOTHING
    return f"{amount}<small>by {when(case.cutoff_at)}</small>" if case.cutoff_at else amount


def _time(row: Row) -> str:
    case = row.case
    if not case.is_open:
        return when(case.resolved_at)
    if row.left is None or case.due_at is None:
        return NOTHING
    due = timezone.localtime(case.due_at).isoformat()
    if row.left < 0:
        return f'<span class="remark bad" title="Due {due}">{span(row.late)} late</span>'
    stands = ", clock stands" if case.paused_at else ""
    return f'<span class="remark {row.tone}" title="Due {due}">{span(row.left)}{stands}</span>'


def _state(case: Case) -> str:
    if not case.is_open:
        return status("resolved", case.get_resolution_display())
    severity, said = case.get_severity_display(), escape(case.get_status_display())
    until = f" until {when(case.remind_at)}" if case.remind_at else ""
    often = f", seen {case.occurrences} times" if case.occurrences > 1 else ""
    return f"{status(severity.lower(), severity)}<small>{said}{until}{often}</small>"


@register.simple_tag(takes_context=True)
def case_rows(context: Any, rows: Iterable[Row]) -> SafeString:
    """The cases of the view that is looked at."""
    drawn = CaseRows(
        pickable=context["asked"].view != "resolved",
        words=context["view_words"],
        token=escape(str(context.get("csrf_token", ""))),
        here=escape(context["request"].get_full_path()),
    )
    return SafeString("\n".join(map(drawn.row, rows)))  # each value was escaped


@register.simple_tag
def kind_options(kinds: Iterable[CaseKind], chosen: str) -> SafeString:
    """The choice of kinds, of which there are dozens."""
    return SafeString("".join(_option(kind, chosen=kind.kind == chosen) for kind in kinds))


def _option(kind: CaseKind, *, chosen: bool) -> str:
    return f'<option value="{escape(kind.kind)}"{" selected" if chosen else ""}>{escape(kind.title)}</option>'
