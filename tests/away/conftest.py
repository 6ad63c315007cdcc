"""A portal with one of everything, whose ERP or cache goes away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site

from distportal.accounts.choices import Role, Scope
from distportal.accounts.models import ApiKey, Membership, User
from distportal.common.redis_client import cache_absence, cache_redis
from distportal.events.errors import RetryLater
from distportal.systems.identity import identity_now
from distportal.systems.models import ErpIdentity, SystemCall
from distportal.systems.registry import forget_connections
from edi.process.onboarding import start_onboarding
from edi.seeds import seed_partner
from inventory.process.sync import sync_feed
from tests.browser.company import Company, fill
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.mute import Mute
from tests.sandbox import SandboxProcess


@dataclass(frozen=True)
class Portal:
    """What there is to look at, and who looks."""

    company: Company
    cast: Cast
    root: User
    keys: list[str]
    erp: SandboxProcess


@pytest.fixture
def portal(synced: SandboxProcess, cast: Cast, tmp_path: Path, settings: Any) -> Portal:
    """Orders in every state, an invoice, a dispute, cases, a cart, documents, a stranger's samples."""
    settings.EDI_ROOT, settings.EDI_SPOOL = tmp_path / "edi", tmp_path / "spool"
    company, crestline = fill(cast, synced), Post(seed_partner(code="CRESTLINE"))
    content = crestline.order(("FST-10001", "10", "0.42"), po="CR-77")
    crestline.take(content, "cr77.edi")
    start_onboarding(files={"theirs.edi": content}, by="operator")
    Membership.objects.filter(user=cast.colleague).update(role=Role.ADMIN)
    root = User.objects.create_superuser("root@northline.example", "not-a-real-password", name="Root")
    keys = {}
    for owner in (cast.harbor, crestline.partner.account):
        _, keys[owner] = ApiKey.objects.create_key(name=str(owner), account=owner, channel="api", scopes=list(Scope))
    return Portal(company, cast, root, list(keys.values()), synced)


def asked_in_vain() -> None:
    """The workers read the feeds and get no answer; what they noted of it is forgotten."""
    for kind in ("item", "stock", "price", "customer"):
        with pytest.raises(RetryLater):
            sync_feed(kind=kind)  # type: ignore[arg-type]
    SystemCall.objects.all().delete()


@pytest.fixture(params=["stopped", "hung"])
def erp_away(request: pytest.FixtureRequest, portal: Portal, mute: Mute, settings: Any) -> Iterator[str]:
    """The ERP's process is stopped, or something in its place takes calls and never answers."""
    if request.param == "stopped":
        portal.erp.stop()
    else:
        connection = {**settings.ERP_ADAPTERS["default"], "url": f"http://127.0.0.1:{mute.port}", "read_timeout": 0.3}
        settings.ERP_ADAPTERS = {"default": connection}
        forget_connections()
        # The address is another, the ERP is to be the same: or its feeds would rest, and ask nobody.
        ErpIdentity.objects.update(fingerprint=identity_now("default").fingerprint)
    try:
        asked_in_vain()
        mute.taken.clear()
        yield str(request.param)
    finally:
        if request.param == "stopped":
            portal.erp.start()


@pytest.fixture(params=["stopped", "hung"])
def cache_away(request: pytest.FixtureRequest, portal: Portal, mute: Mute) -> Iterator[str]:
    """The cache's Redis refuses connections, or takes them and never answers."""
    before, port = site.CACHE_URL, mute.port
    if request.param == "stopped":
        mute.close()
    site.CACHE_URL = f"redis://127.0.0.1:{port}/0"
    django_cache = {**site.CACHES["default"], "LOCATION": site.CACHE_URL}
    caches_before, site.CACHES = site.CACHES, {"default": django_cache}
    _anew()
    SystemCall.objects.all().delete()
    yield str(request.param)
    site.CACHE_URL, site.CACHES = before, caches_before
    _anew()


def _anew() -> None:
    """Clients are made again from the settings."""
    from django.core.cache import caches

    cache_redis.cache_clear()
    cache_absence.forget()
    caches.settings = caches.configure_settings(None)
    for alias in list(caches.settings):
        with suppress(AttributeError):
            del caches[alias]
