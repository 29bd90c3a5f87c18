from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_first")]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="pin",
            field=models.CharField(blank=True, max_length=128),
        ),
    ]
