"""Structured safe hours, the sender to show, mail as a way, and when texts were agreed to."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0006_coded_facts'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='may_mail',
            field=models.BooleanField(default=False, verbose_name='may send mail'),
        ),
        migrations.AddField(
            model_name='contact',
            name='safe_days',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='contact',
            name='safe_from',
            field=models.TimeField(blank=True, null=True, verbose_name='safe from'),
        ),
        migrations.AddField(
            model_name='contact',
            name='safe_until',
            field=models.TimeField(blank=True, null=True, verbose_name='safe until'),
        ),
        migrations.AddField(
            model_name='contact',
            name='show_as',
            field=models.CharField(blank=True, max_length=60, verbose_name='sender to show'),
        ),
        migrations.AddField(
            model_name='contact',
            name='texts_agreed_on',
            field=models.DateField(blank=True, null=True, verbose_name='agreed to texts on'),
        ),
        migrations.AddField(
            model_name='contact',
            name='zone',
            field=models.CharField(blank=True, max_length=60, verbose_name='time zone'),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='may_mail',
            field=models.BooleanField(default=False, verbose_name='may send mail'),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='safe_days',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='safe_from',
            field=models.TimeField(blank=True, null=True, verbose_name='safe from'),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='safe_until',
            field=models.TimeField(blank=True, null=True, verbose_name='safe until'),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='show_as',
            field=models.CharField(blank=True, max_length=60, verbose_name='sender to show'),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='texts_agreed_on',
            field=models.DateField(blank=True, null=True, verbose_name='agreed to texts on'),
        ),
        migrations.AddField(
            model_name='contactevent',
            name='zone',
            field=models.CharField(blank=True, max_length=60, verbose_name='time zone'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='channel',
            field=models.CharField(choices=[('phone', 'Phone'), ('email', 'E-mail'), ('mail', 'Mail')], max_length=10, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='hours',
            field=models.CharField(blank=True, max_length=80, verbose_name='about the times'),
        ),
        migrations.AlterField(
            model_name='contactevent',
            name='channel',
            field=models.CharField(choices=[('phone', 'Phone'), ('email', 'E-mail'), ('mail', 'Mail')], max_length=10, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='contactevent',
            name='hours',
            field=models.CharField(blank=True, max_length=80, verbose_name='about the times'),
        ),
    ]
