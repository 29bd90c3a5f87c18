from django.db import migrations

# The newest screen of each instrument that counts, where it is positive: it waits for an answer from now on.
OPEN = """
with newest as (
    select distinct on (s.episode_id, s.instrument) s.*
    from screening_screen s
    where not exists (select from screening_screen c where c.corrects_id = s.id)
      and not exists (select from screening_screenerror e where e.screen_id = s.id)
    order by s.episode_id, s.instrument, s.taken_on desc, s.id desc
), opened as (
    insert into screening_screenresponse
        (public_id, version, created_at, client_id, episode_id, part2, instrument, screen_id, why, since, opened_at,
         state, reason, names_words)
    select gen_random_uuid(), 1, now(), client_id, episode_id, part2, instrument, id, 'positive', taken_on, now(),
           'open', '', ''
    from newest where positive
    returning *
)
insert into screening_responsestep
    (public_id, version, created_at, client_id, episode_id, part2, response_id, screen_id, state, reason, names_words, at)
select gen_random_uuid(), 1, now(), client_id, episode_id, part2, id, screen_id, 'open', '', '', now() from opened
"""


class Migration(migrations.Migration):
    dependencies = [("screening", "0002_screen_response")]

    operations = [migrations.RunSQL(OPEN, migrations.RunSQL.noop)]
