"""An old SECRET_KEY can be retired once everything was sealed anew."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from edi.models import Certificate, Mailbox
from edi.process.keys import signer_for, store_certificate
from edi.transports.sealing import seal_all, unseal_all
from tests.edi.conftest import Post
from tests.edi.transports.as2.keys import make_pair

pytestmark = pytest.mark.django_db
NEW = "another key that is long enough for everybody"


def test_every_secret_is_sealed_anew_or_none(crestline: Post, brightway: Post, settings: Any) -> None:
    pair, mailbox = make_pair("portal"), crestline.partner.mailbox
    store_certificate(certificate=pair.certificate, pair=pair, partner=None)
    Mailbox.objects.filter(pk=mailbox.pk).update(secret=seal_all({"password": "correct horse"}))
    old, settings.SECRET_KEY = settings.SECRET_KEY, NEW
    before = Mailbox.objects.get(pk=mailbox.pk).secret
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("reseal_edi_secrets")
    assert Mailbox.objects.get(pk=mailbox.pk).secret == before
    settings.SECRET_KEY_FALLBACKS = [old]
    call_command("reseal_edi_secrets")
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal_all(Mailbox.objects.get(pk=mailbox.pk).secret) == {"password": "correct horse"}
    signer = signer_for(mailbox)
    assert signer
    assert signer.key.private_numbers() == pair.key.private_numbers()
    assert (Certificate.objects.count(), Mailbox.objects.get(partner=brightway.partner).secret) == (1, "")
