from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="OnceKey",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("actor_id", models.BigIntegerField()),
                ("location", models.CharField(blank=True, max_length=400)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]
