import clinic.kit.ids
import clinic.record.models.base
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clinic.kit.tables import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('consent', '0001_first'),
        ('people', '0001_first'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('record', '0001_first'),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.client')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.episode')),
                ('part2', models.BooleanField(default=False)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.recipient')),
                ('reason', models.TextField(verbose_name='reason')),
                ('purpose', models.CharField(choices=[('treatment', 'Treatment, and working together on it'), ('payment', 'Payment'), ('operations', 'Health care operations'), ('at_request', "At the client's own request"), ('proceeding', 'A legal proceeding')], default='treatment', max_length=20, verbose_name='purpose')),
                ('urgency', models.CharField(choices=[('routine', 'Routine'), ('soon', 'Within a week'), ('urgent', 'Within a day')], default='routine', max_length=10, verbose_name='how soon')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_on', models.DateField()),
                ('chosen', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, size=None)),
                ('answers', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('packet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.packet')),
                ('status', models.CharField(choices=[('draft', 'Not sent yet'), ('sent', 'Sent'), ('received', 'Received'), ('booked', 'Visit booked'), ('seen', 'Seen there'), ('report_back', 'Report is back'), ('closed', 'Closed')], default='draft', max_length=12)),
                ('since', models.DateField()),
                ('sent_on', models.DateField(null=True)),
                ('next_due_on', models.DateField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['episode', 'made_on'], name='referral_episode'), models.Index(condition=models.Q(('status', 'closed'), _negated=True), fields=['since'], name='referral_open')],
            },
            bases=(clinic.record.models.base.Versioned, models.Model),
        ),
        migrations.CreateModel(
            name='ReferralEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='follow_up.referral')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.client')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('episode', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.episode')),
                ('part2', models.BooleanField(default=False)),
                ('recipient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='consent.recipient')),
                ('reason', models.TextField(verbose_name='reason')),
                ('purpose', models.CharField(choices=[('treatment', 'Treatment, and working together on it'), ('payment', 'Payment'), ('operations', 'Health care operations'), ('at_request', "At the client's own request"), ('proceeding', 'A legal proceeding')], default='treatment', max_length=20, verbose_name='purpose')),
                ('urgency', models.CharField(choices=[('routine', 'Routine'), ('soon', 'Within a week'), ('urgent', 'Within a day')], default='routine', max_length=10, verbose_name='how soon')),
                ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_on', models.DateField()),
                ('chosen', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, size=None)),
                ('answers', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('packet', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='consent.packet')),
                ('status', models.CharField(choices=[('draft', 'Not sent yet'), ('sent', 'Sent'), ('received', 'Received'), ('booked', 'Visit booked'), ('seen', 'Seen there'), ('report_back', 'Report is back'), ('closed', 'Closed')], default='draft', max_length=12)),
                ('since', models.DateField()),
                ('sent_on', models.DateField(null=True)),
                ('next_due_on', models.DateField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReferralStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.client')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.episode')),
                ('part2', models.BooleanField(default=False)),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='follow_up.referral')),
                ('step', models.CharField(choices=[('draft', 'Not sent yet'), ('sent', 'Sent'), ('received', 'Received'), ('booked', 'Visit booked'), ('seen', 'Seen there'), ('report_back', 'Report is back'), ('closed', 'Closed')], max_length=12)),
                ('on', models.DateField()),
                ('note', models.CharField(blank=True, max_length=400)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('booked_for', models.DateField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['referral'], name='referral_step')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('step', 'closed'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='referral_closed_with_reason')],
            },
            bases=(clinic.record.models.base.Versioned, models.Model),
        ),
        migrations.CreateModel(
            name='ReferralStepEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='follow_up.referralstep')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.client')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('episode', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.episode')),
                ('part2', models.BooleanField(default=False)),
                ('referral', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='follow_up.referral')),
                ('step', models.CharField(choices=[('draft', 'Not sent yet'), ('sent', 'Sent'), ('received', 'Received'), ('booked', 'Visit booked'), ('seen', 'Seen there'), ('report_back', 'Report is back'), ('closed', 'Closed')], max_length=12)),
                ('on', models.DateField()),
                ('note', models.CharField(blank=True, max_length=400)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('booked_for', models.DateField(null=True)),
                ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        ]),
    ]
