"""Submit the cart, see what became of it, and what the page asks meanwhile: PO numbers and places."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.events.pressure import require_order_intake
from distportal.web.audience import PersonRequest, dealer_view, may
from orders.models import Draft
from orders.portal.cart_page import Typed, cart_page, keep_typed
from orders.portal.checkout_form import CheckoutForm
from orders.portal.placed_page import placed_context
from orders.process.po_check import check_po
from orders.process.submitting import Submission, submit_cart
from orders.queries.ship_tos import places_of


@require_POST
@dealer_view(Act.PLACE_ORDERS)
def place(request: PersonRequest) -> HttpResponse:
    """Submit the cart of the page that was sent; a cart that was submitted before shows what it became."""
    draft = _draft(request, request.POST.get("token", ""))
    if draft.order_id is not None:
        return redirect("orders:placed", draft_id=draft.pk)
    if draft.asked:
        return redirect("orders:approval", approval_id=draft.approval.pk)
    typed = keep_typed(request, draft)
    if typed.wrong:
        kept = _again(draft)
        if kept.order_id is not None:  # the other click was faster
            return redirect("orders:placed", draft_id=draft.pk)
        return cart_page(request, kept, typed=typed, status=422)
    try:
        require_order_intake()
        submission = submit_cart(
            draft_id=draft.pk,
            account=request.account,
            user=request.user,
            seen=request.POST.get("seen", ""),
            again="again" in request.POST,
        )
    except DomainError as error:
        messages.error(request, error.message)
        return cart_page(request, _again(draft), status=422)
    return _outcome(request, draft, submission)


def _outcome(request: PersonRequest, draft: Draft, submission: Submission) -> HttpResponse:
    """Each outcome has its page; whatever did not place anything shows the cart as it was typed."""
    if submission.outcome in ("placed", "repeated"):
        return redirect("orders:placed", draft_id=draft.pk)
    if submission.approval is not None:
        messages.success(request, gettext("Sent for approval. Nothing is ordered before."))
        return redirect("orders:approval", approval_id=submission.approval.pk)
    if submission.outcome == "refused":
        messages.error(
            request, gettext("Nothing was ordered: %(why)s. The cart is as it was.") % {"why": submission.why}
        )
    kept, typed = _again(draft), None
    if submission.po is not None:
        wrong = {"po_number": _po_words(kept.po_number, blocks=submission.po.blocks)}
        typed = Typed(form=CheckoutForm(draft=kept), wrong=wrong, raw={})
    return cart_page(request, kept, typed=typed, differs=submission.differs, po=submission.po, status=409)


def _po_words(number: str, *, blocks: bool) -> str:
    said = (
        gettext("PO number %(po)s was used before, and your company uses each once: type another.")
        if blocks
        else gettext("PO number %(po)s was used before: tick that one more order is meant, or type another.")
    )
    return said % {"po": number}


@require_GET
@dealer_view(Act.PLACE_ORDERS)
def placed(request: PersonRequest, draft_id: UUID) -> HttpResponse:
    """What a cart became: the order's number, and what happens next."""
    draft = get_object_or_404(
        Draft.objects.select_related("order"), pk=draft_id, account=request.account, user=request.user
    )
    if draft.order is None:
        return redirect("orders:cart")
    sees_addresses = request.user.is_staff or may(request, Act.MANAGE_USERS)
    return render(request, "orders/portal/placed.html", placed_context(draft, request.user, addresses=sees_addresses))


@require_GET
@dealer_view(Act.PLACE_ORDERS)
def po(request: PersonRequest) -> HttpResponse:
    """Whether the number that is being typed was used before."""
    found = check_po(account=request.account, po_number=request.GET.get("po_number", "")[:60])
    return render(request, "orders/portal/_po_uses.html", {"po": found})


@require_GET
@dealer_view(Act.PLACE_ORDERS)
def places(request: PersonRequest) -> HttpResponse:
    """The ship-tos that the typed words fit, as the options of a choice."""
    found = places_of(account=request.account, text=request.GET.get("place_text", ""))
    return render(request, "orders/portal/_place_options.html", {"places": found})


def _draft(request: PersonRequest, token: str) -> Draft:
    """The person's own cart, open or placed; of anybody else's it is not said that it exists."""
    try:
        return Draft.objects.select_related("account").get(
            pk=UUID(token), account=request.account, user=request.user
        )  # fmt: skip
    except (ValueError, Draft.DoesNotExist):
        raise Http404 from None


def _again(draft: Draft) -> Draft:
    """As it is in the database now: what a refusal rolled back is not on the page."""
    return Draft.objects.select_related("account", "ship_to").get(pk=draft.pk)
