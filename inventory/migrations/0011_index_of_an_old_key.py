"""An index that was left over when the cursors of feeds got another key: the short way never made it."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('inventory', '0010_pages_of_feeds'),
    ]

    operations = [
        migrations.RunSQL('DROP INDEX IF EXISTS inventory_feedcursor_kind_107d5088_like', migrations.RunSQL.noop),
    ]
