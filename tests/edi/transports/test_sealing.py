"""Secrets at rest, and settings read from data."""

from __future__ import annotations

from typing import Any

import pytest

from distportal.systems.sftp.base import TransportError
from edi.transports.as2.transport import As2Options
from edi.transports.options import read_options
from edi.transports.sealing import resealed, seal, seal_all, unseal, unseal_all

AS2 = {"our_id": "US", "their_id": "THEM", "url": "https://them.example/as2"}


def test_a_secret_is_sealed_and_opened_and_nothing_stays_nothing() -> None:
    sealed = seal_all({"password": "correct horse", "passphrase": ""})
    assert "correct" not in sealed
    assert unseal_all(sealed) == {"password": "correct horse"}
    assert (seal(""), unseal(""), seal_all({"password": ""})) == ("", "", "")


def test_an_old_key_opens_what_it_sealed_until_it_is_sealed_anew(settings: Any) -> None:
    sealed = seal("secret")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key that is long enough for everybody"
    with pytest.raises(TransportError, match="SECRET_KEY_FALLBACKS") as caught:
        unseal(sealed)
    assert caught.value.permanent
    settings.SECRET_KEY_FALLBACKS = [old]
    assert unseal(sealed) == "secret"
    fresh = resealed(sealed)
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(fresh) == "secret"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "ftp://x"}, "http or https"),
        ({"sign": "md5"}, "sign must be one of"),
        ({"cipher": "rc2"}, "cipher must be one of"),
        ({"mdn_signed": "yes"}, "mdn_signed must be true or false"),
        ({"timeout": True}, "timeout must be a whole number"),
        ({"nonsense": 1}, "nonsense is no setting"),
        ({"our_id": "a\r\nb"}, "printable"),
    ],
)
def test_settings_that_do_not_fit_are_named(change: dict[str, object], words: str) -> None:
    with pytest.raises(TransportError, match=words):
        read_options(As2Options, {**AS2, **change})


def test_what_is_missing_is_named_at_once() -> None:
    with pytest.raises(TransportError, match=r"our_id is missing; their_id is missing; url is missing"):
        read_options(As2Options, {})


def test_receipts_go_to_hosts_of_the_partner_only() -> None:
    options = read_options(As2Options, {**AS2, "receipt_hosts": "mdn.them.example other.example"})
    assert [options.may_answer_to(url) for url in (
        "https://them.example/x", "http://mdn.them.example:8080/y", "https://evil.example/?them.example",
        "https://them.example@evil.example/", "file:///etc/passwd", "",
    )] == [True, True, False, False, False, False]  # fmt: skip
