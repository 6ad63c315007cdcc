"""A web process whose PostgreSQL is away: each request waits for it once, and its answer is one that programs read."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

SCRIPT = """
import json, django
django.setup()
from django.test import Client
from psycopg_pool import ConnectionPool

waits, getconn = [], ConnectionPool.getconn
def counted(pool, timeout=None):
    waits.append(pool.timeout)
    return getconn(pool, timeout)
ConnectionPool.getconn = counted

told = []
for method, url in (("post", "/api/v1/orders"), ("get", "/orders/"), ("get", "/health/ready")):
    client = Client(raise_request_exception=False)
    if url == "/orders/":
        client.cookies["sessionid"] = "x" * 32
    client.defaults.update(HTTP_AUTHORIZATION="Api-Key abcdefgh.ijk", HTTP_IDEMPOTENCY_KEY="k")
    waits.clear()
    answer = getattr(client, method)(url)
    kind = answer["Content-Type"].partition(";")[0]
    told.append([url, answer.status_code, kind, answer.get("Retry-After", ""), waits[:]])
print(json.dumps(told))
"""


def test_a_request_waits_once_and_is_told_to_come_again(tmp_path: pathlib.Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://postgres@/ops?host={tmp_path}",
        "DATABASE_POOL_TIMEOUT": "0.2",
        "DJANGO_SETTINGS_MODULE": "distportal.settings",
        "ALLOWED_HOSTS": "testserver",
        "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
    }
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == [
        ["/api/v1/orders", 503, "application/problem+json", "60", [0.2]],
        ["/orders/", 503, "text/html", "10", [0.2]],
        ["/health/ready", 503, "application/json", "", [0.2]],
    ]
