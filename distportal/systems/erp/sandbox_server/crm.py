"""The CRM that stands beside the sandbox ERP: a timeline of activities under the keys of whoever tells them."""

from __future__ import annotations

import json

from .errors import Invalid, Problem
from .exchange import Reply, Request
from .store import Row, Tx, stamp_of


def health(r: Request) -> Reply:
    """Version and time."""
    return Reply(200, {"version": "sandbox-crm 1.0", "time": r.server.store.now().isoformat()})


def activities(r: Request) -> Reply:
    """Everything under a key; for the CRM's own people the whole timeline."""
    with r.server.store.read() as tx:
        found = tx.rows("SELECT * FROM crm_activity WHERE key = ? ORDER BY id", r.query.get("key", ""))
        return Reply(200, {"activities": [_view(row) for row in found]})


def put_activity(r: Request) -> Reply:
    """The activity, new or as it was. Raises Problem 409 for other content under the same key."""
    with r.server.store.write(r.started) as tx:
        return Reply(200, _put(tx, r.parts[0], r.body, r.server.config.now.crm_without))


def timeline(r: Request) -> Reply:
    """What salespeople see of an account, in the order in which it happened."""
    with r.server.store.read() as tx:
        found = [json.loads(row["body"]) | {"key": row["key"]} for row in tx.rows("SELECT * FROM crm_activity")]
    told = [row for row in found if row["account"] == r.parts[0]]
    return Reply(200, {"activities": sorted(told, key=lambda row: (row["occurred_at"], row["subject"], row["seq"]))})


def _put(tx: Tx, key: str, body: Row, without: str) -> Row:
    if not str(body.get("text", "")).strip() or not body.get("account"):
        raise Invalid("activity_empty", "an activity has an account and a text")
    if body["account"] in ("NOBODY", *without.split(",")):
        raise Problem(422, "account_unknown", f"there is no account {body['account']}")
    content = json.dumps(body, sort_keys=True)
    held = tx.row("SELECT * FROM crm_activity WHERE key = ?", key)
    if held and held["body"] != content:
        raise Problem(409, "content_differs", f"activity {key} is there with other content")
    if not held:
        tx.run("INSERT INTO crm_activity (key, body, at) VALUES (?, ?, ?)", key, content, stamp_of(tx.now))
    return _view(tx.row("SELECT * FROM crm_activity WHERE key = ?", key) or {})


def _view(row: Row) -> Row:
    return {"key": row["key"], "id": f"ACT-{row['id']}"}


CRM = (
    ("GET", "/crm/v1/health", health),
    ("GET", "/crm/v1/activities", activities),
    ("PUT", r"/crm/v1/activities/([\w-]+)", put_activity),
    ("GET", r"/crm/staff/accounts/([\w-]+)", timeline),
)
