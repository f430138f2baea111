"""A proposed severity becomes a row of its own, so that an answer can name the proposal it is to."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def rows_of_open_proposals(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Give each proposal that waits for its answer a row, with who and when from the journal."""
    tickets, proposals, facts = (
        apps.get_model(app, model)
        for app, model in (("tickets", "Ticket"), ("tickets", "SeverityProposal"), ("journal", "Fact"))
    )
    for ticket in tickets.objects.exclude(severity_proposed="").only(
        "severity", "severity_proposed", "registered_at"
    ):
        fact = (
            facts.objects.filter(subject=f"ticket:{ticket.pk}", kind="ticket.severity-proposed")
            .order_by("-id")
            .first()
        )
        proposals.objects.create(
            ticket=ticket,
            before=ticket.severity,
            after=ticket.severity_proposed,
            proposed_by=fact.by if fact else "system",
            proposed_at=fact.at if fact else ticket.registered_at,
        )


def nothing(_apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Backwards the table goes with its rows."""


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0003_decisions_are_kept'),
        ('journal', '0002_facts_stay'),
    ]

    operations = [
        migrations.CreateModel(
            name='SeverityProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(max_length=40)),
                ('after', models.CharField(max_length=40)),
                ('proposed_by', models.CharField(max_length=60)),
                ('proposed_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'Open'), ('agreed', 'Agreed'), ('refused', 'Refused'), ('superseded', 'Superseded')], default='open', max_length=10)),
                ('consent', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='severity_proposal', to='tickets.consent')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='severity_proposals', to='tickets.ticket')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('ticket',), name='severity_one_open_proposal'), models.CheckConstraint(condition=models.Q(models.Q(('consent', None), ('state__in', ('open', 'superseded'))), models.Q(('consent__isnull', False), ('state__in', ('agreed', 'refused'))), _connector='OR'), name='severity_answer_is_signed')],
            },
        ),
        migrations.RunPython(rows_of_open_proposals, nothing),
    ]
