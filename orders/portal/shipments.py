"""A shipment on its way: what is in it, where it was seen, and who took it. Staff see all with the same page."""

from __future__ import annotations

import hashlib

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from distportal.accounts.permissions import Act
from distportal.canonical.tracking import DeliveryProof
from distportal.common.images import UnusableImage
from distportal.web.audience import PersonRequest, audiences_of, may, shared_view
from orders.models import ProofOfDelivery, Shipment
from orders.portal.pictures import picture_answer
from orders.process.proofs import record_proof

STAFF = frozenset({"agent", "operator"})


class ProofForm(forms.Form):
    """A proof that a person got from the carrier: a scan or a photo, with the name and the time on it."""

    signed_by = forms.CharField(max_length=80, label="Signed by")
    delivered_at = forms.DateTimeField(label="On", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    # The content is judged by the process, not the name or the type that the browser tells.
    picture = forms.FileField(label="Picture", widget=forms.FileInput(attrs={"accept": "image/*"}))


@require_http_methods(["GET", "POST"])
@shared_view(Act.VIEW_ORDERS)
def detail(request: PersonRequest, number: str) -> HttpResponse:
    """One shipment; staff may add a proof. 404 for strangers."""
    rows = Shipment.objects.visible_to(request.user).select_related("order__account", "order__ship_to")
    shipment = get_object_or_404(rows, number=number)
    may_add = bool(audiences_of(request) & STAFF)
    form = ProofForm(request.POST or None, request.FILES or None) if may_add else None
    if request.method == "POST":
        if form is None:
            return HttpResponse(_("A proof is added by customer service."), status=403)
        if form.is_valid() and _added(request, shipment, form):
            return redirect("orders:shipment", shipment.number)
    context = {
        "shipment": shipment,
        "order": shipment.order,
        "lines": shipment.lines.select_related("order_line__item"),
        "events": shipment.tracking.order_by("-at", "-recorded_at"),
        "proofs": shipment.proofs.all(),
        "may_report": may(request, Act.DISPUTE),
        "form": form,
    }
    return render(request, "orders/portal/shipment.html", context)


@require_GET
@shared_view(Act.VIEW_ORDERS)
def proof_image(request: PersonRequest, proof_id: str) -> HttpResponse:
    """The clean picture of a proof, for the dealer whose goods they were and for staff; 404 for strangers."""
    proof = get_object_or_404(
        ProofOfDelivery.objects.visible_to(request.user).select_related("image"), pk=proof_id, image__isnull=False
    )
    if proof.image is None:
        raise Http404
    return picture_answer(request, proof.image, name="proof")


def _added(request: PersonRequest, shipment: Shipment, form: ProofForm) -> bool:
    data, picture = form.cleaned_data, form.cleaned_data["picture"]
    if picture.size > 5 * 1024 * 1024:
        form.add_error("picture", _("It may have 5 MiB at most."))
        return False
    content = picture.read()
    try:
        proof = record_proof(
            shipment_id=shipment.pk,
            proof=DeliveryProof(at=data["delivered_at"], signed_by=data["signed_by"]),
            image=content,
            source_key=f"staff:{shipment.number}:{hashlib.sha256(content).hexdigest()}",
            source=request.user.email,
        )
    except UnusableImage as error:
        form.add_error("picture", _("%(sentence)s Nothing was saved.") % {"sentence": error.sentence})
        return False
    messages.success(request, _("The proof of %(signed_by)s is kept") % {"signed_by": proof.signed_by})
    return True
