import clinic.kit.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0002_how_episodes_end'),
    ]

    operations = [
        migrations.CreateModel(
            name='Imported',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('system', models.CharField(max_length=120)),
                ('resource', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=160)),
                ('row', models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ImportedEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('system', models.CharField(max_length=120)),
                ('resource', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=160)),
                ('row', models.UUIDField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='allergy',
            name='code',
            field=models.CharField(blank=True, db_default='', max_length=20, verbose_name='code'),
        ),
        migrations.AddField(
            model_name='allergy',
            name='code_system',
            field=models.CharField(blank=True, db_default='', max_length=120, verbose_name='whose code'),
        ),
        migrations.AddField(
            model_name='allergy',
            name='starts_on',
            field=models.DateField(blank=True, null=True, verbose_name='since'),
        ),
        migrations.AddField(
            model_name='allergyevent',
            name='code',
            field=models.CharField(blank=True, db_default='', max_length=20, verbose_name='code'),
        ),
        migrations.AddField(
            model_name='allergyevent',
            name='code_system',
            field=models.CharField(blank=True, db_default='', max_length=120, verbose_name='whose code'),
        ),
        migrations.AddField(
            model_name='allergyevent',
            name='starts_on',
            field=models.DateField(blank=True, null=True, verbose_name='since'),
        ),
        migrations.AddField(
            model_name='encounter',
            name='outside',
            field=models.CharField(blank=True, db_default='', max_length=240, verbose_name='with whom and where'),
        ),
        migrations.AddField(
            model_name='encounterevent',
            name='outside',
            field=models.CharField(blank=True, db_default='', max_length=240, verbose_name='with whom and where'),
        ),
        migrations.AddField(
            model_name='medication',
            name='code',
            field=models.CharField(blank=True, db_default='', max_length=20, verbose_name='code'),
        ),
        migrations.AddField(
            model_name='medication',
            name='code_system',
            field=models.CharField(blank=True, db_default='', max_length=120, verbose_name='whose code'),
        ),
        migrations.AddField(
            model_name='medication',
            name='outside',
            field=models.CharField(blank=True, db_default='', max_length=240, verbose_name='who prescribed it'),
        ),
        migrations.AddField(
            model_name='medicationevent',
            name='code',
            field=models.CharField(blank=True, db_default='', max_length=20, verbose_name='code'),
        ),
        migrations.AddField(
            model_name='medicationevent',
            name='code_system',
            field=models.CharField(blank=True, db_default='', max_length=120, verbose_name='whose code'),
        ),
        migrations.AddField(
            model_name='medicationevent',
            name='outside',
            field=models.CharField(blank=True, db_default='', max_length=240, verbose_name='who prescribed it'),
        ),
        migrations.AddField(
            model_name='problem',
            name='code_system',
            field=models.CharField(blank=True, db_default='', max_length=120, verbose_name='whose code'),
        ),
        migrations.AddField(
            model_name='problemevent',
            name='code_system',
            field=models.CharField(blank=True, db_default='', max_length=120, verbose_name='whose code'),
        ),
        migrations.AlterField(
            model_name='allergy',
            name='substance',
            field=models.CharField(max_length=160, verbose_name='substance'),
        ),
        migrations.AlterField(
            model_name='allergyevent',
            name='substance',
            field=models.CharField(max_length=160, verbose_name='substance'),
        ),
        migrations.AlterField(
            model_name='encounter',
            name='service',
            field=models.CharField(max_length=160, verbose_name='service'),
        ),
        migrations.AlterField(
            model_name='encounter',
            name='site',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.site'),
        ),
        migrations.AlterField(
            model_name='encounter',
            name='staff',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='encounterevent',
            name='service',
            field=models.CharField(max_length=160, verbose_name='service'),
        ),
        migrations.AlterField(
            model_name='encounterevent',
            name='site',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='people.site'),
        ),
        migrations.AlterField(
            model_name='encounterevent',
            name='staff',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='medication',
            name='dose',
            field=models.CharField(blank=True, max_length=240, verbose_name='dose'),
        ),
        migrations.AlterField(
            model_name='medication',
            name='name',
            field=models.CharField(max_length=240, verbose_name='medication'),
        ),
        migrations.AlterField(
            model_name='medicationevent',
            name='dose',
            field=models.CharField(blank=True, max_length=240, verbose_name='dose'),
        ),
        migrations.AlterField(
            model_name='medicationevent',
            name='name',
            field=models.CharField(max_length=240, verbose_name='medication'),
        ),
        migrations.AlterField(
            model_name='problem',
            name='code',
            field=models.CharField(blank=True, max_length=20, verbose_name='code'),
        ),
        migrations.AlterField(
            model_name='problem',
            name='recorded_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='problemevent',
            name='code',
            field=models.CharField(blank=True, max_length=20, verbose_name='code'),
        ),
        migrations.AlterField(
            model_name='problemevent',
            name='recorded_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='imported',
            name='client',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.client'),
        ),
        migrations.AddField(
            model_name='importedevent',
            name='client',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.client'),
        ),
        migrations.AddField(
            model_name='importedevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='importedevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='record.imported'),
        ),
        migrations.AddConstraint(
            model_name='imported',
            constraint=models.UniqueConstraint(fields=('client', 'system', 'resource', 'key'), name='imported_once'),
        ),
    ]
