import clinic.kit.ids
import clinic.record.models.base
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

from clinic.kit.tables import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_first'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('record', '0001_first'),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='BrokenGlass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.client')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('why', models.CharField(choices=[('medical', 'Medical emergency'), ('danger', 'Danger to the client or to someone else'), ('covering', 'Covering for a colleague who cannot be reached'), ('other', 'Another reason')], max_length=12, verbose_name='reason')),
                ('words', models.CharField(max_length=400, verbose_name='in words')),
                ('opened_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('right', 'It was right'), ('talked', 'Talked over with the person'), ('reported', 'Not right: taken further')], max_length=10, verbose_name='outcome')),
                ('outcome_words', models.CharField(blank=True, max_length=400, verbose_name='what was found')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewed_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['client', 'staff'], name='broken_glass_client'), models.Index(fields=['staff', 'opened_at'], name='broken_glass_staff')],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('staff', '='), (models.Func(models.F('opened_at'), django.db.models.functions.comparison.Coalesce(models.F('closed_at'), models.F('until')), models.Value('[)'), function='tstzrange', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='broken_glass_one_client')],
            },
            bases=(clinic.record.models.base.Versioned, models.Model),
        ),
        migrations.CreateModel(
            name='BrokenGlassEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='access.brokenglass')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.client')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('staff', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('why', models.CharField(choices=[('medical', 'Medical emergency'), ('danger', 'Danger to the client or to someone else'), ('covering', 'Covering for a colleague who cannot be reached'), ('other', 'Another reason')], max_length=12, verbose_name='reason')),
                ('words', models.CharField(max_length=400, verbose_name='in words')),
                ('opened_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('right', 'It was right'), ('talked', 'Talked over with the person'), ('reported', 'Not right: taken further')], max_length=10, verbose_name='outcome')),
                ('outcome_words', models.CharField(blank=True, max_length=400, verbose_name='what was found')),
                ('reviewed_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewed_at', models.DateTimeField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('browser_hash', models.CharField(blank=True, max_length=64)),
                ('client', models.UUIDField()),
                ('episode_id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('thing', models.UUIDField()),
                ('way', models.CharField(choices=[('tablet', 'Tablet'), ('link', 'Link')], max_length=10)),
                ('language', models.CharField(default='en', max_length=5)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ending', models.CharField(blank=True, choices=[('done', 'Done'), ('given_back', 'Given Back'), ('idle', 'Idle'), ('withdrawn', 'Withdrawn'), ('tries', 'Tries'), ('not_today', 'Not Today')], max_length=12)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['thing'], name='handover_thing')],
            },
        ),
        migrations.CreateModel(
            name='OnceKey',
            fields=[
                ('key', models.UUIDField(primary_key=True, serialize=False)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('location', models.CharField(blank=True, max_length=400)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        ]),
    ]
