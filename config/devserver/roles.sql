-- The two roles of the first day, and the database they share. One source for every server:
-- config/devserver/embedded_postgres.py runs it, docker-compose.yml mounts it, and an operator runs it once by hand
-- (docs/operating.md). It may be run again: what exists stays, the passwords become those of the environment.
-- It touches the database borderpost alone, so that other databases of a shared server stay as they are.
--   borderpost_owner  owns the database and migrates it; CREATEDB, so that it can make the test database
--   borderpost        the application: reads and writes rows; no CREATE, DROP, ALTER, TRUNCATE
-- Which rows it may change is granted table by table after each migration (config/database/rights.py). Default
-- privileges would come back with every restore, also for the log of moderators.
-- psql reads the passwords from the environment, so that they stand on no command line.
\set ON_ERROR_STOP on
\getenv owner_password BORDERPOST_OWNER_PASSWORD
\getenv app_password BORDERPOST_APP_PASSWORD

SET client_min_messages = warning;
SELECT 'CREATE ROLE borderpost_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'borderpost_owner') \gexec
SELECT 'CREATE ROLE borderpost' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'borderpost') \gexec
ALTER ROLE borderpost_owner LOGIN NOSUPERUSER CREATEDB NOCREATEROLE PASSWORD :'owner_password';
ALTER ROLE borderpost LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app_password';

-- From template0, so that nothing that somebody put into template1 comes along.
SELECT 'CREATE DATABASE borderpost OWNER borderpost_owner TEMPLATE template0'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'borderpost') \gexec
REVOKE ALL ON DATABASE borderpost FROM PUBLIC;
GRANT CONNECT ON DATABASE borderpost TO borderpost;

\connect borderpost
SET client_min_messages = warning;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO borderpost;
