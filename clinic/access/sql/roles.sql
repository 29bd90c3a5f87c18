-- The five logins and groups of Entwine's database. A superuser runs this before anything else, as often
-- as wanted: it only ever ends in the state below. Runs on PostgreSQL 15 and later, without passwords:
-- whoever opens a TCP port sets them afterwards (deploy/postgres/10-roles.sh).
--
--   entwine_owner   owns every table; migrates, and creates the test database
--   entwine_app     web, worker and beat; may never bypass row-level security
--   entwine_desk    directory and duplicate search, entered by SET LOCAL ROLE
--   entwine_door    what the door alone may do, entered by SET LOCAL ROLE
--   entwine_backup  pg_dump and restore checks; the only login that reads past row-level security

set client_min_messages = warning;

do $$
declare
    wanted text;
begin
    foreach wanted in array array['entwine_owner', 'entwine_app', 'entwine_desk', 'entwine_door', 'entwine_backup']
    loop
        if not exists (select from pg_roles where rolname = wanted) then
            -- NOINHERIT from birth: a role that inherits would get the desk's policies with no SET ROLE.
            execute format('create role %I nologin noinherit nosuperuser nobypassrls', wanted);
        end if;
    end loop;
end
$$;

alter role entwine_owner login nosuperuser createdb nocreaterole noinherit nobypassrls noreplication;
alter role entwine_app login nosuperuser nocreatedb nocreaterole noinherit nobypassrls noreplication;
alter role entwine_desk nologin nosuperuser nocreatedb nocreaterole noinherit nobypassrls noreplication;
alter role entwine_door nologin nosuperuser nocreatedb nocreaterole noinherit nobypassrls noreplication;
alter role entwine_backup login nosuperuser nocreatedb nocreaterole inherit bypassrls noreplication;

do $$
begin
    -- From 16 on, inheritance belongs to each membership; before, the role's NOINHERIT decides.
    if current_setting('server_version_num')::int >= 160000 then
        execute 'grant entwine_desk, entwine_door to entwine_app with inherit false, set true, admin false';
        execute 'grant pg_read_all_data to entwine_backup with inherit true, set false, admin false';
    else
        grant entwine_desk, entwine_door to entwine_app;
        grant pg_read_all_data to entwine_backup;
    end if;
end
$$;
