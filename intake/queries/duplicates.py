"""Who may be the same person: the one query that the registration box and `find_duplicates` both run.

Each field's agreement or disagreement counts for so many bits of evidence, log2 of how much likelier it is between
two records of one person than between two of different people (I. P. Fellegi, A. B. Sunter, "A theory for record
linkage", 1969). A name counts for more the rarer it is in the directory. The bits of all fields, less the odds
against any two records being one person (log2 of the directory's size), decide whether registration warns.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from clinic.record.rules import DirectoryKeys

DIRECTORY = "record_directory"

# Warn from 32:1 that two records are one person.
ALERT_BITS = 5
# Years between two birth dates that no mistake explains.
GENERATION = 14
# What a name and a birth date must say without help from the address and the family name.
PERSON_BITS = 3
# Below that nobody is warned of, in the smallest directory: what tells twins apart need not be asked.
NOT_ALONE = 15
# So many people bear a name, and nobody counts on.
MOST_BEARERS = 200


class Cursor(Protocol):
    def execute(self, query: Any, params: Any = None, /) -> Any: ...
    def fetchall(self) -> list[Any]: ...


@dataclass(frozen=True)
class Match:
    """One possible duplicate. `score` is bits of evidence; `alert`: registration warns; `why`: codes, best known first."""

    probe: int
    client_id: int
    score: float
    alert: bool
    why: list[str]


def _typos(one: str, other: str) -> str:
    """Edits between two keys, a letter out of place counting as one; null where one is missing, 3 for "more than 2"."""
    # Where a changed letter costs 2, only one taken out and put back elsewhere still costs 2 in all.
    return f"""case
        when {one} = '' or {other} = '' then null
        when {one} = {other} then 0
        when abs(length({one}) - length({other})) > 2 then 3
        when length({one}) = length({other}) and levenshtein_less_equal({one}, {other}, 1, 1, 2, 2) = 2 then 1
        else least(3, levenshtein_less_equal({one}, {other}, 2)) end"""


def _likeness(field: str, typos: str) -> str:
    """How alike two names are, as a word. Short names need fewer typos to become other names."""
    mine, theirs = f"p.{field}_key", f"c.{field}_key"
    shorter = f"least(length({mine}), length({theirs}))"
    return f"""case
        when {mine} = '' or {theirs} = '' then 'unknown'
        when {typos} = 0 then 'same'
        when p.{field}_forms && c.{field}_forms then 'known_as'
        when {typos} = 1 and {shorter} >= 3 then 'typo'
        when {typos} = 2 and {shorter} >= 5 then 'typos'
        when p.{field}_sound = c.{field}_sound and length(p.{field}_sound) > 1 and {shorter} >= 4 then 'sound'
        when {shorter} = 1 and left({mine}, 1) = left({theirs}, 1) then 'initial'
        when {shorter} >= 3 and (starts_with({mine}, {theirs}) or starts_with({theirs}, {mine})) then 'part'
        when similarity({mine}, {theirs}) >= 0.4 then 'unclear'
        else 'different' end"""


def _name_bits(level: str, exact: str, field: str, different: int) -> str:
    # A long name shared but for a typo says more than a short one.
    shorter = f"least(length(p.{field}_key), length(c.{field}_key))"
    return f"""case {level} when 'unknown' then 0 when 'same' then {exact} when 'known_as' then 5
        when 'typo' then least(8, 4 + {shorter} / 2.0) when 'typos' then least(6, {shorter} - 3) when 'sound' then 4
        when 'part' then 3 when 'initial' then 1.5 when 'unclear' then 0 else {different} end"""


def _rarity(column: str, key: str, table: str, at_most: int) -> str:
    """Bits for agreeing exactly: log2 of one over this value's share, smoothed so that small clinics stay sane.

    Beyond `at_most` rows nobody counts on: the value is then taken for as common as that, or for next to no news
    where it may be everybody's (the clinic's own town).
    """
    return f"""(select case when count(*) = {at_most} and {at_most} > 5000 then 1
        else -log(2, ((count(*) + 2) / (size.n + 400))::numeric)::float8 end from (
        select 1 from {table} d where d.{column} = p.{key} and p.{key} <> '' limit {at_most}) seen)"""


def _name_rarity(key: str, table: str) -> str:
    # As given or as family name, whichever it is more often: the two are easily swapped.
    return f"least({_rarity('given_key', key, table, 2000)}, {_rarity('family_key', key, table, 2000)})"


def _bearers(column: str, key: str, unlike: str, mine: str, theirs: str, table: str) -> str:
    return f"""(select count(*) from (select 1 from {table} d where d.{column} = {key}
        and d.{unlike} not in ({mine}, {theirs}) limit {MOST_BEARERS}) bearer)"""


def _other_name(mine: str, theirs: str) -> str:
    return f"({mine} <> '' and {theirs} <> '' and {mine} <> {theirs})"


def _both_in_use(column: str, unlike: str, table: str) -> str:
    """Whether both spellings are borne by other people, neither far less than the other: two names, not a typo."""
    pair = f"p.{unlike}", f"s.{unlike}"
    return f"""(select least(mine, theirs) >= 3 and least(mine, theirs) * 20 >= greatest(mine, theirs)
        from (select {_bearers(column, f"p.{column}", unlike, *pair, table)} as mine,
            {_bearers(column, f"s.{column}", unlike, *pair, table)} as theirs) bearers)"""


def duplicates_sql(table: str = DIRECTORY) -> str:
    """The query. Parameters: probes (JSON list of DirectoryKeys, each with "probe" and "self"), their count, top, alert_bits.

    `table` is the directory or a table of the same columns; "self" is the probe's own row there, or null.
    "offset 0" keeps the planner from copying each step into every place that reads it, and chooses the index for
    the candidates by itself; "limit" tells it how many probes there are (else it compiles for a hundred).
    """
    return f"""
