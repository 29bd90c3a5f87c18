from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_staff_pin'),
    ]

    operations = [
        migrations.AddField(
            model_name='staff',
            name='glass_client',
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='staff',
            name='glass_until',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
