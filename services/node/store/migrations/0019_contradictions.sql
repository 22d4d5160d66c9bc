-- Append-only. Two heads of one member's ledger that were both signed by it and of
-- which it could not prove that the second only grew from the first: the evidence.
CREATE TABLE peer_contradiction (
    member text NOT NULL,
    code text NOT NULL,
    known_checkpoint bytea NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL CHECK (length(root) = 32),
    checkpoint bytea NOT NULL,
    noticed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (member, size, root)
);
GRANT SELECT, INSERT ON peer_contradiction TO :node_role;