with size as materialized (
    select greatest(1000, reltuples)::float8 as n from pg_class where oid = '{table}'::regclass
), probes as materialized (
    select * from jsonb_to_recordset(%(probes)s::jsonb) as p(
        probe bigint, self bigint, given_key text, given_forms text[], given_sound text, given_known text[],
        family_key text, family_forms text[], family_sound text, birth_digits text,
        street_key text, suburb_key text, postcode_key text, state_key text, phone_key text, match_keys text[])
    limit %(count)s
)
select p.probe, best.client_id, best.bits, best.alert, best.why
from probes p
cross join size
cross join lateral (select
    {_name_rarity("given_key", table)} as given,
    {_name_rarity("family_key", table)} as family,
    {_rarity("suburb_key", "suburb_key", table, 10000)} as suburb,
    {_rarity("postcode_key", "postcode_key", table, 10000)} as postcode
offset 0) rare
cross join lateral (
    select s.client_id, final.bits::numeric(6, 2) as bits,
        -- Housemates and twins share all but a name and a birth date: those must speak for it by themselves.
        final.bits - log(2, size.n::numeric) >= %(alert_bits)s and not apart.yes and s.person_bits >= {PERSON_BITS}
            and not s.elders as alert,
        s.why || case when apart.yes then array['other_given_name'] else '{{}}' end as why
    from (
        select c.client_id, c.given_key, c.family_key, c.given_sound, c.given_known, level.given, level.family,
            bits.family as family_bits, swapped.bits > bits.given + bits.family as crossed,
            -- Swapped: the pairs across. One name missing and the other's place wrong says nothing of the person.
            case when swapped.bits > bits.given + bits.family
                then case when swapped.both then swapped.bits / 2 else 0 end
                else bits.given end + bits.birth + bits.phone as person_bits,
            -- Parent and child of one name share the roof and its telephone: nothing left tells that they are one.
            level.birth = 'generation' and (level.street not in ('unknown', 'different') or bits.phone > 0) as elders,
            greatest(bits.given + bits.family, swapped.bits) + bits.birth
                + greatest(-3, bits.street + bits.place + bits.state) + bits.phone as bits,
            array_remove(array[
                case when swapped.bits > bits.given + bits.family then 'swapped_names' end,
                case when swapped.bits <= bits.given + bits.family then case
                    when level.given = 'same' then 'same_given_name'
                    when level.given = 'known_as' then 'known_as'
                    when level.given not in ('unknown', 'unclear', 'different') then 'similar_given_name' end end,
                case when swapped.bits <= bits.given + bits.family then case
                    when level.family = 'same' then 'same_family_name'
                    when level.family = 'known_as' then 'part_of_family_name'
                    when level.family not in ('unknown', 'unclear', 'different') then 'similar_family_name' end end,
                case level.birth when 'same' then 'same_birth_date' when 'swapped' then 'swapped_day_month'
                    when 'typo' then 'similar_birth_date' when 'two_parts' then 'similar_birth_date' end,
                case level.street when 'same' then 'same_street' when 'typo' then 'similar_street' end,
                case when level.suburb = 'same' then 'same_suburb' end,
                case when level.postcode = 'same' then 'same_postcode' end,
                case when bits.phone > 0 then 'same_phone' end], null) as why
        from (
            select * from {table} d where d.match_keys && p.match_keys and d.client_id is distinct from p.self
        offset 0) c
        cross join lateral (select
            {_typos("p.given_key", "c.given_key")} as given,
            {_typos("p.family_key", "c.family_key")} as family,
            {_typos("p.given_key", "c.family_key")} as given_family,
            {_typos("p.family_key", "c.given_key")} as family_given,
            {_typos("p.birth_digits", "c.birth_digits")} as birth,
            {_typos("p.suburb_key", "c.suburb_key")} as suburb,
            {_typos("p.postcode_key", "c.postcode_key")} as postcode,
            {_typos("p.state_key", "c.state_key")} as state,
            levenshtein(p.street_key, c.street_key) as street
        offset 0) typos
        cross join lateral (select
            {_likeness("given", "typos.given")} as given,
            {_likeness("family", "typos.family")} as family,
            case when typos.birth is null then 'unknown'
                when typos.birth = 0 then 'same'
                when left(p.birth_digits, 4) = left(c.birth_digits, 4)
                    and right(p.birth_digits, 2) || substr(p.birth_digits, 5, 2) = right(c.birth_digits, 4)
                    then 'swapped'
                when typos.birth = 1 then 'typo'
                when (left(p.birth_digits, 4) = left(c.birth_digits, 4))::int
                    + (substr(p.birth_digits, 5, 2) = substr(c.birth_digits, 5, 2))::int
                    + (right(p.birth_digits, 2) = right(c.birth_digits, 2))::int = 2 then 'two_parts'
                when typos.birth = 2 then 'unclear'
                -- Father and son of one name under one roof: half a generation apart is no slip of the hand.
                when abs(left(p.birth_digits, 4)::int - left(c.birth_digits, 4)::int) >= {GENERATION} then 'generation'
                else 'different' end as birth,
            case when p.street_key = '' or c.street_key = '' then 'unknown'
                when p.street_key = c.street_key then 'same'
                when typos.street <= greatest(length(p.street_key), length(c.street_key)) / 5 and
                    substring(p.street_key from '^[0-9]+') = substring(c.street_key from '^[0-9]+') then 'typo'
                when typos.street <= greatest(length(p.street_key), length(c.street_key)) / 4 then 'alike'
                else 'different' end as street,
            case when typos.suburb is null then 'unknown' when typos.suburb = 0 then 'same'
                when typos.suburb < 3 and length(p.suburb_key) > 4 then 'typo' else 'different' end as suburb,
            case when typos.postcode is null then 'unknown' when typos.postcode = 0 then 'same'
                when typos.postcode = 1 then 'typo' else 'different' end as postcode
        offset 0) level
        cross join lateral (select
            {_name_bits("level.given", "rare.given", "given", -4)} as given,
            -- Marriage changes a family name.
            {_name_bits("level.family", "rare.family", "family", -3)} as family,
            -- The first of January is what is written down when only the year is known.
            case level.birth when 'unknown' then 0
                when 'same' then case when right(p.birth_digits, 4) = '0101' then 7 else 13 end
                when 'swapped' then 9 when 'typo' then 4.5 when 'two_parts' then 2 when 'unclear' then -1
                when 'generation' then -9
                else -4 end as birth,
            case level.street when 'unknown' then 0 when 'same' then 9 when 'typo' then 8 when 'alike' then 4
                else -1 end as street,
            -- A town and its postcode are nearly one fact: only the rarer of the two counts in full.
            case when level.suburb in ('same', 'typo') or level.postcode in ('same', 'typo') then greatest(
                    case level.suburb when 'same' then least(7, rare.suburb) when 'typo' then 3 else 0 end,
                    case level.postcode when 'same' then least(7, rare.postcode) when 'typo' then 2 else 0 end)
                + case when level.suburb in ('same', 'typo') and level.postcode in ('same', 'typo') then 1
                    when level.suburb = 'unknown' or level.postcode = 'unknown' then 0 else -1 end
                when level.suburb = 'unknown' and level.postcode = 'unknown' then 0
                else -1.5 end as place,
            case when typos.state is null then 0 when typos.state = 0 then 0.5 else -1 end as state,
            case when p.phone_key = '' or c.phone_key = '' then 0 when p.phone_key = c.phone_key then 8
                else -0.5 end as phone
        offset 0) bits
        cross join lateral (select typos.given_family <= 1 and typos.family_given <= 1 as both, case
            when typos.given_family <= 1 and typos.family_given <= 1 then
                least(rare.given + rare.family, 20) - 3 - 2 * (typos.given_family + typos.family_given)
            when typos.given_family <= 1 and coalesce(typos.family_given, 0) = 0
                or typos.family_given <= 1 and coalesce(typos.given_family, 0) = 0 then 4
            else -99 end as bits
        offset 0) swapped
        order by bits desc, c.client_id
        limit %(top)s + 12
    ) s
    -- One letter off, but another name in use: a twin, not a typo. Names in the wrong order hide twins too.
    cross join lateral (select case
        when s.bits < {NOT_ALONE} then false
        when s.crossed then {_other_name("p.given_known[1]", "s.given_known[2]")}
            or {_other_name("p.given_known[2]", "s.given_known[1]")}
        when s.given = 'different' then true
        when s.given in ('typo', 'typos', 'part', 'unclear') then {_other_name("p.given_known[1]", "s.given_known[1]")}
            or p.given_sound <> s.given_sound and {_both_in_use("given_key", "family_key", table)}
        when s.given = 'same' and s.family in ('typo', 'typos', 'unclear', 'different') then
            p.given_known[1] = '' and {_other_name("p.given_known[2]", "s.given_known[2]")}
        else false end as yes
    offset 0) apart
    cross join lateral (select s.bits - case when s.bits < {NOT_ALONE} or s.crossed
            or s.family not in ('typo', 'typos') then 0
        when {_both_in_use("family_key", "given_key", table)} then s.family_bits + 1 else 0 end as bits
    offset 0) names
    -- Below whoever bears the name, above strangers.
    cross join lateral (select case when apart.yes then
            least(names.bits, {NOT_ALONE} + (names.bits - {NOT_ALONE}) / 4)
        else names.bits end as bits
    offset 0) final
    order by final.bits desc, s.client_id
    limit %(top)s
) best
order by p.probe, best.bits desc, best.client_id
"""


def explain_matches(
    cursor: Cursor,
    probes: Iterable[tuple[int, int | None, DirectoryKeys]],
    *,
    top: int,
    table: str = DIRECTORY,
) -> list[str]:
    """What ran of the plan of `find_matches` for these probes, line by line: for the figures alone."""
    rows = [{"probe": probe, "self": own, **keys} for probe, own, keys in probes]
    given = {"probes": json.dumps(rows), "count": len(rows), "top": top, "alert_bits": ALERT_BITS}
    cursor.execute("explain (analyze, costs off, timing off, summary on) " + duplicates_sql(table), given)
    return [row[0] for row in cursor.fetchall() if "actual rows" in row[0] or " Time: " in row[0]]


def find_matches(
    cursor: Cursor,
    probes: Iterable[tuple[int, int | None, DirectoryKeys]],
    *,
    top: int,
    table: str = DIRECTORY,
) -> list[Match]:
    """The `top` likeliest people for each probe (its number, its own row if it has one, its keys), best first."""
    rows = [{"probe": probe, "self": own, **keys} for probe, own, keys in probes]
    given = {"probes": json.dumps(rows), "count": len(rows), "top": top, "alert_bits": ALERT_BITS}
    cursor.execute(duplicates_sql(table), given)
    return [
        Match(probe, found, float(bits), alert, why) for probe, found, bits, alert, why in cursor.fetchall()
    ]
