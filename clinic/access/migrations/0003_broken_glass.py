import clinic.kit.ids
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0002_handover'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('record', '0001_first'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BrokenGlass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('why', models.CharField(choices=[('medical', 'Medical emergency'), ('danger', 'Danger to the client or to someone else'), ('covering', 'Covering for a colleague who cannot be reached'), ('other', 'Another reason')], max_length=12, verbose_name='reason')),
                ('words', models.CharField(max_length=400, verbose_name='in words')),
                ('opened_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('right', 'It was right'), ('talked', 'Talked over with the person'), ('reported', 'Not right: taken further')], max_length=10, verbose_name='outcome')),
                ('outcome_words', models.CharField(blank=True, max_length=400, verbose_name='what was found')),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.client')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='BrokenGlassEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('why', models.CharField(choices=[('medical', 'Medical emergency'), ('danger', 'Danger to the client or to someone else'), ('covering', 'Covering for a colleague who cannot be reached'), ('other', 'Another reason')], max_length=12, verbose_name='reason')),
                ('words', models.CharField(max_length=400, verbose_name='in words')),
                ('opened_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('right', 'It was right'), ('talked', 'Talked over with the person'), ('reported', 'Not right: taken further')], max_length=10, verbose_name='outcome')),
                ('outcome_words', models.CharField(blank=True, max_length=400, verbose_name='what was found')),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.client')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='access.brokenglass')),
                ('reviewed_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='brokenglass',
            index=models.Index(fields=['client', 'staff'], name='broken_glass_client'),
        ),
        migrations.AddIndex(
            model_name='brokenglass',
            index=models.Index(fields=['staff', 'opened_at'], name='broken_glass_staff'),
        ),
        migrations.AddConstraint(
            model_name='brokenglass',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('staff', '='), (models.Func(models.F('opened_at'), django.db.models.functions.comparison.Coalesce(models.F('closed_at'), models.F('until')), models.Value('[)'), function='tstzrange', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='broken_glass_one_client'),
        ),
    ]
