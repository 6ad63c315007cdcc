"""Staff write a note on an order."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, staff_view
from orders.models import Order
from orders.process.notes import write_note

TEAM = staff_view("agent", "operator", "finance")


@require_POST
@TEAM
def write(request: PersonRequest, number: int) -> HttpResponse:
    """Once for each form: a double click is one note."""
    order = get_object_or_404(Order.objects.select_related("account"), number=number)
    try:
        token = uuid.UUID(request.POST.get("token", ""))
        write_note(
            account=order.account,
            order=order,
            text=request.POST.get("text", ""),
            author=request.user.name or request.user.email,
            source="portal",
            source_key=f"portal:{token}",
        )
    except ValueError:
        messages.error(request, "The form was not whole; nothing was saved. Load the page again.")
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Noted; dealers do not see it")
    return redirect("orders:detail", number=number)
