"""What one of our people wants to hear of."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from distportal.web.audience import PersonRequest, staff_view
from exceptions.models import Subscription
from exceptions.process.incidents.subscribing import subscribe_to, topics

TEAM = staff_view("agent", "operator", "finance")


@require_http_methods(["GET", "POST"])
@TEAM
def alerts(request: PersonRequest) -> HttpResponse:
    """All topics with one's own ticked; saving keeps exactly the ticked ones."""
    if request.method == "POST":
        count = subscribe_to(user=request.user, wanted=request.POST.getlist("topic"))
        messages.success(request, f"Saved: you hear of {count} topic{'' if count == 1 else 's'}")
        return redirect("desk:alerts")
    mine = set(Subscription.objects.filter(user=request.user).values_list("topic", flat=True))
    return render(request, "exceptions/ops/alerts.html", {"topics": topics(request.user), "mine": mine})
