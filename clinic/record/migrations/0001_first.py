import clinic.kit.ids
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_first"),
        ("people", "0001_first"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Client",
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
                ("number", models.CharField(editable=False, max_length=10, unique=True, verbose_name="ID")),
                ("given_name", models.CharField(blank=True, max_length=120, verbose_name="given name")),
                ("family_name", models.CharField(blank=True, max_length=120, verbose_name="family name")),
                ("chosen_name", models.CharField(blank=True, max_length=120, verbose_name="preferred name")),
                ("other_names", models.CharField(blank=True, max_length=240, verbose_name="other names")),
                ("pronouns", models.CharField(blank=True, max_length=40, verbose_name="pronouns")),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="birth date")),
                (
                    "birth_estimated",
                    models.BooleanField(default=False, verbose_name="birth date is an estimate"),
                ),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("female", "Female"),
                            ("male", "Male"),
                            ("intersex", "Intersex"),
                            ("declined", "Prefer not to say"),
                            ("", "Not known"),
                        ],
                        max_length=10,
                        verbose_name="sex",
                    ),
                ),
                ("gender", models.CharField(blank=True, max_length=60, verbose_name="gender")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")],
                        default="en",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                ("interpreter", models.BooleanField(default=False, verbose_name="interpreter needed")),
                ("no_known_allergies_on", models.DateField(blank=True, null=True)),
                ("deceased_on", models.DateField(blank=True, null=True)),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.site")),
            ],
        ),
        migrations.CreateModel(
            name="Address",
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
                ("street", models.CharField(blank=True, max_length=160, verbose_name="street")),
                ("suburb", models.CharField(blank=True, max_length=80, verbose_name="town")),
                ("state", models.CharField(blank=True, max_length=20, verbose_name="state")),
                ("postcode", models.CharField(blank=True, max_length=12, verbose_name="ZIP code")),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.client"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["client"], name="address_client")],
            },
        ),
        migrations.CreateModel(
            name="Allergy",
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
                ("substance", models.CharField(max_length=120, verbose_name="substance")),
                ("reaction", models.CharField(blank=True, max_length=160, verbose_name="reaction")),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.client"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["client"], name="allergy_client")],
            },
        ),
        migrations.CreateModel(
            name="Episode",
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
                ("starts_on", models.DateField(verbose_name="admitted")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ended")),
                ("reason_ended", models.CharField(blank=True, max_length=60, verbose_name="reason ended")),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.client"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.program"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["client"], name="episode_client")],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("client", "="),
                            ("program", "="),
                            (
                                models.Func(
                                    models.F("starts_on"),
                                    models.F("ends_on"),
                                    models.Value("[)"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="episode_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
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
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("minutes", models.PositiveSmallIntegerField(default=50, verbose_name="minutes")),
                ("service", models.CharField(max_length=60, verbose_name="service")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("arrived", "Arrived"),
                            ("kept", "Kept"),
                            ("no_show", "Did not come"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="booked",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"
                    ),
                ),
                (
                    "staff",
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
            ],
            options={
                "indexes": [
                    models.Index(fields=["episode", "starts_at"], name="appointment_episode"),
                    models.Index(fields=["staff", "starts_at"], name="appointment_staff"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CareTeam",
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
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("clinician", "Clinician"),
                            ("prescriber", "Nurse or prescriber"),
                            ("peer", "Peer specialist"),
                            ("front_desk", "Front desk"),
                            ("intake", "Intake"),
                            ("supervisor", "Supervisor"),
                            ("privacy", "Privacy officer"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("lead", models.BooleanField(default=False, verbose_name="lead")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "staff",
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
            ],
            options={
                "indexes": [
                    models.Index(fields=["episode"], name="care_team_episode"),
                    models.Index(fields=["staff"], name="care_team_staff"),
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("episode", "="),
                            ("staff", "="),
                            (
                                models.Func(
                                    models.F("starts_on"),
                                    models.F("ends_on"),
                                    models.Value("[)"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="care_team_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AllergyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("substance", models.CharField(max_length=120, verbose_name="substance")),
                ("reaction", models.CharField(blank=True, max_length=160, verbose_name="reaction")),
                ("ends_on", models.DateField(blank=True, null=True)),
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
                        to="record.allergy",
                    ),
                ),
                (
                    "recorded_by",
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
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="record.client",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AddressEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("street", models.CharField(blank=True, max_length=160, verbose_name="street")),
                ("suburb", models.CharField(blank=True, max_length=80, verbose_name="town")),
                ("state", models.CharField(blank=True, max_length=20, verbose_name="state")),
                ("postcode", models.CharField(blank=True, max_length=12, verbose_name="ZIP code")),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
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
                        to="record.address",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClientEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("number", models.CharField(editable=False, max_length=10, verbose_name="ID")),
                ("given_name", models.CharField(blank=True, max_length=120, verbose_name="given name")),
                ("family_name", models.CharField(blank=True, max_length=120, verbose_name="family name")),
                ("chosen_name", models.CharField(blank=True, max_length=120, verbose_name="preferred name")),
                ("other_names", models.CharField(blank=True, max_length=240, verbose_name="other names")),
                ("pronouns", models.CharField(blank=True, max_length=40, verbose_name="pronouns")),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="birth date")),
                (
                    "birth_estimated",
                    models.BooleanField(default=False, verbose_name="birth date is an estimate"),
                ),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("female", "Female"),
                            ("male", "Male"),
                            ("intersex", "Intersex"),
                            ("declined", "Prefer not to say"),
                            ("", "Not known"),
                        ],
                        max_length=10,
                        verbose_name="sex",
                    ),
                ),
                ("gender", models.CharField(blank=True, max_length=60, verbose_name="gender")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")],
                        default="en",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                ("interpreter", models.BooleanField(default=False, verbose_name="interpreter needed")),
                ("no_known_allergies_on", models.DateField(blank=True, null=True)),
                ("deceased_on", models.DateField(blank=True, null=True)),
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
                        to="record.client",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.site",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClientIdentifier",
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
                ("system", models.CharField(max_length=60, verbose_name="system")),
                ("value", models.CharField(max_length=60, verbose_name="number")),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.client"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["client"], name="identifier_client")],
                "constraints": [models.UniqueConstraint(fields=("system", "value"), name="identifier_once")],
            },
        ),
        migrations.CreateModel(
            name="ClientIdentifierEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("system", models.CharField(max_length=60, verbose_name="system")),
                ("value", models.CharField(max_length=60, verbose_name="number")),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
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
                        to="record.clientidentifier",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Contact",
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
                (
                    "channel",
                    models.CharField(
                        choices=[("phone", "Phone"), ("email", "E-mail")],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("value", models.CharField(max_length=160, verbose_name="number or address")),
                ("may_call", models.BooleanField(default=False, verbose_name="may call")),
                ("may_text", models.BooleanField(default=False, verbose_name="may text")),
                ("may_voicemail", models.BooleanField(default=False, verbose_name="may leave voicemail")),
                ("may_email", models.BooleanField(default=False, verbose_name="may e-mail")),
                ("ask_for", models.CharField(blank=True, max_length=80, verbose_name="ask for")),
                ("hours", models.CharField(blank=True, max_length=80, verbose_name="safe times")),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.client"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["client"], name="contact_client")],
            },
        ),
        migrations.CreateModel(
            name="ContactEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[("phone", "Phone"), ("email", "E-mail")],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("value", models.CharField(max_length=160, verbose_name="number or address")),
                ("may_call", models.BooleanField(default=False, verbose_name="may call")),
                ("may_text", models.BooleanField(default=False, verbose_name="may text")),
                ("may_voicemail", models.BooleanField(default=False, verbose_name="may leave voicemail")),
                ("may_email", models.BooleanField(default=False, verbose_name="may e-mail")),
                ("ask_for", models.CharField(blank=True, max_length=80, verbose_name="ask for")),
                ("hours", models.CharField(blank=True, max_length=80, verbose_name="safe times")),
                ("ends_on", models.DateField(blank=True, null=True)),
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
                        to="record.contact",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Draft",
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
                ("kind", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=80)),
                ("body", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField(auto_now=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.client"
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("client", "staff", "kind", "key"), name="draft_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Encounter",
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
                ("on", models.DateField(verbose_name="date")),
                ("service", models.CharField(max_length=60, verbose_name="service")),
                (
                    "appointment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="record.appointment",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.client"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
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
            ],
            options={
                "indexes": [models.Index(fields=["episode", "on"], name="encounter_episode")],
            },
        ),
        migrations.CreateModel(
            name="EncounterEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("on", models.DateField(verbose_name="date")),
                ("service", models.CharField(max_length=60, verbose_name="service")),
                (
                    "appointment",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="record.appointment",
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
                        to="record.encounter",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.site",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        db_constraint=False,
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CareTeamEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("clinician", "Clinician"),
                            ("prescriber", "Nurse or prescriber"),
                            ("peer", "Peer specialist"),
                            ("front_desk", "Front desk"),
                            ("intake", "Intake"),
                            ("supervisor", "Supervisor"),
                            ("privacy", "Privacy officer"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("lead", models.BooleanField(default=False, verbose_name="lead")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
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
                        to="record.careteam",
                    ),
                ),
                (
                    "staff",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AppointmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("minutes", models.PositiveSmallIntegerField(default=50, verbose_name="minutes")),
                ("service", models.CharField(max_length=60, verbose_name="service")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("arrived", "Arrived"),
                            ("kept", "Kept"),
                            ("no_show", "Did not come"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="booked",
                        max_length=12,
                        verbose_name="status",
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
                        to="record.appointment",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.site",
                    ),
                ),
                (
                    "staff",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EpisodeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("starts_on", models.DateField(verbose_name="admitted")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ended")),
                ("reason_ended", models.CharField(blank=True, max_length=60, verbose_name="reason ended")),
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
                        to="record.episode",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.program",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Flag",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("suicide_item", "Thoughts of death or self-harm reported")], max_length=30
                    ),
                ),
                ("source_kind", models.CharField(max_length=40)),
                ("source_id", models.UUIDField()),
                ("raised_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("close_reason", models.CharField(blank=True, max_length=300)),
                ("historical", models.BooleanField(default=False)),
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
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["episode", "raised_at"], name="flag_episode"),
                    models.Index(fields=["source_kind", "source_id"], name="flag_source"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            models.Q(("close_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="flag_closed_with_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FlagEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("suicide_item", "Thoughts of death or self-harm reported")], max_length=30
                    ),
                ),
                ("source_kind", models.CharField(max_length=40)),
                ("source_id", models.UUIDField()),
                ("raised_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("close_reason", models.CharField(blank=True, max_length=300)),
                ("historical", models.BooleanField(default=False)),
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
                    "owner",
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
                        to="record.flag",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LevelOfCare",
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
                ("edition", models.CharField(max_length=20, verbose_name="edition")),
                ("level", models.CharField(max_length=20, verbose_name="level")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
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
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("episode", "="),
                            (
                                models.Func(
                                    models.F("starts_on"),
                                    models.F("ends_on"),
                                    models.Value("[)"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="level_of_care_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LevelOfCareEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("edition", models.CharField(max_length=20, verbose_name="edition")),
                ("level", models.CharField(max_length=20, verbose_name="level")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
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
                        to="record.levelofcare",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Medication",
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
                ("name", models.CharField(max_length=120, verbose_name="medication")),
                ("dose", models.CharField(blank=True, max_length=120, verbose_name="dose")),
                ("starts_on", models.DateField(verbose_name="started")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="stopped")),
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
                    "prescriber",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["episode", "starts_on"], name="medication_episode")],
            },
        ),
        migrations.CreateModel(
            name="MedicationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("name", models.CharField(max_length=120, verbose_name="medication")),
                ("dose", models.CharField(blank=True, max_length=120, verbose_name="dose")),
                ("starts_on", models.DateField(verbose_name="started")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="stopped")),
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
                        to="record.medication",
                    ),
                ),
                (
                    "prescriber",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
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
        migrations.CreateModel(
            name="Problem",
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
                ("text", models.CharField(max_length=240, verbose_name="problem")),
                ("code", models.CharField(blank=True, max_length=10, verbose_name="ICD-10-CM code")),
                (
                    "domain",
                    models.CharField(
                        choices=[
                            ("substance_use", "Substance use"),
                            ("mental_health", "Mental health"),
                            ("medical", "Medical"),
                            ("social", "Social"),
                            ("legal", "Legal"),
                        ],
                        max_length=20,
                        verbose_name="domain",
                    ),
                ),
                ("onset_on", models.DateField(blank=True, null=True, verbose_name="since")),
                ("said_by", models.CharField(blank=True, max_length=80, verbose_name="who said so")),
                ("resolved_on", models.DateField(blank=True, null=True, verbose_name="resolved")),
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
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["episode", "domain"], name="problem_episode")],
            },
        ),
        migrations.CreateModel(
            name="ProblemEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("text", models.CharField(max_length=240, verbose_name="problem")),
                ("code", models.CharField(blank=True, max_length=10, verbose_name="ICD-10-CM code")),
                (
                    "domain",
                    models.CharField(
                        choices=[
                            ("substance_use", "Substance use"),
                            ("mental_health", "Mental health"),
                            ("medical", "Medical"),
                            ("social", "Social"),
                            ("legal", "Legal"),
                        ],
                        max_length=20,
                        verbose_name="domain",
                    ),
                ),
                ("onset_on", models.DateField(blank=True, null=True, verbose_name="since")),
                ("said_by", models.CharField(blank=True, max_length=80, verbose_name="who said so")),
                ("resolved_on", models.DateField(blank=True, null=True, verbose_name="resolved")),
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
                        to="record.problem",
                    ),
                ),
                (
                    "recorded_by",
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
        migrations.CreateModel(
            name="Signature",
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
                ("object_kind", models.CharField(max_length=40)),
                ("object_id", models.UUIDField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("author", "Author"),
                            ("client", "Client"),
                            ("representative", "Representative"),
                            ("cosigner", "Cosigner"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                ("drawn", models.TextField(blank=True)),
                ("declined_reason", models.CharField(blank=True, max_length=300)),
                ("text_hash", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField()),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["object_kind", "object_id"], name="signature_object")],
            },
        ),
        migrations.CreateModel(
            name="SignatureEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("part2", models.BooleanField(default=False)),
                ("object_kind", models.CharField(max_length=40)),
                ("object_id", models.UUIDField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("author", "Author"),
                            ("client", "Client"),
                            ("representative", "Representative"),
                            ("cosigner", "Cosigner"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                ("drawn", models.TextField(blank=True)),
                ("declined_reason", models.CharField(blank=True, max_length=300)),
                ("text_hash", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField()),
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
                        to="record.signature",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
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
        migrations.CreateModel(
            name="Directory",
            fields=[
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="record.client",
                    ),
                ),
                ("public_id", models.UUIDField(unique=True)),
                ("number", models.CharField(max_length=10)),
                ("id_ending", models.CharField(max_length=4)),
                ("given", models.CharField(blank=True, max_length=120)),
                ("family", models.CharField(blank=True, max_length=120)),
                ("chosen", models.CharField(blank=True, max_length=120)),
                ("other_names", models.CharField(blank=True, max_length=240)),
                ("birth_date", models.DateField(null=True)),
                ("birth_estimated", models.BooleanField(default=False)),
                ("street", models.CharField(blank=True, max_length=160)),
                ("suburb", models.CharField(blank=True, max_length=80)),
                ("postcode", models.CharField(blank=True, max_length=12)),
                ("state", models.CharField(blank=True, max_length=20)),
                ("phone_digits", models.CharField(blank=True, max_length=20)),
                ("given_key", models.CharField(blank=True, max_length=60)),
                (
                    "given_forms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("given_sound", models.CharField(blank=True, max_length=10)),
                (
                    "given_known",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("family_key", models.CharField(blank=True, max_length=60)),
                (
                    "family_forms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("family_sound", models.CharField(blank=True, max_length=10)),
                ("birth_digits", models.CharField(blank=True, max_length=8)),
                ("street_key", models.CharField(blank=True, max_length=60)),
                ("suburb_key", models.CharField(blank=True, max_length=60)),
                ("postcode_key", models.CharField(blank=True, max_length=12)),
                ("state_key", models.CharField(blank=True, max_length=20)),
                ("phone_key", models.CharField(blank=True, max_length=10)),
                ("name_words", models.TextField(blank=True)),
                (
                    "match_keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["match_keys"], name="directory_match"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_words"], name="directory_words", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["given_key", "family_key"], name="directory_given"),
                    models.Index(fields=["family_key", "given_key"], name="directory_family"),
                    models.Index(fields=["suburb_key"], name="directory_suburb"),
                    models.Index(fields=["postcode_key"], name="directory_postcode"),
                    models.Index(fields=["birth_date"], name="directory_born"),
                    models.Index(fields=["number"], name="directory_number"),
                    models.Index(fields=["id_ending"], name="directory_id_ending"),
                ],
            },
        ),
    ]
