"""Seal the secrets that lay readable, as people/sealing.py did when this was written."""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def seal_all(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        # Else what the rows held before stays readable in the file's free pages.
        schema_editor.execute("PRAGMA secure_delete = ON")
    key = AESGCM(HKDF(SHA256(), 32, salt=None, info=b"pomost kept secrets 1").derive(settings.SECRET_KEY.encode()))
    for row in apps.get_model("webhooks", "Subscription").objects.all():
        nonce, what_for = secrets.token_bytes(12), f"webhooks of vendor {row.vendor_id}"
        row.secret_sealed = b"\x01" + nonce + key.encrypt(nonce, bytes(row.secret), what_for.encode())
        row.save(update_fields=["secret_sealed"])


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_first")]

    operations = [
        migrations.AddField("subscription", "secret_sealed", models.BinaryField(default=b""), preserve_default=False),
        migrations.AddField("subscription", "old_secret_sealed", models.BinaryField(null=True)),
        migrations.AddField("subscription", "old_secret_until", models.DateTimeField(null=True)),
        migrations.RunPython(seal_all, migrations.RunPython.noop),
        migrations.RemoveField("subscription", "secret"),
        migrations.AddConstraint(
            "subscription",
            models.CheckConstraint(
                condition=models.Q(("old_secret_sealed", None), ("old_secret_until", None))
                | models.Q(("old_secret_sealed__isnull", False), ("old_secret_until__isnull", False)),
                name="webhook_old_secret_has_an_end",
            ),
        ),
    ]
