from django.db import migrations, models

import distportal.calendars.models

COPY = """
UPDATE accounts_user u SET time_zone = s.time_zone
  FROM notices_noticesettings s WHERE s.user_id = u.id AND s.time_zone <> ''
"""
BACK = """
UPDATE notices_noticesettings s SET time_zone = u.time_zone
  FROM accounts_user u WHERE s.user_id = u.id AND u.time_zone <> ''
"""


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0008_language_and_time_zone_of_people"),
        ("notices", "0001_notices_and_mails"),
    ]

    operations = [
        migrations.RunSQL(COPY, BACK),
        migrations.AlterField(
            model_name="noticesettings",
            name="time_zone",
            field=models.CharField(
                blank=True, db_default="", max_length=60, validators=[distportal.calendars.models.check_time_zone]
            ),
        ),
        migrations.RemoveField(model_name="noticesettings", name="time_zone"),
    ]
