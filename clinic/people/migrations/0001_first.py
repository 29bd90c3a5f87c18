import clinic.kit.ids
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clinic.kit.tables import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        django.contrib.postgres.operations.TrigramExtension(
        ),
        django.contrib.postgres.operations.UnaccentExtension(
        ),
        django.contrib.postgres.operations.CreateExtension(
            name='fuzzystrmatch',
        ),
        CreateModels([
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('neutral_name', models.CharField(help_text='Says nothing about what kind of clinic this is.', max_length=60, verbose_name='name on messages')),
                ('zone', models.CharField(default='America/New_York', max_length=60, verbose_name='time zone')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='address')),
            ],
        ),
        migrations.CreateModel(
            name='Program',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('kind', models.CharField(choices=[('sud', 'Substance use'), ('mental_health', 'Mental health'), ('integrated', 'Integrated')], max_length=20, verbose_name='kind')),
                ('part2', models.BooleanField(default=False, verbose_name='42 CFR Part 2 program')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.site')),
            ],
        ),
        migrations.CreateModel(
            name='Staff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('public_id', models.UUIDField(default=clinic.kit.ids.new_public_id, editable=False, unique=True)),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                ('given_name', models.CharField(max_length=80, verbose_name='given name')),
                ('family_name', models.CharField(max_length=80, verbose_name='family name')),
                ('credential', models.CharField(blank=True, max_length=40, verbose_name='credential')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.site')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('joined_at', models.DateTimeField(auto_now_add=True)),
                ('pin', models.CharField(blank=True, max_length=128)),
                ('glass_until', models.DateTimeField(editable=False, null=True)),
                ('glass_client', models.UUIDField(editable=False, null=True)),
                ('sign_ins_ended', models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ClinicSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('value', models.JSONField()),
                ('holds_from', models.DateTimeField()),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['name', '-holds_from'], name='setting_newest')],
            },
        ),
        migrations.CreateModel(
            name='OnCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.program')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('starts_at', models.DateTimeField()),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['program', '-starts_at'], name='on_call_newest')],
            },
        ),
        migrations.CreateModel(
            name='ProgramRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='program_roles', to=settings.AUTH_USER_MODEL)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='people.program')),
                ('role', models.CharField(choices=[('clinician', 'Clinician'), ('prescriber', 'Nurse or prescriber'), ('peer', 'Peer specialist'), ('front_desk', 'Front desk'), ('intake', 'Intake'), ('supervisor', 'Supervisor'), ('privacy', 'Privacy officer'), ('administrator', 'Administrator')], max_length=20, verbose_name='role')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('staff', '='), ('program', '='), ('role', '='), (models.Func(models.F('starts_on'), models.F('ends_on'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='program_role_once')],
            },
        ),
        migrations.CreateModel(
            name='Supervision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('supervisor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supervises', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supervised_by', to=settings.AUTH_USER_MODEL)),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('supervisor', '='), ('staff', '='), (models.Func(models.F('starts_on'), models.F('ends_on'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='supervision_once')],
            },
        ),
        ]),
    ]
