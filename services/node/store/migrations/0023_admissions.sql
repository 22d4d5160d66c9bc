-- Who is let in by two: what one administrator asked for at the gateway and a second
-- person has yet to confirm. Nothing of it holds before. Before the code: a new table,
-- which the version before does not miss. Instants are on the wire clock.

-- Append-only but for its one answer. An officer to enter or change, the code of an
-- invitation or the key of a program (as SHA-256 only), and until when it may be
-- answered; expires_at is when what is let in ends by itself.
CREATE TABLE admission (
    admission_id bytea PRIMARY KEY CHECK (length(admission_id) = 16),
    kind text NOT NULL CHECK (kind IN ('officer', 'invitation', 'program')),
    officer text NOT NULL,
    role text NOT NULL,
    unit text NOT NULL,
    name text NOT NULL,
    scopes text [] NOT NULL,
    key_hash bytea CHECK (length(key_hash) = 32),
    spki bytea CHECK (length(spki) = 32),
    expires_at timestamptz,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    answer text CHECK (answer IN ('confirmed', 'refused', 'withdrawn')),
    answered_by text,
    answered_at timestamptz,
    CHECK ((answer IS NULL) = (answered_by IS NULL)),
    CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX admission_waiting ON admission (asked_at, admission_id)
WHERE answer IS NULL;

GRANT SELECT, INSERT ON admission TO :node_role;
GRANT UPDATE (answer, answered_by, answered_at) ON admission TO :node_role;
