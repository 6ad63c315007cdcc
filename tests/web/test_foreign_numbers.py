"""Every dealer's address that names something: a stranger finds nothing there by any method, also where the database's
wall is down; the owner does. A new address without an example fails here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from django.utils import timezone

from distportal.accounts.choices import Role
from distportal.accounts.models import ApiKey, Invitation, Membership, ShipTo
from distportal.common.images import clean_image
from distportal.threads.subjects import subject_of
from distportal.uploads.keeping import keep_files
from distportal.webhooks.models import Delivery, Endpoint
from orders.choices import ApprovalTrigger
from orders.models import (
    ApprovalRequest,
    ApprovalRule,
    DisputeLetter,
    Draft,
    Export,
    ProofOfDelivery,
    Remittance,
    Return,
    ReturnPhoto,
    Shipment,
    ShoppingList,
)
from orders.process.dispute_proving import add_evidence
from orders.process.proofs import kept_image
from tests.architecture.routes import DEALER_ROUTES, routes
from tests.browser.company import Company, fill
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.test_return_pages import picture
from tests.sandbox import SandboxProcess
from tests.threads.saying import a_picture, said_with_a_file

pytestmark = pytest.mark.django_db

EVERYBODYS = {"item", "item_checks", "item_document"}
"""What they name is no company's."""


class World:
    """One of everything that belongs to Harbor, made when it is asked for."""

    def __init__(self, cast: Cast, company: Company) -> None:
        self.cast, self.company = cast, company
        self.member = Membership.objects.get(user=cast.colleague)
        now, story = timezone.now(), uuid.uuid4()
        self.invitation = Invitation.objects.create(
            account=cast.harbor,
            email="new@harbor.example",
            role=Role.BUYER,
            nonce="n",
            expires_at=now + timedelta(days=9),
        )
        self.key = ApiKey.objects.create_key(name="ours", account=cast.harbor, scopes=["orders:read"])[0]
        self.rule = ApprovalRule.objects.create(account=cast.harbor, trigger=ApprovalTrigger.TOTAL, amount=Decimal(9))
        self.request = ApprovalRequest.objects.create(
            number=1, account=cast.harbor, requested_by=cast.colleague, requested_name="C", source_key="k", orders=[],
            shown={"lines": []}, reasons=[], state="withdrawn", expires_at=now + timedelta(days=9),
            correlation_id=story,
        )  # fmt: skip
        self.export = Export.objects.create(
            account=cast.harbor, user=cast.buyer, invoice_ids=[company.invoice.pk], kind="zip", state="ready",
            name="ours.zip", content=b"ours", ready_at=now, expires_at=now + timedelta(days=1),
        )  # fmt: skip
        self.payment = Remittance.objects.create(
            account=cast.harbor, trace="T1", source_key="t", channel="edi", paid_on=timezone.localdate(), amount=1,
            canonical={}, content_hash="h", correlation_id=story,
        )  # fmt: skip
        self.list = ShoppingList.objects.create(account=cast.harbor, owner=cast.buyer, name="Van", shared=True)
        self.back = Return.objects.create(
            number=77, source_key="r", account=cast.harbor, channel="portal", requested_on=timezone.localdate(),
            canonical={}, content_hash="h", correlation_id=story, status="approved",
        )  # fmt: skip
        image = kept_image(clean_image(picture().read()))
        self.photo = ReturnPhoto.objects.create(request=self.back, image=image)
        self.shipment = Shipment.objects.get()
        self.proof = ProofOfDelivery.objects.create(
            shipment=self.shipment, source_key="p", delivered_at=now, image=image, source="t"
        )
        self.letter = DisputeLetter.objects.create(
            dispute=company.dispute, key="k", kind="denial", subject="No", body="No", pdf=b"%PDF"
        )
        kept = keep_files(account=cast.harbor, user=cast.buyer, form=story, sent=[a_picture()])
        self.evidence = kept.files[0]
        add_evidence(
            dispute_id=company.dispute.pk, item="photo", reference=f"file:{self.evidence.pk}", words="box", actor="B"
        )
        self.message = said_with_a_file(subject_of(company.billed), cast.agent)
        self.webhook = Endpoint.objects.create(
            account=cast.harbor, name="Ours", url="https://hooks.harbor.example/", event_types=["order.accepted"]
        )
        self.told = Delivery.objects.create(
            endpoint=self.webhook, event_id=story, event_type="order.accepted", body="{}", state="delivered",
            correlation_id=story, occurred_at=now,
        )  # fmt: skip
        self.placed = Draft.objects.create(account=cast.harbor, user=cast.buyer, order=company.billed)


def _order(world: World) -> object:
    return world.company.billed.number


def _webhook(world: World) -> object:
    return world.webhook.pk


