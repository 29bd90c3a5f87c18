"""What was told, coded once: `ClientFact` holds for the person, `EpisodeFact` for where it was told."""

import clinic.kit.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('record', '0005_merges_and_holds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ClientFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('topic', models.CharField(max_length=60)),
                ('about', models.CharField(blank=True, max_length=60)),
                ('answer', models.CharField(choices=[('answered', 'Answered'), ('declined', 'Prefer not to say'), ('unknown', 'Not known'), ('not_today', 'Not today'), ('withdrawn', 'Recorded in error')], max_length=10)),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('text', models.TextField(blank=True)),
                ('number', models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ('day', models.DateField(null=True)),
                ('asked_on', models.DateField()),
                ('source', models.CharField(choices=[('client', 'The client said so'), ('client_typed', 'The client answered on the screen'), ('other', 'Someone else said so'), ('record', 'From a letter or another record'), ('staff', 'Seen by staff')], default='client', max_length=12)),
                ('not_before', models.DateField(null=True)),
                ('part2', models.BooleanField(default=False)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.client')),
                ('supersedes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='record.clientfact')),
            ],
        ),
        migrations.CreateModel(
            name='ClientFactEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('topic', models.CharField(max_length=60)),
                ('about', models.CharField(blank=True, max_length=60)),
                ('answer', models.CharField(choices=[('answered', 'Answered'), ('declined', 'Prefer not to say'), ('unknown', 'Not known'), ('not_today', 'Not today'), ('withdrawn', 'Recorded in error')], max_length=10)),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('text', models.TextField(blank=True)),
                ('number', models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ('day', models.DateField(null=True)),
                ('asked_on', models.DateField()),
                ('source', models.CharField(choices=[('client', 'The client said so'), ('client_typed', 'The client answered on the screen'), ('other', 'Someone else said so'), ('record', 'From a letter or another record'), ('staff', 'Seen by staff')], default='client', max_length=12)),
                ('not_before', models.DateField(null=True)),
                ('part2', models.BooleanField(default=False)),
                ('by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.client')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='record.clientfact')),
                ('supersedes', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.clientfact')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EpisodeFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('part2', models.BooleanField(default=False)),
                ('topic', models.CharField(max_length=60)),
                ('about', models.CharField(blank=True, max_length=60)),
                ('answer', models.CharField(choices=[('answered', 'Answered'), ('declined', 'Prefer not to say'), ('unknown', 'Not known'), ('not_today', 'Not today'), ('withdrawn', 'Recorded in error')], max_length=10)),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('text', models.TextField(blank=True)),
                ('number', models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ('day', models.DateField(null=True)),
                ('asked_on', models.DateField()),
                ('source', models.CharField(choices=[('client', 'The client said so'), ('client_typed', 'The client answered on the screen'), ('other', 'Someone else said so'), ('record', 'From a letter or another record'), ('staff', 'Seen by staff')], default='client', max_length=12)),
                ('not_before', models.DateField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.client')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.episode')),
                ('supersedes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='record.episodefact')),
            ],
        ),
        migrations.CreateModel(
            name='EpisodeFactEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('part2', models.BooleanField(default=False)),
                ('topic', models.CharField(max_length=60)),
                ('about', models.CharField(blank=True, max_length=60)),
                ('answer', models.CharField(choices=[('answered', 'Answered'), ('declined', 'Prefer not to say'), ('unknown', 'Not known'), ('not_today', 'Not today'), ('withdrawn', 'Recorded in error')], max_length=10)),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('text', models.TextField(blank=True)),
                ('number', models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ('day', models.DateField(null=True)),
                ('asked_on', models.DateField()),
                ('source', models.CharField(choices=[('client', 'The client said so'), ('client_typed', 'The client answered on the screen'), ('other', 'Someone else said so'), ('record', 'From a letter or another record'), ('staff', 'Seen by staff')], default='client', max_length=12)),
                ('not_before', models.DateField(null=True)),
                ('by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.client')),
                ('episode', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.episode')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='record.episodefact')),
                ('supersedes', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.episodefact')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='clientfact',
            index=models.Index(fields=['client', 'topic'], name='client_fact_topic'),
        ),
        migrations.AddConstraint(
            model_name='clientfact',
            constraint=models.UniqueConstraint(condition=models.Q(('supersedes__isnull', True)), fields=('client', 'topic', 'about'), name='client_fact_first_once'),
        ),
        migrations.AddConstraint(
            model_name='clientfact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'answered'), models.Q(models.Q(('codes', []), _negated=True), models.Q(('text', ''), _negated=True), ('number__isnull', False), ('day__isnull', False), _connector='OR')), models.Q(models.Q(('answer', 'answered'), _negated=True), models.Q(models.Q(('codes', []), _negated=True), models.Q(('text', ''), _negated=True), ('number__isnull', False), ('day__isnull', False), _connector='OR', _negated=True)), _connector='OR'), name='client_fact_says_something'),
        ),
        migrations.AddIndex(
            model_name='episodefact',
            index=models.Index(fields=['episode', 'topic'], name='episode_fact_topic'),
        ),
        migrations.AddConstraint(
            model_name='episodefact',
            constraint=models.UniqueConstraint(condition=models.Q(('supersedes__isnull', True)), fields=('episode', 'topic', 'about'), name='episode_fact_first_once'),
        ),
        migrations.AddConstraint(
            model_name='episodefact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'answered'), models.Q(models.Q(('codes', []), _negated=True), models.Q(('text', ''), _negated=True), ('number__isnull', False), ('day__isnull', False), _connector='OR')), models.Q(models.Q(('answer', 'answered'), _negated=True), models.Q(models.Q(('codes', []), _negated=True), models.Q(('text', ''), _negated=True), ('number__isnull', False), ('day__isnull', False), _connector='OR', _negated=True)), _connector='OR'), name='episode_fact_says_something'),
        ),
    ]
