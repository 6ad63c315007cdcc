"""Sending to a partner's AS2 address. What comes from it arrives at our own address, not here."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from distportal.common.network_words import network_words
from distportal.systems.sftp.base import Parcel, Receipt, TransportError
from edi.transports.as2.encrypt import KEY_BYTES
from edi.transports.as2.mic import DIGESTS
from edi.transports.base import Outward
from edi.transports.options import one_of

MOST_ANSWER = 1024 * 1024
"""A receipt is a few kilobytes; more is not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class As2Options:
    """`mdn`: `sync`, `async` or `none`. Empty `sign`, `cipher` or `compress` leaves that layer out. `receipt_hosts`
    are further hosts, with spaces between them, that asynchronous receipts may be sent to.
    """

    our_id: str
    their_id: str
    url: str
    sign: str = "sha256"
    cipher: str = "aes256_cbc"
    compress: str = ""
    mdn: str = "sync"
    mdn_signed: bool = True
    require_signed: bool = True
    require_encrypted: bool = True
    allow_3des: bool = False
    content_type: str = "application/edi-x12"
    receipt_hosts: str = ""
    receipt_minutes: int = 30
    most_sends: int = 4
    timeout: int = 30

    def __post_init__(self) -> None:
        one_of("mdn", self.mdn, ("sync", "async", "none"))
        one_of("sign", self.sign, ("", *DIGESTS))
        one_of("cipher", self.cipher, ("", *KEY_BYTES))
        one_of("compress", self.compress, ("", "before", "after"))
        if urlsplit(self.url).scheme not in ("http", "https") or not urlsplit(self.url).hostname:
            raise ValueError("url must be the partner's http or https address")
        if not self.our_id or not self.their_id or any(c in self.our_id + self.their_id for c in "\r\n\t\\"):
            raise ValueError("our_id and their_id must be AS2 names of printable characters")
        if not 1 <= self.timeout <= 45:
            raise ValueError("timeout must be 1 to 45 seconds")

    def may_answer_to(self, url: str) -> bool:
        """Whether a receipt may go to that address: only to hosts of the partner, whoever names it."""
        target = urlsplit(url)
        hosts = {urlsplit(self.url).hostname, *self.receipt_hosts.split()}
        return target.scheme in ("http", "https") and target.hostname in hosts


class As2Mailbox(Outward):
    """The partner's address. Redirects are not followed: they would lead elsewhere than agreed."""

    def __init__(self, options: As2Options) -> None:
        self._options = options

    def put(self, parcel: Parcel) -> Receipt:
        """What the partner answered with: a receipt, or nothing when it comes later."""
        return post(self._options.url, parcel, seconds=self._options.timeout)

    def check(self) -> str:
        """Whether the address answers at all; an AS2 server answers a bare GET with an error, and that is enough."""
        url = self._options.url
        try:
            answer = httpx.get(url, timeout=self._options.timeout, follow_redirects=False)
        except httpx.HTTPError as error:
            raise TransportError(f"{url} cannot be reached: {network_words(error)}") from error
        return f"{urlsplit(url).hostname} answers (HTTP {answer.status_code}); only a message shows the rest."


def post(url: str, parcel: Parcel, *, seconds: float) -> Receipt:
    """The answer of an address. Raises TransportError: permanent where the address or we are refused."""
    try:
        with httpx.stream(
            "POST", url, content=parcel.content, headers=dict(parcel.headers), timeout=seconds, follow_redirects=False
        ) as answer:
            body = b""
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > MOST_ANSWER:
                    raise TransportError(f"{url} answered with more than {MOST_ANSWER} bytes", permanent=True)
            status, headers = answer.status_code, dict(answer.headers)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise TransportError(f"{url} is no usable address: {error}", permanent=True) from error
    except httpx.HTTPError as error:
        raise TransportError(f"{url} gave no answer: {network_words(error)}") from error
    if 200 <= status < 300:
        return Receipt(headers=headers, body=body)
    refused = status in (301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410, 413)
    raise TransportError(f"{url} answered HTTP {status}", permanent=refused)
