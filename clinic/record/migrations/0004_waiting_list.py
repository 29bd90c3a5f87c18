import clinic.kit.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0003_outside_records'),
    ]

    operations = [
        migrations.CreateModel(
            name='InterimContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('part2', models.BooleanField(default=False)),
                ('on', models.DateField(verbose_name='date')),
                ('how', models.CharField(choices=[('visit', 'In person'), ('phone', 'By phone'), ('message', 'Text or e-mail'), ('not_reached', 'Tried, not reached')], max_length=12, verbose_name='how')),
                ('words', models.CharField(max_length=300, verbose_name='what was done')),
            ],
        ),
        migrations.CreateModel(
            name='InterimContactEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('part2', models.BooleanField(default=False)),
                ('on', models.DateField(verbose_name='date')),
                ('how', models.CharField(choices=[('visit', 'In person'), ('phone', 'By phone'), ('message', 'Text or e-mail'), ('not_reached', 'Tried, not reached')], max_length=12, verbose_name='how')),
                ('words', models.CharField(max_length=300, verbose_name='what was done')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WaitingPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('part2', models.BooleanField(default=False)),
                ('asked_on', models.DateField(verbose_name='asked on')),
                ('priority', models.CharField(choices=[('pregnant_injecting', 'Pregnant and injecting'), ('pregnant', 'Pregnant'), ('injecting', 'Injecting'), ('standard', 'Standard')], default='standard', max_length=20, verbose_name='priority')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='what matters')),
                ('standing', models.CharField(choices=[('waiting', 'Waiting'), ('offered', 'A place is offered'), ('admitted', 'Admitted'), ('declined', 'Declined the place'), ('withdrawn', 'No longer wants to come'), ('lost', 'Could not be reached')], default='waiting', max_length=12)),
                ('offered_on', models.DateField(blank=True, null=True, verbose_name='offered on')),
                ('offered_for', models.DateField(blank=True, null=True, verbose_name='place from')),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('closed_words', models.CharField(blank=True, max_length=300, verbose_name='in words')),
            ],
        ),
        migrations.CreateModel(
            name='WaitingPlaceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('part2', models.BooleanField(default=False)),
                ('asked_on', models.DateField(verbose_name='asked on')),
                ('priority', models.CharField(choices=[('pregnant_injecting', 'Pregnant and injecting'), ('pregnant', 'Pregnant'), ('injecting', 'Injecting'), ('standard', 'Standard')], default='standard', max_length=20, verbose_name='priority')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='what matters')),
                ('standing', models.CharField(choices=[('waiting', 'Waiting'), ('offered', 'A place is offered'), ('admitted', 'Admitted'), ('declined', 'Declined the place'), ('withdrawn', 'No longer wants to come'), ('lost', 'Could not be reached')], default='waiting', max_length=12)),
                ('offered_on', models.DateField(blank=True, null=True, verbose_name='offered on')),
                ('offered_for', models.DateField(blank=True, null=True, verbose_name='place from')),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('closed_words', models.CharField(blank=True, max_length=300, verbose_name='in words')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='interimcontact',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='interimcontact',
            name='client',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.client'),
        ),
        migrations.AddField(
            model_name='interimcontact',
            name='episode',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.episode'),
        ),
        migrations.AddField(
            model_name='interimcontactevent',
            name='by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='interimcontactevent',
            name='client',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.client'),
        ),
        migrations.AddField(
            model_name='interimcontactevent',
            name='episode',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.episode'),
        ),
        migrations.AddField(
            model_name='interimcontactevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='interimcontactevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='record.interimcontact'),
        ),
        migrations.AddField(
            model_name='waitingplace',
            name='client',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.client'),
        ),
        migrations.AddField(
            model_name='waitingplace',
            name='episode',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.episode'),
        ),
        migrations.AddField(
            model_name='interimcontactevent',
            name='place',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.waitingplace'),
        ),
        migrations.AddField(
            model_name='interimcontact',
            name='place',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='record.waitingplace'),
        ),
        migrations.AddField(
            model_name='waitingplaceevent',
            name='client',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.client'),
        ),
        migrations.AddField(
            model_name='waitingplaceevent',
            name='episode',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.episode'),
        ),
        migrations.AddField(
            model_name='waitingplaceevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='waitingplaceevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='record.waitingplace'),
        ),
        migrations.AddIndex(
            model_name='waitingplace',
            index=models.Index(fields=['episode', 'asked_on'], name='waiting_place_episode'),
        ),
        migrations.AddConstraint(
            model_name='waitingplace',
            constraint=models.UniqueConstraint(condition=models.Q(('standing__in', ['waiting', 'offered'])), fields=('episode',), name='waiting_place_once'),
        ),
        migrations.AddIndex(
            model_name='interimcontact',
            index=models.Index(fields=['episode', 'on'], name='interim_contact_episode'),
        ),
    ]
