import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Two colleagues may have begun one form of one set, each for themselves. The newer answers are the set's from now on; the
# older stay with whoever wrote them, outside the set, and nothing is lost.
ONE_EACH = """
set constraints all immediate;
update screening_answering a set sitting_id = null where a.sitting_id is not null and exists (
  select from screening_answering b where b.sitting_id = a.sitting_id and b.instrument = a.instrument
  and (b.saved_at, b.id) > (a.saved_at, a.id));
set constraints all deferred;
"""
BACK = """
set constraints all immediate;
update screening_answering a set staff_id = s.started_by_id from screening_sitting s
  where s.id = a.sitting_id and a.staff_id is null;
set constraints all deferred;
"""


class Migration(migrations.Migration):
    dependencies = [
        ('record', '0005_merges_and_holds'),
        ('screening', '0003_responses_to_what_is_there'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='answering',
            name='answering_once',
        ),
        migrations.RunSQL(ONE_EACH, BACK),
        migrations.AddField(
            model_name='answering',
            name='instrument_version',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AlterField(
            model_name='answering',
            name='mode',
            field=models.CharField(choices=[('staff', 'Asked by staff'), ('paper', 'Filled in on paper'), ('tablet', 'Answered on our tablet'), ('link', 'Answered by a link'), ('imported', 'Imported')], default='staff', max_length=10),
        ),
        migrations.AlterField(
            model_name='answering',
            name='staff',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='screen',
            name='mode',
            field=models.CharField(choices=[('staff', 'Asked by staff'), ('paper', 'Filled in on paper'), ('tablet', 'Answered on our tablet'), ('link', 'Answered by a link'), ('imported', 'Imported')], default='staff', max_length=10),
        ),
        migrations.AlterField(
            model_name='screenevent',
            name='mode',
            field=models.CharField(choices=[('staff', 'Asked by staff'), ('paper', 'Filled in on paper'), ('tablet', 'Answered on our tablet'), ('link', 'Answered by a link'), ('imported', 'Imported')], default='staff', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='answering',
            constraint=models.UniqueConstraint(condition=models.Q(('sitting__isnull', True)), fields=('episode', 'staff', 'instrument'), name='answering_once'),
        ),
        migrations.AddConstraint(
            model_name='answering',
            constraint=models.UniqueConstraint(condition=models.Q(('sitting__isnull', False)), fields=('sitting', 'instrument'), name='answering_once_in_a_set'),
        ),
        migrations.AddConstraint(
            model_name='answering',
            constraint=models.CheckConstraint(condition=models.Q(('staff__isnull', False), ('sitting__isnull', False), _connector='OR'), name='answering_of_someone'),
        ),
    ]
