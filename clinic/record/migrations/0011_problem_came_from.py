from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0010_sharing'),
    ]

    operations = [
        migrations.AddField(
            model_name='problem',
            name='came_from',
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='problemevent',
            name='came_from',
            field=models.UUIDField(editable=False, null=True),
        ),
    ]
