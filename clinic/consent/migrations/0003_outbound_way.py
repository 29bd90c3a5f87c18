"""By which way a message leaves: mail or text."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0002_outbound_not_after'),
    ]

    operations = [
        migrations.AddField(
            model_name='outbound',
            name='way',
            field=models.CharField(choices=[('email', 'E-mail'), ('sms', 'Text message')], default='email', max_length=5),
        ),
        migrations.AddField(
            model_name='outboundevent',
            name='way',
            field=models.CharField(choices=[('email', 'E-mail'), ('sms', 'Text message')], default='email', max_length=5),
        ),
        migrations.AlterField(
            model_name='outbound',
            name='address',
            field=models.CharField(max_length=254),
        ),
        migrations.AlterField(
            model_name='outboundevent',
            name='address',
            field=models.CharField(max_length=254),
        ),
    ]
