"""How many visits a contract gives for one request."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0005_terms_drafts'),
    ]

    operations = [
        migrations.AddField(
            model_name='contract',
            name='visits_per_incident',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
    ]
