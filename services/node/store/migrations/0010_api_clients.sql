-- A program of the member's own acts as one of its officers, within scopes, by a key
-- that stands here as SHA-256 only. Instants are on the wire clock; used_on is the
-- last day of use (UTC): what a program did when stands in the ledger and in access.
CREATE TABLE api_client (
    client_id bytea PRIMARY KEY CHECK (length(client_id) = 16),
    name text NOT NULL,
    key_hash bytea NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    officer text NOT NULL REFERENCES officer,
    scopes text [] NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by text NOT NULL,
    used_on date
);
CREATE INDEX api_client_of_officer ON api_client (officer);

GRANT SELECT, INSERT ON api_client TO :node_role;
GRANT UPDATE (revoked_at, revoked_by, used_on) ON api_client TO :node_role;
