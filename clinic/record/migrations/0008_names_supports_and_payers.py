"""Other names, the people in a life, who pays, and what the client pays in full."""

import clinic.kit.ids
import clinic.record.models.base
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('record', '0007_safe_contact_profile'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Coverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(choices=[('private', 'Private insurance'), ('medicaid', 'Medicaid'), ('medicare', 'Medicare'), ('other_government', 'Other government payer'), ('self', 'Pays by themselves'), ('no_charge', 'No charge'), ('declined', 'Prefer not to say'), ('unknown', 'Not known yet')], max_length=20, verbose_name='payer')),
                ('payer', models.CharField(blank=True, max_length=120, verbose_name='plan or company')),
                ('member_id', models.CharField(blank=True, max_length=60, verbose_name='member ID')),
                ('holder', models.CharField(blank=True, max_length=120, verbose_name='policy holder, if someone else')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.client')),
            ],
            bases=(clinic.record.models.base.Versioned, models.Model),
        ),
        migrations.CreateModel(
            name='CoverageEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(choices=[('private', 'Private insurance'), ('medicaid', 'Medicaid'), ('medicare', 'Medicare'), ('other_government', 'Other government payer'), ('self', 'Pays by themselves'), ('no_charge', 'No charge'), ('declined', 'Prefer not to say'), ('unknown', 'Not known yet')], max_length=20, verbose_name='payer')),
                ('payer', models.CharField(blank=True, max_length=120, verbose_name='plan or company')),
                ('member_id', models.CharField(blank=True, max_length=60, verbose_name='member ID')),
                ('holder', models.CharField(blank=True, max_length=120, verbose_name='policy holder, if someone else')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.client')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='record.coverage')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PersonName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('use', models.CharField(choices=[('alias', 'Alias or nickname'), ('previous', 'Previous name'), ('other_record', 'Name in another record')], max_length=12, verbose_name='use')),
                ('given_name', models.CharField(blank=True, max_length=120, verbose_name='given name')),
                ('family_name', models.CharField(blank=True, max_length=120, verbose_name='family name')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('removed', models.BooleanField(default=False)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.client')),
            ],
            bases=(clinic.record.models.base.Versioned, models.Model),
        ),
        migrations.CreateModel(
            name='PersonNameEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('use', models.CharField(choices=[('alias', 'Alias or nickname'), ('previous', 'Previous name'), ('other_record', 'Name in another record')], max_length=12, verbose_name='use')),
                ('given_name', models.CharField(blank=True, max_length=120, verbose_name='given name')),
                ('family_name', models.CharField(blank=True, max_length=120, verbose_name='family name')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('removed', models.BooleanField(default=False)),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.client')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='record.personname')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SelfPay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('part2', models.BooleanField(default=False)),
                ('service', models.CharField(blank=True, max_length=60, verbose_name='service')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('asked_on', models.DateField(verbose_name='asked on')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.client')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.episode')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            bases=(clinic.record.models.base.Versioned, models.Model),
        ),
        migrations.CreateModel(
            name='SelfPayEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('part2', models.BooleanField(default=False)),
                ('service', models.CharField(blank=True, max_length=60, verbose_name='service')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('asked_on', models.DateField(verbose_name='asked on')),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.client')),
                ('episode', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.episode')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='record.selfpay')),
                ('recorded_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Support',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('relation', models.CharField(blank=True, max_length=60, verbose_name='relation')),
                ('standing', models.CharField(choices=[('emergency', 'Emergency contact'), ('family', 'Family'), ('community', 'Friend or community'), ('guardian', 'Guardian or representative'), ('never', 'Must never be told, do not contact')], max_length=12, verbose_name='standing')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                ('may_tell', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None)),
                ('note', models.CharField(blank=True, max_length=240, verbose_name='note')),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.client')),
            ],
            bases=(clinic.record.models.base.Versioned, models.Model),
        ),
        migrations.CreateModel(
            name='SupportEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('relation', models.CharField(blank=True, max_length=60, verbose_name='relation')),
                ('standing', models.CharField(choices=[('emergency', 'Emergency contact'), ('family', 'Family'), ('community', 'Friend or community'), ('guardian', 'Guardian or representative'), ('never', 'Must never be told, do not contact')], max_length=12, verbose_name='standing')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                ('may_tell', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None)),
                ('note', models.CharField(blank=True, max_length=240, verbose_name='note')),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.client')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='record.support')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='coverage',
            index=models.Index(fields=['client'], name='coverage_client'),
        ),
        migrations.AddIndex(
            model_name='personname',
            index=models.Index(fields=['client'], name='person_name_client'),
        ),
        migrations.AddConstraint(
            model_name='personname',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('given_name', ''), _negated=True), models.Q(('family_name', ''), _negated=True), _connector='OR'), name='person_name_says_something'),
        ),
        migrations.AddIndex(
            model_name='selfpay',
            index=models.Index(fields=['episode', 'starts_on'], name='self_pay_episode'),
        ),
        migrations.AddIndex(
            model_name='support',
            index=models.Index(fields=['client'], name='support_client'),
        ),
        migrations.AddConstraint(
            model_name='support',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('standing', 'never'), _negated=True), ('may_tell', []), _connector='OR'), name='support_never_told'),
        ),
    ]
