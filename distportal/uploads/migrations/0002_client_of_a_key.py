from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0001_uploads'),
    ]

    operations = [
        migrations.AddField(
            model_name='storedfile',
            name='client',
            field=models.CharField(blank=True, db_default='', default='', max_length=80),
        ),
    ]
