"""The buttons of a dispute's page: each is one step, shown while the table of steps has it, done by the process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.enums import ActionVariant

from distportal.common.errors import DomainError
from distportal.web.dialog_admin import leave_dialog, refused_dialog
from distportal.web.staff_admin import in_groups
from orders.admin.decisions import (
    ApproveForm,
    AskForm,
    AssignForm,
    CauseForm,
    InternalReasonForm,
    ReasonForm,
    RejectForm,
    SplitForm,
    SureForm,
)
from orders.choices import DISPUTE_STEPS, DenyReason, DisputeStatus, RootCause
from orders.models import Dispute
from orders.process import dispute_deciding, dispute_reversal, dispute_work
from orders.process.dispute_splitting import split_dispute

FINANCE = ("finance",)
Run = Callable[[UUID, Any, Any], Any]
"""Takes the dispute's id, the filled-in form and the person."""


def _button(
    name: str, title: str, icon: str, told: str, form: type[Any], run: Run, *,
    variant: ActionVariant = ActionVariant.DEFAULT,
) -> Any:  # fmt: skip
    """A method of the admin that shows the form in a dialog, runs the process and comes back to the dispute."""

    dialog = {"title": title, "description": told, "form_class": form, "form_submit_text": title}

    def method(self: DisputeActions, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        try:
            run(UUID(object_id), form, request.user)
        except DomainError as error:
            return refused_dialog(request, dialog, form, error, _page(object_id))
        row = Dispute.objects.get(pk=object_id)
        messages.success(request, f"{row}: {row.get_status_display().lower()}.")
        return leave_dialog(_page(object_id))

    method.__name__ = name
    return action(
        description=title,
        url_path=name.replace("_", "-"),
        icon=icon,
        permissions=[name],
        variant=variant,
        dialog=dialog,
    )(method)


def _page(object_id: str) -> str:
    return reverse("admin:orders_dispute_change", args=[object_id])


def _reject(pk: UUID, form: Any, user: Any) -> None:
    data = form.cleaned_data
    dispute_deciding.reject_dispute(
        dispute_id=pk, reason=data["reason"], user=user,
        deny_reason=DenyReason(data["deny_reason"]) if data["deny_reason"] else None,
        root_cause=RootCause(data["root_cause"]) if data["root_cause"] else None,
    )  # fmt: skip


class DisputeActions(ModelAdmin):  # type: ignore[misc]
    """Before the admin of disputes: its buttons, and who sees which."""

    actions_detail: ClassVar[list[Any]] = [
        "take", "approve", "reject", "agree_reversal", "close",
        {
            "title": "More", "icon": "more_horiz",
            "items": ["propose", "ask", "split", "assign", "send_back", "take_back", "reverse", "keep"],
        },
    ]  # fmt: skip

    take = _button(
        "take", "Take it", "front_hand", "You become its processor.", SureForm,
        lambda pk, form, user: dispute_work.take_dispute(dispute_id=pk, user=user),
    )  # fmt: skip
    approve = _button(
        "approve", "Approve a credit", "check_circle",
        "The credit is requested from the ERP. Above your limit a second person has to agree first.", ApproveForm,
        lambda pk, form, user: dispute_deciding.approve_dispute(dispute_id=pk, user=user, **form.decision()),
        variant=ActionVariant.PRIMARY,
    )  # fmt: skip
    propose = _button(
        "propose", "Propose", "edit_note", "Somebody else approves it, changes it or sends it back.", ApproveForm,
        lambda pk, form, user: dispute_deciding.propose_decision(dispute_id=pk, user=user, **form.decision()),
    )  # fmt: skip
    reject = _button(
        "reject", "Reject", "cancel", "Nothing is credited. The dealer gets a letter with your reason.", RejectForm,
        _reject, variant=ActionVariant.DANGER,
    )  # fmt: skip
    ask = _button(
        "ask", "Ask the dealer", "help", "The clock stands still until there is an answer. A letter asks the question.",
        AskForm,
        lambda pk, form, user: dispute_work.ask_dealer(
            dispute_id=pk, question=form.cleaned_data["reason"], remind_on=form.cleaned_data["reply_by"], user=user
        ),
    )  # fmt: skip
    split = _button(
        "split", "Split", "call_split", "Each part is decided by itself; together they are what was claimed.",
        SplitForm,
        lambda pk, form, user: split_dispute(
            dispute_id=pk, amounts=form.cleaned_data["amounts"], reason=form.cleaned_data["reason"], user=user
        ),
    )  # fmt: skip
    assign = _button(
        "assign", "Assign", "person_add", "Coordinator, processor and person responsible each have a work list.",
        AssignForm,
        lambda pk, form, user: dispute_work.assign_dispute(
            dispute_id=pk, role=form.cleaned_data["role"], to=form.cleaned_data["to"],
            reason=form.cleaned_data["reason"], user=user,
        ),
    )  # fmt: skip
    send_back = _button(
        "send_back", "Send back", "undo", "You do not agree: it goes back into review.", InternalReasonForm,
        lambda pk, form, user: dispute_deciding.send_back(
            dispute_id=pk, reason=form.cleaned_data["reason"], user=user
        ),
    )  # fmt: skip
    take_back = _button(
        "take_back", "Take decision back", "history", "Only while the ERP does not have the request.", ReasonForm,
        lambda pk, form, user: dispute_reversal.take_back_decision(
            dispute_id=pk, reason=form.cleaned_data["reason"], user=user
        ),
    )  # fmt: skip
    reverse = _button(
        "reverse", "Take credit back", "currency_exchange",
        "The ERP is asked for a debit memo over the booked credit; above your limit a second person agrees first.",
        ReasonForm,
        lambda pk, form, user: dispute_reversal.reverse_credit(
            dispute_id=pk, reason=form.cleaned_data["reason"], user=user
        ),
    )  # fmt: skip
    agree_reversal = _button(
        "agree_reversal", "Agree to take the credit back", "check_circle", "The ERP is asked for a debit memo.",
        InternalReasonForm,
        lambda pk, form, user: dispute_reversal.agree_reversal(
            dispute_id=pk, reason=form.cleaned_data["reason"], user=user
        ),
        variant=ActionVariant.PRIMARY,
    )  # fmt: skip
    keep = _button(
        "keep", "Keep the credit", "lock", "The credit stays as it was booked.", InternalReasonForm,
        lambda pk, form, user: dispute_reversal.refuse_reversal(
            dispute_id=pk, reason=form.cleaned_data["reason"], user=user
        ),
    )  # fmt: skip
    close = _button(
        "close", "Close", "task_alt", "The credit is booked; say once more what caused the dispute.", CauseForm,
        lambda pk, form, user: dispute_work.close_dispute(
            dispute_id=pk, root_cause=RootCause(form.cleaned_data["root_cause"]), user=user
        ),
    )  # fmt: skip


def _since(step: str) -> tuple[str, ...]:
    if step == "assign":
        return DisputeStatus.OPEN
    return DISPUTE_STEPS["keep" if step == "agree_reversal" else step].since


def _permission(states: tuple[str, ...]) -> Callable[..., bool]:
    def allowed(self: DisputeActions, request: HttpRequest, object_id: Any = None) -> bool:
        if not in_groups(request, FINANCE):
            return False
        return object_id is None or _status_of(request, object_id) in states

    return allowed


def _status_of(request: HttpRequest, object_id: Any) -> str:
    """The dispute's status, asked once a request."""
    known: dict[str, str] = request.__dict__.setdefault("_dispute_status", {})
    key = str(object_id)
    if key not in known:
        known[key] = Dispute.objects.filter(pk=object_id).values_list("status", flat=True).first() or ""
    return known[key]


for _step in (
    "take", "approve", "propose", "reject", "ask", "split", "assign", "send_back", "take_back", "reverse",
    "agree_reversal", "keep", "close",
):  # fmt: skip
    setattr(DisputeActions, f"has_{_step}_permission", _permission(_since(_step)))
