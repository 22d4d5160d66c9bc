-- What was asked for by an act of this member, sealed under the at-rest epoch: the
-- same id with another request is no repetition. Kept for a time (flows/asked.py).
CREATE TABLE asked_act (
    subject bytea PRIMARY KEY,
    epoch int NOT NULL,
    sealed bytea NOT NULL CHECK (length(sealed) = 60),
    asked_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX asked_act_by_age ON asked_act (asked_at);
GRANT SELECT, INSERT, DELETE ON asked_act TO :node_role;
