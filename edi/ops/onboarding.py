"""Pages that turn a stranger's samples, or a partner file, into a partner in test."""

from __future__ import annotations

import json
import uuid

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from distportal.accounts.models import Account
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest
from edi.documents.registry import DOCUMENTS
from edi.models import Onboarding
from edi.ops.audience import TEAM
from edi.process.onboarding import MOST_BYTES, create_partner, start_onboarding, try_samples
from edi.process.partner_files import import_partner, plan_import, read_partner_file
from edi.process.partner_rules import code_from
from edi.queries.partners import accounts_for
from edi.queries.readiness import unread_feeds


@require_http_methods(["GET", "POST"])
@TEAM
def new_partner(request: PersonRequest) -> HttpResponse:
    """Upload samples; what they tell is shown next."""
    if request.method == "GET":
        return render(request, "edi/ops/new_partner.html")
    try:
        row = start_onboarding(files=_uploaded(request), by=request.user.email)
    except DomainError as error:
        messages.error(request, error.message)
        return render(request, "edi/ops/new_partner.html", {"problems": error.data.get("problems", [])}, status=422)
    return redirect("edi:samples", onboarding_id=row.pk)


@require_http_methods(["GET", "POST"])
@TEAM
def samples(request: PersonRequest, onboarding_id: uuid.UUID) -> HttpResponse:
    """The profile of the samples, with what we cannot do yet; one form creates the partner in test."""
    row = get_object_or_404(Onboarding.objects.select_related("partner"), pk=onboarding_id)
    form = {name: request.POST.get(name, "") for name in ("name", "code", "account")}
    if request.method == "POST":
        account = get_object_or_404(Account, code=form["account"])
        try:
            partner = create_partner(
                onboarding_id=row.pk, code=form["code"], name=form["name"], account=account, by=request.user.email
            )
        except DomainError as error:
            messages.error(request, error.message)
            return render(request, "edi/ops/samples.html", _profile_page(row, form), status=422)
        messages.success(request, f"{partner.name} was created in test. Nothing it sends books before it goes live")
        return redirect("edi:partner", code=partner.code)
    return render(request, "edi/ops/samples.html", _profile_page(row, form))


@require_GET
@TEAM
def try_orders(request: PersonRequest, onboarding_id: uuid.UUID) -> HttpResponse:
    """What the sample orders would come to; nothing is written, so it may be looked at as often as one likes."""
    row = get_object_or_404(Onboarding.objects.select_related("partner__account"), pk=onboarding_id)
    account = row.partner.account if row.partner else None
    if account is None:
        account = get_object_or_404(Account, code=request.GET.get("account", ""))
    missing = unread_feeds()
    trials = [] if missing else try_samples(onboarding_id=row.pk, account=account)
    context = {"onboarding": row, "account": account, "trials": trials, "missing": missing}
    return render(request, "edi/ops/try_samples.html", context)


@require_http_methods(["GET", "POST"])
@TEAM
def import_file(request: PersonRequest) -> HttpResponse:
    """Take a partner file: its differences are shown first, the second click applies them."""
    if request.method == "GET":
        return render(request, "edi/ops/import_partner.html")
    upload = request.FILES.get("file")
    content = upload.read() if isinstance(upload, UploadedFile) else request.POST.get("content", "").encode()
    try:
        data = read_partner_file(content)
        if request.POST.get("apply"):
            partner = import_partner(data=data)
            messages.success(request, f"{partner.name} is as in the file now")
            return redirect("edi:partner", code=partner.code)
        known, changes = plan_import(data)
    except DomainError as error:
        context = {"problems": error.data.get("problems", []), "refusal": error.message}
        return render(request, "edi/ops/import_partner.html", context, status=422)
    context = {"data": data, "known": known, "changes": changes, "content": json.dumps(data)}
    return render(request, "edi/ops/import_partner.html", context)


def _uploaded(request: PersonRequest) -> dict[str, bytes]:
    """The uploaded files by name; two of one name are both kept, and nothing that is too big is read."""
    found: dict[str, bytes] = {}
    left = MOST_BYTES + 1
    for upload in request.FILES.getlist("files"):
        content = upload.read(left)
        left -= len(content)
        name = upload.name or "sample.edi"
        found[name if name not in found else f"{len(found)}_{name}"] = content
    return found


def _profile_page(row: Onboarding, form: dict[str, str]) -> dict[str, object]:
    profile = row.profile
    accounts, likely = accounts_for(profile["their_id"])
    return {
        "onboarding": row,
        "profile": profile,
        "files": row.files.defer("content"),
        "sets": [
            {"id": set_id, "title": DOCUMENTS[set_id].title if set_id in DOCUMENTS else "Unknown set", **use}
            for set_id, use in sorted(profile["sets"].items())
        ],
        "blocking": [gap for gap in profile["gaps"] if gap["weight"] == "blocking"],
        "notes": [gap for gap in profile["gaps"] if gap["weight"] != "blocking"],
        "accounts": accounts,
        "account": form["account"] or (likely.code if likely else ""),
        "name": form["name"] or (likely.name if likely else profile["their_id"].title()),
        "code": form["code"] or code_from(likely.code if likely else profile["their_id"]),
    }
