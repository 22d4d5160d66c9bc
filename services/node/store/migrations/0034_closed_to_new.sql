-- Members that receive nobody new. Before the code: two tables of their own. Instants
-- are on the wire clock.

-- Append-only. Somebody said that this member receives nobody new until an instant, or
-- that it receives again (ends_at is null): the newest row stands. No types: of all.
CREATE TABLE closed_to_new (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id bytea NOT NULL UNIQUE CHECK (length(request_id) = 16),
    said_at timestamptz NOT NULL,
    ends_at timestamptz,
    types text [] NOT NULL,
    reason text NOT NULL,
    done_by text NOT NULL,
    unit text NOT NULL,
    CHECK (ends_at > said_at),
    CHECK ((ends_at IS NULL) = (reason = ''))
);

-- What one other member's node said last about itself, and when it was heard; no end:
-- it receives.
CREATE TABLE peer_closed (
    member text PRIMARY KEY,
    heard_at timestamptz NOT NULL,
    since timestamptz NOT NULL,
    ends_at timestamptz,
    types text [] NOT NULL,
    reason text NOT NULL
);

GRANT SELECT, INSERT ON closed_to_new TO :node_role;
GRANT SELECT, INSERT ON peer_closed TO :node_role;
GRANT UPDATE (heard_at, since, ends_at, types, reason) ON peer_closed TO :node_role;
