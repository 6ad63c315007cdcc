"""A kind of notice that a test tells, and a real mail server that a test tells what to refuse."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from distportal.accounts.choices import Role
from distportal.common.ports import KeptPort
from distportal.notices import kinds
from distportal.notices.choices import Mode
from distportal.notices.kinds import NoticeKind, add_notice_kind


class Postbox:
    """What a mail server took, and what it answers to whom (`550 no such mailbox`)."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refusals: dict[str, list[str]] = {}

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answers = self.refusals.get(address, [])
        if answers:
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if not answer.startswith("250"):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 taken"

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to one address."""
        return [message for message in self.taken if message["To"] == address]


@pytest.fixture
def postbox(settings: Any) -> Iterator[Postbox]:
    """A mail server on this machine, to which the portal sends."""
    box = Postbox()
    kept = KeptPort()
    controller = Controller(box, hostname="127.0.0.1", port=kept.number)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.JOB_RETRY_MIN_SECONDS = 0.0
    yield box
    controller.stop()
    kept.close()


@pytest.fixture(autouse=True)
def known_kinds() -> Iterator[None]:
    """Two kinds of the test beside those of the product; they are gone afterwards."""
    before = dict(kinds._kinds)
    for key, mandatory in (("test.news", False), ("test.law", True)):
        add_notice_kind(
            NoticeKind(
                key=key, group="Test", title=f"The {key}", sentence="{what} happened", action="Look",
                roles=frozenset({Role.ADMIN, Role.BUYER}), mail=Mode.INSTANT, mandatory=mandatory,
                labels={"po": "Your PO"}, sample={"what": "It"},
            )
        )  # fmt: skip
    yield
    kinds._kinds.clear()
    kinds._kinds.update(before)
