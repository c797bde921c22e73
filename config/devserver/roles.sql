-- The two roles of the first day, and the database they share. One source for every server:
-- config/devserver/embedded_postgres.py runs it, docker-compose.yml mounts it, and an operator runs it once by hand
-- (docs/operating.md). It may be run again: what exists stays, the passwords become those of the environment.
--   borderpost_owner  owns the database and migrates it; CREATEDB, so that it can make the test database
--   borderpost        the application: reads and writes rows; no CREATE, DROP, ALTER, TRUNCATE
-- psql reads the passwords from the environment, so that they stand on no command line.
\set ON_ERROR_STOP on
\getenv owner_password BORDERPOST_OWNER_PASSWORD
\getenv app_password BORDERPOST_APP_PASSWORD

SET client_min_messages = warning;
SELECT 'CREATE ROLE borderpost_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'borderpost_owner') \gexec
SELECT 'CREATE ROLE borderpost' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'borderpost') \gexec
ALTER ROLE borderpost_owner LOGIN NOSUPERUSER CREATEDB NOCREATEROLE PASSWORD :'owner_password';
ALTER ROLE borderpost LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app_password';

-- Default privileges belong to a database and are copied from its template, so saying them here
-- gives the application the same rights in the test databases that the owner makes.
\connect template1
ALTER DEFAULT PRIVILEGES FOR ROLE borderpost_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO borderpost;
ALTER DEFAULT PRIVILEGES FOR ROLE borderpost_owner GRANT USAGE ON SEQUENCES TO borderpost;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO borderpost;

\connect postgres
SELECT 'CREATE DATABASE borderpost OWNER borderpost_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'borderpost') \gexec
REVOKE ALL ON DATABASE borderpost FROM PUBLIC;
GRANT CONNECT ON DATABASE borderpost TO borderpost;
