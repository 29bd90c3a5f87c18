import clinic.kit.clock
import clinic.kit.ids
import django.db.models.deletion
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
            name="Plan",
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
                ("strengths", models.TextField(blank=True, verbose_name="strengths, in the client's words")),
                ("words", models.TextField(blank=True, verbose_name="what matters most to the client")),
                ("step_down", models.TextField(blank=True, verbose_name="when less care will be enough")),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="review on")),
                (
                    "participation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("took_part", "The client took part"),
                            ("refused", "The client chose not to take part"),
                        ],
                        max_length=12,
                        verbose_name="participation",
                    ),
                ),
                (
                    "participation_words",
                    models.TextField(blank=True, verbose_name="how the client took part, or why not"),
                ),
                ("version_no", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("begun_at", models.DateTimeField(default=clinic.kit.clock.now)),
                (
                    "author",
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
                    "supersedes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="treatment_plans.plan",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["episode", "frozen_at"], name="plan_episode")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("frozen_at__isnull", True)),
                        fields=("episode",),
                        name="plan_one_draft_an_episode",
                    ),
                    models.UniqueConstraint(fields=("supersedes",), name="plan_superseded_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanProblem",
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
                ("text", models.CharField(max_length=240, verbose_name="problem")),
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
                        verbose_name="side",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=10, verbose_name="ICD-10-CM code")),
                ("instrument", models.CharField(blank=True, max_length=30)),
                ("source", models.CharField(blank=True, max_length=160, verbose_name="where it came from")),
                ("put_off", models.CharField(blank=True, max_length=300, verbose_name="not now, because")),
                (
                    "came_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.planproblem",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.plan",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.problem"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["plan"], name="plan_problem_plan")],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "problem"), name="plan_problem_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Goal",
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
                ("words", models.TextField(verbose_name="goal, in the client's words")),
                (
                    "came_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.goal",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.plan",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.planproblem",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["plan"], name="plan_goal_plan")],
            },
        ),
        migrations.CreateModel(
            name="Link",
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
                ("verb", models.CharField(max_length=20, verbose_name="how it acts")),
                ("how", models.CharField(max_length=300, verbose_name="for this person")),
                (
                    "came_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.link",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.plan",
                    ),
                ),
                (
                    "from_problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.planproblem",
                    ),
                ),
                (
                    "to_problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.planproblem",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["plan"], name="plan_link_plan")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_problem", models.F("to_problem")), _negated=True),
                        name="plan_link_joins_two",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Objective",
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
                ("text", models.TextField(verbose_name="objective")),
                ("instrument", models.CharField(blank=True, max_length=30, verbose_name="measured by")),
                ("counted", models.CharField(blank=True, max_length=160, verbose_name="what is counted")),
                (
                    "baseline",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=7, null=True, verbose_name="now"
                    ),
                ),
                (
                    "target",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=7, null=True, verbose_name="target"
                    ),
                ),
                ("target_on", models.DateField(blank=True, null=True, verbose_name="by")),
                (
                    "came_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.objective",
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
                    "goal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.goal",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.plan",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["plan"], name="plan_objective_plan")],
            },
        ),
        migrations.CreateModel(
            name="Intervention",
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
                ("kind", models.CharField(max_length=30, verbose_name="type")),
                ("text", models.CharField(blank=True, max_length=300, verbose_name="what")),
                ("frequency", models.CharField(blank=True, max_length=80, verbose_name="how often")),
                ("duration", models.CharField(blank=True, max_length=80, verbose_name="for how long")),
                (
                    "came_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.intervention",
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
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.link",
                    ),
                ),
                (
                    "objective",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.objective",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatment_plans.plan",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["plan"], name="plan_intervention_plan")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("objective__isnull", True), ("link__isnull", True), _connector="XOR"
                        ),
                        name="plan_intervention_for_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ObjectiveEvent",
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
                ("text", models.TextField(verbose_name="objective")),
                ("instrument", models.CharField(blank=True, max_length=30, verbose_name="measured by")),
                ("counted", models.CharField(blank=True, max_length=160, verbose_name="what is counted")),
                (
                    "baseline",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=7, null=True, verbose_name="now"
                    ),
                ),
                (
                    "target",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=7, null=True, verbose_name="target"
                    ),
                ),
                ("target_on", models.DateField(blank=True, null=True, verbose_name="by")),
                (
                    "came_from",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.objective",
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
                    "goal",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.goal",
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
                        to="treatment_plans.objective",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.plan",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="InterventionEvent",
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
                ("kind", models.CharField(max_length=30, verbose_name="type")),
                ("text", models.CharField(blank=True, max_length=300, verbose_name="what")),
                ("frequency", models.CharField(blank=True, max_length=80, verbose_name="how often")),
                ("duration", models.CharField(blank=True, max_length=80, verbose_name="for how long")),
                (
                    "came_from",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.intervention",
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
                        to="treatment_plans.intervention",
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
                (
                    "link",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.link",
                    ),
                ),
                (
                    "objective",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.objective",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.plan",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PlanEvent",
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
                ("strengths", models.TextField(blank=True, verbose_name="strengths, in the client's words")),
                ("words", models.TextField(blank=True, verbose_name="what matters most to the client")),
                ("step_down", models.TextField(blank=True, verbose_name="when less care will be enough")),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="review on")),
                (
                    "participation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("took_part", "The client took part"),
                            ("refused", "The client chose not to take part"),
                        ],
                        max_length=12,
                        verbose_name="participation",
                    ),
                ),
                (
                    "participation_words",
                    models.TextField(blank=True, verbose_name="how the client took part, or why not"),
                ),
                ("version_no", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("begun_at", models.DateTimeField(default=clinic.kit.clock.now)),
                (
                    "author",
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
                        to="treatment_plans.plan",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.plan",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LinkEvent",
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
                ("verb", models.CharField(max_length=20, verbose_name="how it acts")),
                ("how", models.CharField(max_length=300, verbose_name="for this person")),
                (
                    "came_from",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.link",
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
                        to="treatment_plans.link",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.plan",
                    ),
                ),
                (
                    "from_problem",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.planproblem",
                    ),
                ),
                (
                    "to_problem",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.planproblem",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="GoalEvent",
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
                ("words", models.TextField(verbose_name="goal, in the client's words")),
                (
                    "came_from",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.goal",
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
                        to="treatment_plans.goal",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.plan",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.planproblem",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PlanProblemEvent",
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
                ("text", models.CharField(max_length=240, verbose_name="problem")),
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
                        verbose_name="side",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=10, verbose_name="ICD-10-CM code")),
                ("instrument", models.CharField(blank=True, max_length=30)),
                ("source", models.CharField(blank=True, max_length=160, verbose_name="where it came from")),
                ("put_off", models.CharField(blank=True, max_length=300, verbose_name="not now, because")),
                (
                    "came_from",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.planproblem",
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
                        to="treatment_plans.planproblem",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="treatment_plans.plan",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="record.problem",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