EXAMPLES: Mapping[str, Callable[[World], object]] = {
    "company:member": lambda world: world.member.pk,
    "company:remove": lambda world: world.member.pk,
    "company:restore": lambda world: world.member.pk,
    "company:invite_again": lambda world: world.invitation.pk,
    "company:withdraw": lambda world: world.invitation.pk,
    "company:place": lambda world: ShipTo.objects.filter(account=world.cast.harbor)[0].pk,
    "company:use_place": lambda world: ShipTo.objects.filter(account=world.cast.harbor)[0].pk,
    "company:replace_key": lambda world: world.key.prefix,
    "company:revoke_key": lambda world: world.key.prefix,
    "company:webhook": _webhook,
    "company:change_webhook": _webhook,
    "company:rotate_webhook": _webhook,
    "company:switch_webhook": _webhook,
    "company:test_webhook": _webhook,
    "company:again_webhooks": _webhook,
    "company:again_webhook": lambda world: (world.webhook.pk, world.told.pk),
    "orders:placed": lambda world: world.placed.pk,
    "orders:approval_rule_remove": lambda world: world.rule.pk,
    "orders:approval": lambda world: world.request.pk,
    "orders:approval_decide": lambda world: world.request.pk,
    "orders:approval_end": lambda world: world.request.pk,
    "orders:approval_comment": lambda world: world.request.pk,
    "orders:detail": _order,
    "orders:change": _order,
    "orders:ask_change": _order,
    "orders:answer": lambda world: world.company.held.number,
    "orders:reorder": _order,
    "orders:reorder_take": _order,
    "orders:shipment": lambda world: world.shipment.number,
    "orders:shipment_problem": lambda world: world.shipment.number,
    "orders:proof_image": lambda world: world.proof.pk,
    "orders:invoice": lambda world: world.company.invoice.number,
    "orders:invoice_pdf": lambda world: world.company.invoice.number,
    "orders:open_dispute": lambda world: world.company.invoice.number,
    "orders:export": lambda world: world.export.pk,
    "orders:make_export": lambda world: world.export.pk,
    "orders:export_file": lambda world: world.export.pk,
    "orders:payment": lambda world: world.payment.pk,
    "orders:dispute": lambda world: world.company.dispute.number,
    "orders:dispute_evidence": lambda world: world.company.dispute.number,
    "orders:dispute_submit": lambda world: world.company.dispute.number,
    "orders:dispute_withdraw": lambda world: world.company.dispute.number,
    "orders:dispute_file": lambda world: (world.company.dispute.number, world.evidence.pk),
    "orders:dispute_letter": lambda world: world.letter.pk,
    "orders:return": lambda world: world.back.number,
    "orders:return_withdraw": lambda world: world.back.number,
    "orders:return_label": lambda world: world.back.number,
    "orders:return_photo": lambda world: world.photo.pk,
    "orders:list": lambda world: world.list.pk,
    "orders:list_take": lambda world: world.list.pk,
    "orders:list_change_lines": lambda world: world.list.pk,
    "orders:list_change": lambda world: world.list.pk,
    "chain": lambda world: world.company.billed.correlation_id,
    "threads:show": lambda world: world.message.thread_id,
    "threads:file": lambda world: world.message.files.get().file_id,
    "threads:post": lambda world: subject_of(world.company.billed).key,
}


def naming() -> list[str]:
    """The dealers' routes that have something to name."""
    found = set(DEALER_ROUTES) & set(routes())
    return sorted(name for name in found if _arguments(name) and name not in EVERYBODYS)


def _arguments(name: str) -> list[str]:
    resolver: Any = get_resolver()
    for part in name.split(":")[:-1]:
        resolver = resolver.namespace_dict[part][1]
    [(_, names), *_] = [
        form for possibility in resolver.reverse_dict.getlist(name.split(":")[-1]) for form in possibility[0]
    ]
    return list(names)


def test_every_address_that_names_something_has_an_example() -> None:
    assert naming() == sorted(EXAMPLES)


@pytest.mark.parametrize("wall", ["distportal_dealer", ""], ids=["both walls", "the portal's alone"])
def test_a_stranger_finds_nothing_where_the_owner_does(cast: Cast, synced: SandboxProcess, wall: str) -> None:
    Membership.objects.filter(user__in=[cast.buyer, cast.stranger]).update(role=Role.ADMIN)
    world = World(cast, fill(cast, synced))
    owner, stranger = signed_in(cast.buyer), signed_in(cast.stranger)
    seen: dict[str, set[int]] = {}
    mistakes = []
    for name in naming():
        named = EXAMPLES[name](world)
        address = reverse(name, args=named if isinstance(named, tuple) else (named,))
        with override_settings(DEALER_DATABASE_ROLE=wall):
            answers = _answers(stranger, address)
        seen[name] = answers
        if answers != {404}:
            mistakes.append(f"{name}: {answers}")
        if owner.get(address).status_code == 404:
            mistakes.append(f"{name}: the owner finds nothing either")
    assert mistakes == []
    assert len(seen) > 35


def _answers(client: Client, address: str) -> set[int]:
    """What each method answers that the address takes; one that first asks who somebody is answers nothing."""
    answers = [client.get(address), client.post(address, {"token": str(uuid.uuid4())})]
    return {answer.status_code for answer in answers if not _asks_who(answer)} - {405} or {404}


def _asks_who(answer: Any) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/reauthenticate/")
