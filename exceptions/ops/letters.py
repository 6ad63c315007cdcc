"""Dead letters: everything that was given up on one page, and what can be done about many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.models import Account
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, staff_view
from distportal.web.cursors import cursor_page
from exceptions.models import Case
from exceptions.process.bulk.choosing import choose_cases
from exceptions.process.bulk.steps import PACED
from exceptions.process.letters.redriving import ACTS, Verdict, foresee_both, redrive
from exceptions.queries.letters import OLDER, STATES, LettersAsked, families, lately_redriven, letters_asked
from exceptions.registry import REDELIVER, CaseKind, Standing, case_kind, case_kinds

TEAM = staff_view("agent", "operator")
WORST = ("severity", "points", "+number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One dead letter with the acts that it has now, by name and label."""

    case: Case
    kind: CaseKind
    standing: Standing
    acts: tuple[tuple[str, str], ...]


@require_GET
@TEAM
def letters(request: PersonRequest) -> HttpResponse:
    """What was given up, by filters that stand in the address."""
    asked = LettersAsked.of(request.GET)
    rows = letters_asked(asked).select_related("queue", "owner", "account", "incident")
    page = cursor_page(rows, request.GET.get("cursor", ""), keys=WORST)
    context = {
        "asked": asked, "page": page, "rows": letter_rows(page.rows), "families": families(),
        "kinds": [kind for kind in case_kinds() if kind.letter], "older": OLDER, "states": STATES,
        "accounts": Account.objects.filter(pk__in=letters_asked(LettersAsked({})).values("account")).order_by("name"),
        "acts": PACED.values(), "words": asked.filters.items(), "runs": lately_redriven(),
    }  # fmt: skip
    return render(request, "exceptions/ops/letters.html", context)


def letter_rows(cases: Sequence[Case]) -> list[Row]:
    """The cases with what stands behind them, a few queries a kind."""
    verdicts = foresee_both(cases)
    return [_row(case, verdicts[case.pk]) for case in cases]


def _row(case: Case, verdicts: dict[str, Verdict]) -> Row:
    acts = tuple((act, ACTS[act]) for act, verdict in verdicts.items() if verdict.outcome == "would")
    return Row(case=case, kind=case_kind(case.kind), standing=verdicts[REDELIVER].standing, acts=acts)


@require_POST
@TEAM
def choose(request: PersonRequest) -> HttpResponse:
    """Freeze the ticked ones, or all that fit where that was asked for; nothing is done yet."""
    asked = LettersAsked.of(request.POST)
    rows = letters_asked(asked)
    said = f"All that fit: {asked}"
    if request.POST.get("all") != "1":
        ticks = [int(text) for text in request.POST.getlist("pick") if text.isascii() and text.isdecimal()][:2_001]
        rows, said = letters_asked(LettersAsked({})).filter(number__in=ticks), "Ticked one by one"
    act = request.POST.get("action", "")
    try:
        run = choose_cases(cases=rows, action=act if act in PACED else "none", said=said, user=request.user)
    except DomainError as error:
        messages.error(request, error.sentence)
        return redirect(f"{reverse('desk:letters')}?{urlencode(asked.filters)}")
    return redirect("desk:bulk", run_id=run.pk)


@require_POST
@TEAM
def again(request: PersonRequest, number: int, act: str) -> HttpResponse:
    """One of them, at once; back to the list."""
    row = get_object_or_404(Case, number=number)
    try:
        told = redrive(case_id=row.pk, act=act, reason=request.POST.get("reason", ""), user=request.user)
        messages.success(request, f"{row}: {told}")
    except DomainError as error:
        messages.error(request, f"{row}: {error.message}")
    return redirect(f"{reverse('desk:letters')}?{urlencode(LettersAsked.of(request.POST).filters)}")
