"""Pages of the shell itself."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from distportal.accounts.keyboard import set_single_keys
from distportal.web.audience import PersonRequest, audiences_of
from distportal.web.languages import page_before
from distportal.web.registry import cards_for
from distportal.web.speaking import reader_zone


@login_required
def home(request: PersonRequest) -> HttpResponse:
    """The cards of whoever looks."""
    found = cards_for(audiences_of(request), request.user.standing)
    cards = [{"template": card.template, "data": card.context(request)} for card in found]
    return render(request, "web/home.html", {"cards": cards, "now": timezone.localtime(timezone=reader_zone())})


@require_POST
@login_required
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the system's choice for this session."""
    theme = request.POST.get("theme", "")
    request.session["theme"] = theme if theme in ("light", "dark") else ""
    return redirect(page_before(request))


@require_http_methods(["GET", "POST"])
@login_required
def keys(request: PersonRequest) -> HttpResponse:
    """What keys do, and the switch that turns those of one letter off for the person."""
    if request.method == "POST":
        set_single_keys(user=request.user, on="on" in request.POST)
        messages.success(request, gettext("Keys work.") if request.user.single_keys else gettext("Keys are off."))
        return redirect(page_before(request))
    return render(request, "web/keys.html")


def favicon(_: HttpRequest) -> HttpResponse:
    """Where browsers look that no page told them where the icon is."""
    return redirect(static("web/icon.svg"))
