-- What needs two officers: the second one reads exactly what is to be done and
-- answers herself, and the act that rests on her yes names it. Before the code: the
-- node of the version before knows none of these tables.

-- Append-only. Somebody asked for an approval: approval_id is the id of that event,
-- digest a salted hash of what is to be done, sealed the salt and that content under
-- the key of the case. Instants are on the case clock.
CREATE TABLE approval (
    approval_id bytea PRIMARY KEY CHECK (length(approval_id) = 16),
    number bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    digest bytea NOT NULL CHECK (length(digest) = 32),
    asked_by text NOT NULL,
    asked_unit text NOT NULL,
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX approval_of_case ON approval (case_id, number);
CREATE INDEX approval_by_officer ON approval (asked_by, number);
CREATE INDEX approval_by_expiry ON approval (expires_at);

-- Append-only. The one answer to an approval; what was said with it is sealed under
-- the key of the case.
CREATE TABLE approval_answer (
    approval_id bytea PRIMARY KEY REFERENCES approval DEFERRABLE INITIALLY DEFERRED,
    event_id bytea NOT NULL CHECK (length(event_id) = 16),
    answer text NOT NULL CHECK (answer IN ('approved', 'refused')),
    answered_by text NOT NULL,
    answered_at timestamptz NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL
);

-- Append-only. The one act that rests on an approval: a second one finds it used.
CREATE TABLE approval_use (
    approval_id bytea PRIMARY KEY
    REFERENCES approval_answer DEFERRABLE INITIALLY DEFERRED,
    event_id bytea NOT NULL CHECK (length(event_id) = 16),
    used_at timestamptz NOT NULL
);

GRANT SELECT, INSERT ON approval, approval_answer, approval_use TO :node_role;
