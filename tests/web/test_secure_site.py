"""What a site with https is by itself, and what two companies read at one address."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from distportal import settings as written
from inventory.models import Price
from tests.architecture.test_docs import ROOT
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

WANTED = {
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_SSL_REDIRECT": True,
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SECOND_FACTOR_REQUIRED": True,
}


def read(**environment: str) -> subprocess.CompletedProcess[str]:
    """The wanted settings, read by a process with that environment."""
    code = f"import json; from distportal import settings as s; print(json.dumps([getattr(s, n) for n in {[*WANTED]}]))"
    env = {**os.environ, "OPS_NO_SERVICES": "1", **environment}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_https_alone_makes_cookies_redirects_and_second_factors_strict() -> None:
    told = read(PUBLIC_URL="https://portal.example.com", SECRET_KEY="a key of the site's own, long enough for it")
    assert dict(zip(WANTED, json.loads(told.stdout), strict=True)) == WANTED
    refused = read(PUBLIC_URL="https://portal.example.com", SECRET_KEY=written.DEV_KEY)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "set SECRET_KEY" in refused.stderr


@pytest.mark.django_db
def test_two_companies_read_their_own_prices_at_one_address(synced: SandboxProcess, cast: Cast) -> None:
    price = Price.objects.filter(account=cast.harbor).exclude(contract="").select_related("item")[0]
    Price.objects.filter(account=cast.harbor).update(contract="HARBORS-OWN-1")
    address = f"/catalogue/{price.item.sku}/"
    for who, own in ((cast.buyer, True), (cast.stranger, False), (cast.buyer, True)):
        answer = signed_in(who).get(address)
        assert ("HARBORS-OWN-1" in main_of(answer.content.decode())) is own, who
        assert "Cookie" in answer.headers["Vary"]
