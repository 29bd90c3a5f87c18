import clinic.kit.ids
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_first"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("record", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="SafetyStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("told", models.CharField(max_length=300, verbose_name="who was told")),
                ("asked", models.TextField(verbose_name="what was asked")),
                ("done", models.TextField(verbose_name="what was done")),
                ("next_contact_on", models.DateField(verbose_name="next contact")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.client"
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.episode"
                    ),
                ),
                (
                    "flag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.flag"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["episode", "next_contact_on"], name="safety_step_episode")],
            },
        ),
        migrations.CreateModel(
            name="SafetyStepEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("told", models.CharField(max_length=300, verbose_name="who was told")),
                ("asked", models.TextField(verbose_name="what was asked")),
                ("done", models.TextField(verbose_name="what was done")),
                ("next_contact_on", models.DateField(verbose_name="next contact")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="record.client",
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="record.episode",
                    ),
                ),
                (
                    "flag",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="record.flag",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="screening.safetystep",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Sitting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("instruments", models.JSONField(default=list)),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")], default="en", max_length=5
                    ),
                ),
                ("started_on", models.DateField(verbose_name="date")),
                ("closed_at", models.DateTimeField(null=True)),
                ("close_reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.client"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.episode"
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["episode", "started_on"], name="sitting_episode")],
            },
        ),
        migrations.CreateModel(
            name="Screen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("frozen_at", models.DateTimeField(editable=False, null=True)),
                ("instrument", models.CharField(max_length=20)),
                ("instrument_version", models.CharField(max_length=10)),
                ("instrument_hash", models.CharField(max_length=64)),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")], default="en", max_length=5
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("staff", "Asked by staff"),
                            ("paper", "Filled in on paper"),
                            ("imported", "Imported"),
                        ],
                        default="staff",
                        max_length=10,
                    ),
                ),
                ("taken_on", models.DateField(verbose_name="date")),
                ("recorded_at", models.DateTimeField()),
                ("answers", models.JSONField(default=dict)),
                ("complete", models.BooleanField()),
                ("unanswered", models.PositiveSmallIntegerField(default=0)),
                ("total", models.PositiveSmallIntegerField(null=True)),
                ("band", models.CharField(blank=True, max_length=60)),
                ("positive", models.BooleanField(null=True)),
                ("score", models.JSONField(default=dict)),
                ("thread", models.UUIDField()),
                ("correction_reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("origin", models.CharField(blank=True, max_length=64)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.client"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="screening.screen",
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.episode"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="screening.sitting",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["episode", "instrument", "-taken_on"], name="screen_episode"),
                    models.Index(fields=["thread"], name="screen_thread"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("origin", ""), _negated=True), ("corrects__isnull", True)
                        ),
                        fields=("episode", "instrument", "taken_on"),
                        name="screen_imported_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("complete", True), ("total__isnull", True), _connector="OR"),
                        name="screen_total_only_when_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreenError",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.client"
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.episode"
                    ),
                ),
                (
                    "screen",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_error",
                        to="screening.screen",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ScreenErrorEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="record.client",
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="record.episode",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="screening.screenerror",
                    ),
                ),
                (
                    "screen",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="screening.screen",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ScreenEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("frozen_at", models.DateTimeField(editable=False, null=True)),
                ("instrument", models.CharField(max_length=20)),
                ("instrument_version", models.CharField(max_length=10)),
                ("instrument_hash", models.CharField(max_length=64)),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")], default="en", max_length=5
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("staff", "Asked by staff"),
                            ("paper", "Filled in on paper"),
                            ("imported", "Imported"),
                        ],
                        default="staff",
                        max_length=10,
                    ),
                ),
                ("taken_on", models.DateField(verbose_name="date")),
                ("recorded_at", models.DateTimeField()),
                ("answers", models.JSONField(default=dict)),
                ("complete", models.BooleanField()),
                ("unanswered", models.PositiveSmallIntegerField(default=0)),
                ("total", models.PositiveSmallIntegerField(null=True)),
                ("band", models.CharField(blank=True, max_length=60)),
                ("positive", models.BooleanField(null=True)),
                ("score", models.JSONField(default=dict)),
                ("thread", models.UUIDField()),
                ("correction_reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("origin", models.CharField(blank=True, max_length=64)),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="record.client",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="screening.screen",
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="record.episode",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="screening.screen",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="screening.sitting",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Answering",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("instrument", models.CharField(max_length=20)),
                ("screen_id", models.UUIDField(default=uuid.uuid4)),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")], default="en", max_length=5
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("staff", "Asked by staff"),
                            ("paper", "Filled in on paper"),
                            ("imported", "Imported"),
                        ],
                        default="staff",
                        max_length=10,
                    ),
                ),
                ("taken_on", models.DateField()),
                ("answers", models.JSONField(default=dict)),
                ("tab", models.CharField(blank=True, max_length=36)),
                ("saved_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.client"
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.episode"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="screening.sitting",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("episode", "staff", "instrument"), name="answering_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SittingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("instruments", models.JSONField(default=list)),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")], default="en", max_length=5
                    ),
                ),
                ("started_on", models.DateField(verbose_name="date")),
                ("closed_at", models.DateTimeField(null=True)),
                ("close_reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="record.client",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="record.episode",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="screening.sitting",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
