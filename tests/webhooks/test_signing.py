"""The signature is that of Standard Webhooks."""

from __future__ import annotations

import base64

import pytest

from distportal.common.errors import Invalid
from distportal.webhooks.signing import key_of, new_secret, signature, signatures

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_reference_library_signs_the_same() -> None:
    """Reckoned once with the PyPI package `standardwebhooks` 1.1.0."""
    made = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_give_two_signatures_the_newest_first() -> None:
    other = new_secret()
    both = signatures([other, SECRET], "m", "1", b"{}").split(" ")
    assert both == [signature(other, "m", "1", b"{}"), signature(SECRET, "m", "1", b"{}")]
    assert both[0] != both[1]


def test_a_secret_is_random_and_as_long_as_the_standard_wants() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert first.startswith("whsec_")
    assert len(key_of(first)) == 32


@pytest.mark.parametrize("length", [0, 23, 65])
def test_no_other_length_is_a_secret(length: int) -> None:
    with pytest.raises(Invalid):
        key_of("whsec_" + base64.b64encode(b"x" * length).decode())
    with pytest.raises(Invalid):
        key_of("whsec_no base64!")
