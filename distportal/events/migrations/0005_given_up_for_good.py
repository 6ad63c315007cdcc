from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0004_age_of_idempotency_keys")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="lost",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="job",
            name="revived_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="outboxdelivery",
            name="lost",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="outboxdelivery",
            name="revived_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="job",
            name="state",
            field=models.CharField(
                choices=[("ready", "Ready"), ("done", "Done"), ("dead", "Dead"), ("discarded", "Left undone")],
                default="ready",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="outboxdelivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "Pending"),
                    ("delivered", "Delivered"),
                    ("dead", "Dead"),
                    ("discarded", "Left undone"),
                ],
                default="pending",
                max_length=10,
            ),
        ),
    ]
