"""The house stands: rows point down only, every inbound thing has a unique key, and no logic hides in `save`."""

from __future__ import annotations

from django.apps import apps
from django.db import models

HOUSE = ["edi", "orders", "inventory", "exceptions"]


def level(model: type[models.Model]) -> int:
    label = model._meta.app_config.name.split(".")[0]
    return HOUSE.index(label) if label in HOUSE else len(HOUSE)


def own_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.split(".")[0] in {*HOUSE, "distportal"}]


def test_foreign_keys_point_down_or_stay() -> None:
    upward = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and level(field.related_model) < level(model)
    ]
    assert upward == []


def test_what_comes_in_has_a_unique_key() -> None:
    keyed = {
        "orders.Intake": ["source_key"],
        "orders.AccountNote": ["source_key"],
        "mapping.MissingCode": ["scope", "kind", "side", "code"],
        "edi.InboundFile": ["mailbox", "name", "sha256"],
        "edi.As2Message": ["direction", "as2_from", "as2_to", "message_id"],
        "edi.Sighting": ["mailbox", "name"],
        "edi.Interchange": ["partner", "direction", "control_number", "usage"],
        "orders.Shipment": ["erp", "erp_id"],
        "orders.Invoice": ["erp", "erp_id"],
        "orders.Remittance": ["account", "trace", "source_key"],
        "orders.Return": ["source_key"],
        "orders.WarehouseAdvice": ["source_key"],
        "orders.WarehouseEvent": ["connection", "event_id"],
        "orders.WarehouseRelease": ["reference", "sequence"],
        "orders.CarrierMessage": ["connection", "event_id"],
        "orders.ProofOfDelivery": ["source_key"],
        "orders.TrackingEvent": ["shipment", "status", "reason", "place", "at"],
        "edi.TransferReceipt": ["partner", "number"],
        "edi.LogisticUnit": ["sscc"],
        "threads.Message": ["token"],
        "threads.Thread": ["subject_type", "subject_id"],
        "uploads.StoredFile": ["account", "form", "sha256"],
        "webhooks.Delivery": ["endpoint", "event_id"],
        "webhooks.Received": ["sender", "event_id"],
        "events.IdempotencyKey": ["client", "key"],
    }
    by_label = {m._meta.label: m for m in own_models()}
    for label, fields in keyed.items():
        meta = by_label[label]._meta
        unique = [list(c.fields) for c in meta.constraints if isinstance(c, models.UniqueConstraint)]
        unique += [[f.name] for f in meta.get_fields() if getattr(f, "unique", False)]
        assert fields in unique, label


def test_no_model_hides_logic_in_save_or_delete() -> None:
    assert [m.__name__ for m in own_models() if {"save", "delete"} & set(vars(m))] == []


def test_money_and_quantities_are_never_floats() -> None:
    fields = [(m.__name__, f) for m in own_models() for f in m._meta.fields if isinstance(f, models.FloatField)]
    assert [f"{name}.{f.name}" for name, f in fields] == ["SystemCall.duration_ms"]
