from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_notices_to_our_people")]

    operations = [
        migrations.AlterField(
            model_name="mail",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "Waiting to be sent"),
                    ("sending", "Being sent"),
                    ("sent", "Sent"),
                    ("failed", "Refused"),
                    ("discarded", "Left undone"),
                ],
                default="pending",
                max_length=10,
            ),
        ),
    ]
