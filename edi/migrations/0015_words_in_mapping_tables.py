"""What partners call units and places moves into the mapping tables that all systems share, and back."""

import uuid

from django.db import migrations

REASON = "agreed with the partner"


def move_words(apps, schema_editor):
    rows = apps.get_model("edi", "CrossReference").objects.select_related("partner").order_by("pk")
    Moved, Book = apps.get_model("mapping", "CrossReference"), apps.get_model("mapping", "CodeBook")
    moved = [
        Moved(scope=f"partner:{row.partner.code}", kind=row.kind, theirs=row.theirs, ours=row.ours, reason=REASON)
        for row in rows
        if row.theirs and row.ours
    ]
    Moved.objects.bulk_create(moved, batch_size=2000)
    for scope in sorted({row.scope for row in moved}):
        Book.objects.update_or_create(scope=scope, defaults={"mark": uuid.uuid4()})


def move_back(apps, schema_editor):
    Old, Moved = apps.get_model("edi", "CrossReference"), apps.get_model("mapping", "CrossReference")
    for partner in apps.get_model("edi", "TradingPartner").objects.order_by("pk"):
        rows = Moved.objects.filter(
            scope=f"partner:{partner.code}", kind__in=("unit", "ship_to"), valid_from=None, valid_until=None
        )
        Old.objects.bulk_create(
            Old(partner=partner, kind=row.kind, theirs=row.theirs, ours=row.ours) for row in rows.order_by("pk")
        )
        rows.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('edi', '0014_spooled_as2'),
        ('mapping', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(move_words, move_back, elidable=False),
        migrations.DeleteModel(
            name='CrossReference',
        ),
    ]
