import clinic.kit.ids
import clinic.record.models.base
import django.db.models.deletion
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
            name='Ask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.client')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.episode')),
                ('part2', models.BooleanField(default=False)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('words', models.CharField(max_length=400, verbose_name='what is asked')),
                ('due_on', models.DateField(verbose_name='by')),
                ('asked_on', models.DateField()),
                ('answered_on', models.DateField(null=True)),
                ('answer', models.CharField(blank=True, max_length=400, verbose_name='answer')),
            ],
            options={
                'indexes': [models.Index(fields=['episode', 'answered_on'], name='ask_episode')],
            },
            bases=(clinic.record.models.base.Versioned, models.Model),
        ),
        migrations.CreateModel(
            name='AskEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='caseload.ask')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.client')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('episode', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.episode')),
                ('part2', models.BooleanField(default=False)),
                ('asked_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('to', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('words', models.CharField(max_length=400, verbose_name='what is asked')),
                ('due_on', models.DateField(verbose_name='by')),
                ('asked_on', models.DateField()),
                ('answered_on', models.DateField(null=True)),
                ('answer', models.CharField(blank=True, max_length=400, verbose_name='answer')),
            ],
            options={
                'abstract': False,
            },
        ),
        ]),
    ]
