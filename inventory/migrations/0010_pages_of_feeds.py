"""How late each page of a feed came."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inventory', '0009_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeedPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('connection', models.CharField(max_length=16)),
                ('kind', models.CharField(max_length=20)),
                ('changes', models.PositiveIntegerField()),
                ('oldest_at', models.DateTimeField(help_text="The ERP's clock")),
                ('read_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['read_at'], name='inventory_feed_page_read')],
            },
        ),
    ]
