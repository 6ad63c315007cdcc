"""One worker at a mailbox: a lease that a killed process leaves behind runs out, and nobody waits for a slow one."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from distportal.events.clock import database_now
from distportal.systems.sftp.base import TransportError
from edi.choices import Direction
from edi.models import InboundFile, MailboxLink
from edi.process.links import held, note_failure, wait_left
from edi.process.mailboxes import poll_mailbox
from tests.edi.conftest import Post
from tests.edi.process.texts import group, po, whole

FILE = whole(group(po()))
KILLED = """
import os, sys
import django
django.setup()
from django.conf import settings
from pathlib import Path
settings.EDI_ROOT = Path(sys.argv[1])
from edi.transports.folder import FolderMailbox
def killed(*_, **__):
    os.kill(os.getpid(), 9)
FolderMailbox.archive = killed
from edi.process.mailboxes import poll_mailbox
poll_mailbox(mailbox_id=int(sys.argv[2]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_poller_killed_with_kill_9_between_storing_and_archiving_took_the_file_once(
    crestline: Post, edi_root: Path
) -> None:
    crestline.drop(FILE, "po.edi")
    mailbox = crestline.partner.mailbox
    url = settings.DATABASES["default"]
    place = {**os.environ, "DJANGO_SETTINGS_MODULE": "distportal.settings", "DATABASE_URL": _url(url)}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(edi_root), str(mailbox.pk)],
        env=place, cwd=settings.BASE_DIR, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert InboundFile.objects.count() == 1
    assert [path.name for path in (crestline.root / "inbox").iterdir()] == ["po.edi"]
    assert poll_mailbox(mailbox_id=mailbox.pk) == 0, "its lease still runs"
    MailboxLink.objects.update(lease_until=database_now() - dt.timedelta(seconds=1))
    poll_mailbox(mailbox_id=mailbox.pk)
    assert (InboundFile.objects.count(), list((crestline.root / "inbox").iterdir())) == (1, [])
    assert bytes(InboundFile.objects.get().content) == FILE


def _url(database: dict[str, object]) -> str:
    return f"postgresql://{database['USER']}@/{connection.settings_dict['NAME']}?host={database['HOST']}"


@pytest.mark.django_db
def test_each_direction_has_a_lease_of_its_own(crestline: Post) -> None:
    mailbox = crestline.partner.mailbox
    with (
        held(mailbox, Direction.IN) as first,
        held(mailbox, Direction.IN) as second,
        held(mailbox, Direction.OUT) as other_way,
    ):
        assert (first, second, other_way) == (True, False, True)
    with held(mailbox, Direction.IN) as again:
        assert again


@pytest.mark.django_db
def test_a_worker_whose_lease_ran_out_does_not_free_that_of_the_next(crestline: Post) -> None:
    mailbox = crestline.partner.mailbox
    with held(mailbox, Direction.IN) as slow:
        assert slow
        MailboxLink.objects.update(lease_until=database_now() - dt.timedelta(seconds=1))
        with held(mailbox, Direction.IN) as quick:
            assert quick
            token = MailboxLink.objects.get().lease_token
            assert token is not None
        assert MailboxLink.objects.get().lease_until is None


@pytest.mark.django_db
def test_waits_grow_and_a_permanent_trouble_waits_long(crestline: Post) -> None:
    mailbox = crestline.partner.mailbox
    passing = [
        note_failure(mailbox=mailbox, direction=Direction.IN, error=TransportError("no answer")) for _ in range(8)
    ]
    assert all(0 < wait <= 900 for wait in passing)
    assert 0 < wait_left(mailbox, Direction.IN) <= 900
    assert wait_left(mailbox, Direction.OUT) == 0
    error = TransportError("wrong key", permanent=True)
    assert note_failure(mailbox=mailbox, direction=Direction.OUT, error=error) == 900
