"""Indexes for the search, built without locking the items, and the words that their names have by now."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

WORDS = r"""
INSERT INTO inventory_searchword (word)
SELECT DISTINCT left(lower(found[1]), 40)
  FROM inventory_item, regexp_matches(name, '[^\W\d_]{3,}', 'g') found
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('inventory', '0008_lots_shelf_life_and_hazards'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('word', models.CharField(max_length=40, primary_key=True, serialize=False)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['word'], name='inventory_word_trgm', opclasses=['gin_trgm_ops'])],
            },
        ),
        AddIndexConcurrently(
            model_name='item',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), 'gin_trgm_ops'), name='inventory_item_name_upper'),
        ),
        AddIndexConcurrently(
            model_name='item',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('name', config='simple'), name='inventory_item_name_words'),
        ),
        AddIndexConcurrently(
            model_name='item',
            index=models.Index(fields=['family', 'sku'], name='inventory_item_of_family'),
        ),
        AddIndexConcurrently(
            model_name='item',
            index=models.Index(django.db.models.functions.comparison.Collate('code_norm', 'C'), name='inventory_item_code_begins'),
        ),
        migrations.AlterField(
            model_name='item',
            name='family',
            field=models.CharField(max_length=40),
        ),
        RemoveIndexConcurrently(
            model_name='item',
            name='inventory_item_name_trgm',
        ),
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
    ]
