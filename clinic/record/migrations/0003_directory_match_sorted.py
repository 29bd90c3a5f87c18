"""The index of the duplicate search is kept sorted: no search reads through what was just added."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0002_problem_specifiers"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="directory",
            name="directory_match",
        ),
        migrations.AddIndex(
            model_name="directory",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["match_keys"], name="directory_match"
            ),
        ),
    ]
