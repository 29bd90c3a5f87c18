import clinic.audit.models
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from clinic.kit.tables import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('n', models.BigIntegerField(primary_key=True, serialize=False)),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('rows', models.IntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('mac', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_default=clinic.audit.models.ClockTimestamp())),
            ],
        ),
        migrations.CreateModel(
            name='Sealed',
            fields=[
                ('ledger_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('n', models.BigIntegerField(db_index=True)),
                ('hash', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='LedgerRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=clinic.audit.models.ClockTimestamp())),
                ('actor_kind', models.CharField(max_length=12)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('actor_name', models.CharField(blank=True, max_length=60)),
                ('act', models.CharField(max_length=80)),
                ('outcome', models.CharField(choices=[('done', 'Done'), ('granted', 'Granted'), ('refused', 'Refused'), ('later', 'Later')], max_length=10)),
                ('clients', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('episodes', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('basis', models.CharField(blank=True, max_length=120)),
                ('route', models.CharField(blank=True, max_length=120)),
                ('object_kind', models.CharField(blank=True, max_length=60)),
                ('object_id', models.CharField(blank=True, max_length=64)),
                ('look', models.BigIntegerField(null=True)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['clients'], name='ledger_clients'), models.Index(fields=['actor_id', 'at'], name='ledger_actor'), models.Index(fields=['at'], name='ledger_at')],
            },
        ),
        ]),
    ]
