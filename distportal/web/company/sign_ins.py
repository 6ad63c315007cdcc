"""Who is signed in at a company, and when our own people saw its portal or worked for somebody there."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from distportal.accounts.models import Visit
from distportal.accounts.permissions import Act
from distportal.web.audience import PersonRequest, dealer_view
from distportal.web.company.pages import company_page

MOST = 50


@require_GET
@dealer_view(Act.VIEW_SIGN_INS)
def index(request: PersonRequest) -> HttpResponse:
    """The newest fifty of each."""
    people = request.account.memberships.values("user_id")
    sessions = UserSession.objects.filter(user__in=people, user__is_staff=False).select_related("user")
    context = {
        "sessions": sessions.order_by("-created_at")[:MOST],
        "visits": Visit.objects.filter(account=request.account).select_related("staff", "person")[:MOST],
        "now": timezone.now(),
    }
    return company_page(request, "sign_ins", context, tab="sign_ins")
