from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("events", "0005_given_up_for_good")]

    operations = [
        AddIndexConcurrently(
            model_name="job",
            index=models.Index(condition=models.Q(("state", "dead")), fields=["kind", "key"], name="events_job_dead"),
        ),
        AddIndexConcurrently(
            model_name="outboxdelivery",
            index=models.Index(
                condition=models.Q(("state", "dead")),
                fields=["destination", "aggregate_type", "aggregate_id", "seq"],
                name="events_delivery_dead",
            ),
        ),
    ]
