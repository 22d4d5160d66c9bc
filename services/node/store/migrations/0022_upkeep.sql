-- What an administrator sees of a node's upkeep. Before the code: new tables, which the
-- version before does not miss. Instants are on the wire clock.

-- When one member's node was last heard from, and by how much its clock was ahead when
-- it was asked last. Written now and then, so it may be some minutes old.
CREATE TABLE peer_contact (
    member text PRIMARY KEY,
    heard_at timestamptz,
    skew_ms bigint,
    measured_at timestamptz,
    protocol_version integer NOT NULL
);

-- Append-only. What somebody did for this node and said so: a backup, or one that was
-- restored to try it.
CREATE TABLE upkeep (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    what text NOT NULL CHECK (what IN ('backup', 'restore_test')),
    done_at timestamptz NOT NULL,
    done_by text NOT NULL
);
CREATE INDEX upkeep_newest ON upkeep (what, number);

GRANT SELECT, INSERT ON peer_contact TO :node_role;
GRANT UPDATE (heard_at, skew_ms, measured_at, protocol_version) ON peer_contact
TO :node_role;
GRANT SELECT, INSERT ON upkeep TO :node_role;
