-- The open set, as the door set it for this transaction. Both raise when nothing is open (house.md, law 1).
-- An array, made of the setting once in a query: returned as text and cast in the policy, it was read anew for every row.
do $$ begin
  if exists (select from pg_proc where proname = 'entwine_open_episodes' and prorettype = 'text'::regtype) then
    drop function entwine_open_clients() cascade;  -- with its policies, which are made again
    drop function entwine_open_episodes() cascade;
  end if;
end $$;

create or replace function entwine_open_clients() returns bigint[] language plpgsql stable as $$
declare opened text := current_setting('entwine.clients', true);
begin
  -- After the first transaction a custom setting reads '' and not null.
  if opened is null or opened = '' then
    raise exception 'no chart is open' using errcode = 'insufficient_privilege';
  end if;
  return opened::bigint[];
end $$;

create or replace function entwine_open_episodes() returns bigint[] language plpgsql stable as $$
declare opened text := current_setting('entwine.episodes', true);
begin
  if opened is null or opened = '' then
    raise exception 'no chart is open' using errcode = 'insufficient_privilege';
  end if;
  return opened::bigint[];
end $$;

-- A frozen thing never changes, nor does any part of it. tg_argv: table and column of the thing this row is part of.
create or replace function entwine_refuse_frozen() returns trigger language plpgsql as $$
declare
  part_of bigint;
  frozen timestamptz;
begin
  if tg_op <> 'INSERT' and old.frozen_at is not null then
    raise exception '% % is frozen', tg_table_name, old.id using errcode = 'integrity_constraint_violation';
  end if;
  if tg_nargs = 2 then
    for part_of in
      select distinct (r ->> tg_argv[1])::bigint from unnest(array[
        case when tg_op <> 'INSERT' then to_jsonb(old) end, case when tg_op <> 'DELETE' then to_jsonb(new) end]) as r
      where r is not null and r ->> tg_argv[1] is not null
    loop
      -- The lock makes a part that is added while its whole is being frozen wait, and then be refused.
      execute format('select frozen_at from %I where id = $1 for share', tg_argv[0]) into frozen using part_of;
      if frozen is not null then
        raise exception '% is part of something frozen', tg_table_name using errcode = 'integrity_constraint_violation';
      end if;
    end loop;
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;

-- What never changes once it is written: a signature, an answer, an addendum.
create or replace function entwine_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% % never changes', tg_table_name, old.id using errcode = 'integrity_constraint_violation';
end $$;

-- What is signed is frozen, and by everybody in the same words: the author first and once, the client once, a representative
-- or a supervisor once by name. Who declined may still sign. tg_argv: table of the thing.
create or replace function entwine_sign_frozen() returns trigger language plpgsql as $$
declare
  frozen timestamptz;
  signed text;
begin
  -- The lock makes a second signature of the same person wait for the first, and then be refused.
  execute format('select frozen_at from %I where public_id = $1 and client_id = $2 for no key update', tg_argv[0])
    into frozen using new.object_id, new.client_id;
  if frozen is null then
    raise exception '% is signed before it is frozen', tg_argv[0] using errcode = 'integrity_constraint_violation';
  end if;
  select text_hash into signed from record_signature
    where object_kind = new.object_kind and object_id = new.object_id and role = 'author' order by id limit 1;
  if new.role <> 'author' and signed is distinct from new.text_hash then
    raise exception '% was signed in other words', tg_argv[0] using errcode = 'integrity_constraint_violation';
  end if;
  if exists (
    select from record_signature
    where object_kind = new.object_kind and object_id = new.object_id and role = new.role and declined_reason = ''
      and (role in ('author', 'client') or name = new.name)
  ) then
    raise exception '% is signed already', tg_argv[0] using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;

-- What was shown with a signature belongs to the thing that was signed, and its hash is its own. tg_argv: table and column of
-- the thing.
create or replace function entwine_shown_signed() returns trigger language plpgsql as $$
declare
  theirs boolean;
begin
  execute format(
    'select exists (select from record_signature s join %I t on t.public_id = s.object_id where s.id = $1 and t.id = $2)',
    tg_argv[0]) into theirs using new.signature_id, (to_jsonb(new) ->> tg_argv[1])::bigint;
  if not theirs then
    raise exception '% was shown with another signature', tg_table_name using errcode = 'integrity_constraint_violation';
  end if;
  if new.body_hash is distinct from encode(sha256(convert_to(new.body, 'UTF8')), 'hex') then
    raise exception '% is not the text of its hash', tg_table_name using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;

-- django-pgtrigger lets any session switch triggers off by a setting; here it may not.
create or replace function _pgtrigger_should_ignore(trigger_name name) returns boolean language sql immutable as
$$ select false $$;
