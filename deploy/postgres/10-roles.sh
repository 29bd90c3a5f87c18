#!/bin/sh
# Runs once, in the PostgreSQL image, as the superuser on a new database cluster: the logins, their passwords, the
# database. By hand against another server: PGHOST, PGUSER and PGPASSWORD of a superuser, and the three passwords.
set -eu
here=$(dirname "$0")
roles=${ENTWINE_ROLES_SQL:-/entwine/roles.sql}
[ -r "$roles" ] || roles=$here/../../clinic/access/sql/roles.sql
: "${ENTWINE_OWNER_PASSWORD:?is empty: run deploy/make-env once}"
: "${ENTWINE_APP_PASSWORD:?is empty: run deploy/make-env once}"
: "${ENTWINE_BACKUP_PASSWORD:?is empty: run deploy/make-env once}"
export PGUSER="${POSTGRES_USER:-${PGUSER:-postgres}}"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname postgres --file "$roles"
# The passwords come through the environment, so that no argument list shows them.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname postgres <<'SQL'
\getenv owner ENTWINE_OWNER_PASSWORD
\getenv app ENTWINE_APP_PASSWORD
\getenv backup ENTWINE_BACKUP_PASSWORD
set log_statement = 'none';
alter role entwine_owner password :'owner';
alter role entwine_app password :'app';
alter role entwine_backup password :'backup';
select 'create database entwine owner entwine_owner encoding ''UTF8'' template template0'
 where not exists (select from pg_database where datname = 'entwine') \gexec
SQL
