"""Key figures by day."""

import django.db.models.functions.datetime
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='KpiDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kpi', models.CharField(max_length=40)),
                ('day', models.DateField()),
                ('partner', models.CharField(blank=True, max_length=60)),
                ('part', models.CharField(blank=True, max_length=60)),
                ('counted', models.PositiveBigIntegerField(default=0)),
                ('good', models.PositiveBigIntegerField(default=0)),
                ('waiting', models.PositiveBigIntegerField(default=0)),
                ('total', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=20)),
                ('longest', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=20)),
                ('built_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='When the day was counted so')),
            ],
            options={
                'ordering': ['kpi', 'day', 'partner', 'part'],
                'constraints': [models.UniqueConstraint(fields=('kpi', 'day', 'partner', 'part'), name='measures_day_once')],
            },
        ),
    ]
