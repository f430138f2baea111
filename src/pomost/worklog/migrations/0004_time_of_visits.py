"""Time worked on a visit."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('worklog', '0003_travel'),
    ]

    operations = [
        migrations.AlterField(
            model_name='entry',
            name='source',
            field=models.CharField(choices=[('session', 'Session'), ('call', 'Call'), ('data', 'Data'), ('visit', 'Visit')], max_length=7),
        ),
    ]
