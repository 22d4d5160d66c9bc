-- The database and the two roles of one member, on a PostgreSQL of its own.
-- Run by the administrator, who is then asked for two passwords:
--
--   psql --set member=cao-bang --file roles.sql
--
-- The owner makes and migrates the tables (relais node upgrade); the node's
-- role appends to the ledger and can edit nothing in it: the migrations grant
-- what it needs and no more. Let pg_hba.conf admit both by scram-sha-256 only,
-- and create the cluster with data checksums.

\set ON_ERROR_STOP on
SET password_encryption = 'scram-sha-256';

SELECT :'member' || '_owner' AS owner \gset
CREATE ROLE :"owner" LOGIN;
CREATE ROLE :"member" LOGIN;
\password :"owner"
\password :"member"

CREATE DATABASE :"member" OWNER :"owner" TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE :"member" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"member" TO :"member";
