import clinic.kit.ids

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_first"),
        ("people", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("browser_hash", models.CharField(blank=True, max_length=64)),
                ("client", models.UUIDField()),
                ("episode_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("thing", models.UUIDField()),
                ("way", models.CharField(choices=[("tablet", "Tablet"), ("link", "Link")], max_length=10)),
                ("language", models.CharField(default="en", max_length=5)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ending", models.CharField(blank=True, choices=[("done", "Done"), ("given_back", "Given Back"), ("idle", "Idle"), ("withdrawn", "Withdrawn"), ("tries", "Tries")], max_length=12)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"indexes": [models.Index(fields=["thing"], name="handover_thing")]},
        ),
        migrations.AlterField(
            model_name="oncekey",
            name="actor_id",
            field=models.BigIntegerField(null=True),
        ),
    ]
