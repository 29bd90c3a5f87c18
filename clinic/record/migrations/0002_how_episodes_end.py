import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_glass_of_staff'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('record', '0001_first'),
    ]

    operations = [
        migrations.AddField(
            model_name='episode',
            name='asked_on',
            field=models.DateField(blank=True, null=True, verbose_name='first asked'),
        ),
        migrations.AddField(
            model_name='episode',
            name='ended_words',
            field=models.CharField(blank=True, db_default='', max_length=400, verbose_name='in words'),
        ),
        migrations.AddField(
            model_name='episode',
            name='follows',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.episode'),
        ),
        migrations.AddField(
            model_name='episode',
            name='waiting',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='episodeevent',
            name='asked_on',
            field=models.DateField(blank=True, null=True, verbose_name='first asked'),
        ),
        migrations.AddField(
            model_name='episodeevent',
            name='ended_words',
            field=models.CharField(blank=True, db_default='', max_length=400, verbose_name='in words'),
        ),
        migrations.AddField(
            model_name='episodeevent',
            name='follows',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='record.episode'),
        ),
        migrations.AddField(
            model_name='episodeevent',
            name='waiting',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='levelofcare',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='levelofcare',
            name='recommended',
            field=models.CharField(blank=True, db_default='', max_length=20, verbose_name='recommended'),
        ),
        migrations.AddField(
            model_name='levelofcareevent',
            name='decided_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='levelofcareevent',
            name='recommended',
            field=models.CharField(blank=True, db_default='', max_length=20, verbose_name='recommended'),
        ),
        migrations.AlterField(
            model_name='episode',
            name='reason_ended',
            field=models.CharField(blank=True, choices=[('completed', 'Treatment completed'), ('left', 'Left before it was completed'), ('ended_by_program', 'Ended by the program'), ('transferred', 'Went on in another program or with another provider'), ('incarcerated', 'In jail or prison'), ('died', 'Died'), ('other', 'Other'), ('not_admitted', 'Never admitted: left the waiting list')], max_length=60, verbose_name='reason ended'),
        ),
        migrations.AlterField(
            model_name='episodeevent',
            name='reason_ended',
            field=models.CharField(blank=True, choices=[('completed', 'Treatment completed'), ('left', 'Left before it was completed'), ('ended_by_program', 'Ended by the program'), ('transferred', 'Went on in another program or with another provider'), ('incarcerated', 'In jail or prison'), ('died', 'Died'), ('other', 'Other'), ('not_admitted', 'Never admitted: left the waiting list')], max_length=60, verbose_name='reason ended'),
        ),
        migrations.AddConstraint(
            model_name='levelofcare',
            constraint=models.CheckConstraint(condition=models.Q(('recommended', ''), ('recommended', models.F('level')), models.Q(('reason', ''), _negated=True), _connector='OR'), name='level_of_care_differs_with_reason'),
        ),
    ]
