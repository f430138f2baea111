"""Public holidays are kept as they were taken, and never changed: held by the database, whoever writes to it.

Versions of terms that are published already get the years that the package of public holidays knows on the day of this
migration, as they were read until then; nobody is named for it but the desk. On SQLite, REPLACE deletes the row in its way
without asking a delete trigger, so an insert under a taken id, year or edit is refused as well. A migration that rebuilds
the table must make these triggers again.
"""

import tomllib

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from pomost.contracts.public_holidays import CATALOGUE, public_holidays
from pomost.rules.terms.read_time import holiday_years

SAID = "calendars: a year of public holidays is never changed or deleted; make an exception"

SQLITE = (
    f"""
    CREATE TRIGGER contracts_holiday_year_replaces_none BEFORE INSERT ON contracts_holidayyear
    WHEN EXISTS (SELECT 1 FROM contracts_holidayyear WHERE id = NEW.id OR edit_id = NEW.edit_id OR (
        vendor_id = NEW.vendor_id AND country = NEW.country AND subdivision = NEW.subdivision AND year = NEW.year))
    BEGIN SELECT RAISE(ABORT, '{SAID}'); END
    """,
    f"""
    CREATE TRIGGER contracts_holiday_year_stays_as_it_is BEFORE UPDATE ON contracts_holidayyear
    BEGIN SELECT RAISE(ABORT, '{SAID}'); END
    """,
    f"""
    CREATE TRIGGER contracts_holiday_year_stays BEFORE DELETE ON contracts_holidayyear
    BEGIN SELECT RAISE(ABORT, '{SAID}'); END
    """,
)

POSTGRESQL = (
    f"""
    CREATE FUNCTION contracts_holiday_year_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '{SAID}';
    END $$
    """,
    """
    CREATE TRIGGER contracts_holiday_year_guard BEFORE UPDATE OR DELETE ON contracts_holidayyear
    FOR EACH ROW EXECUTE FUNCTION contracts_holiday_year_guard()
    """,
    """
    CREATE TRIGGER contracts_holiday_year_no_truncate BEFORE TRUNCATE ON contracts_holidayyear
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_holiday_year_guard()
    """,
)

UNDO = {
    "sqlite": (
        "DROP TRIGGER contracts_holiday_year_replaces_none",
        "DROP TRIGGER contracts_holiday_year_stays_as_it_is",
        "DROP TRIGGER contracts_holiday_year_stays",
    ),
    "postgresql": (
        "DROP TRIGGER contracts_holiday_year_no_truncate ON contracts_holidayyear",
        "DROP TRIGGER contracts_holiday_year_guard ON contracts_holidayyear",
        "DROP FUNCTION contracts_holiday_year_guard()",
    ),
}


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers in the words of this database."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again."""
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def take(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Keep the holidays of the versions that are published already."""
    version, holiday_year = apps.get_model("contracts", "TermsVersion"), apps.get_model("contracts", "HolidayYear")
    taken = set()
    for each in version.objects.order_by("valid_from").iterator():
        years = holiday_years(each.valid_from)
        for calendar in tomllib.loads(each.text).get("calendar", []):
            country, subdivision = calendar.get("public_holidays", ""), calendar.get("subdivision", "")
            if not country or (each.vendor_id, country, subdivision) in taken:
                continue
            taken.add((each.vendor_id, country, subdivision))
            found = public_holidays(country, subdivision or None, years)
            holiday_year.objects.bulk_create(
                holiday_year(
                    vendor_id=each.vendor_id,
                    country=country,
                    subdivision=subdivision,
                    year=year,
                    days_off=[[f"{day}", name] for day, name in sorted(found.days_off.items()) if day.year == year],
                    working_days=[f"{day}" for day in sorted(found.working_days) if day.year == year],
                    proposed_by=CATALOGUE,
                    at=each.published_at,
                    by="desk",
                )
                for year in years
                if found.confirmed_until is None or year <= found.confirmed_until.year
            )


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0007_calendar_edits_stay"),
        ("people", "0003_calendar_keys"),
    ]

    operations = [
        migrations.AlterField(
            model_name='calendaredit',
            name='kind',
            field=models.CharField(choices=[('exception', 'Exception'), ('withdrawal', 'Withdrawal'), ('year', 'Year')], max_length=10),
        ),
        migrations.CreateModel(
            name='HolidayYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(max_length=2)),
                ('subdivision', models.CharField(blank=True, max_length=6)),
                ('year', models.PositiveSmallIntegerField()),
                ('days_off', models.JSONField(default=list)),
                ('working_days', models.JSONField(default=list)),
                ('proposed_by', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=60)),
                ('edit', models.OneToOneField(blank=True, null=True, on_delete=models.PROTECT, related_name='holiday_year', to='contracts.calendaredit')),
                ('vendor', models.ForeignKey(on_delete=models.PROTECT, related_name='holiday_years', to='people.vendor')),
            ],
            options={
                'ordering': ['year'],
                'constraints': [models.UniqueConstraint(fields=('vendor', 'country', 'subdivision', 'year'), name='holiday_year_once')],
            },
        ),
        migrations.RunPython(guard, unguard),
        migrations.RunPython(take, migrations.RunPython.noop),
    ]
