-- What an operator and a sender see of what waits. Before the code: new columns with
-- defaults, new tables and indexes, which the version before does not miss.
ALTER TABLE outbox ADD COLUMN waits_since timestamptz NOT NULL DEFAULT now();
CREATE INDEX outbox_since ON outbox (waits_since) WHERE state = 'waiting';
CREATE INDEX outbox_dead ON outbox (referral_id, number) WHERE state = 'refused';

-- One member that could not be reached since so many tries: the circuit to it, as the
-- relay keeps it. No row once it was reached. Wire clock.
CREATE TABLE destination (
    recipient text PRIMARY KEY,
    failures integer NOT NULL CHECK (failures > 0),
    last_problem text NOT NULL,
    failed_at timestamptz NOT NULL,
    next_try_at timestamptz NOT NULL
);

-- Append-only. An envelope that was given back to who sent it, as not received: by an
-- administrator, or by the node when it expired. The relay goes on asking, because
-- only the recipient can say for good that it does not have it. Case clock.
CREATE TABLE envelope_return (
    digest bytea PRIMARY KEY REFERENCES envelope_sent,
    referral_id bytea NOT NULL,
    reason text NOT NULL,
    returned_at timestamptz NOT NULL,
    returned_by text NOT NULL
);
CREATE INDEX envelope_return_newest ON envelope_return (returned_at DESC);
CREATE INDEX envelope_return_of_referral ON envelope_return (referral_id);

GRANT SELECT, INSERT, DELETE ON destination TO :node_role;
GRANT UPDATE (failures, last_problem, failed_at, next_try_at) ON destination
TO :node_role;
GRANT SELECT, INSERT ON envelope_return TO :node_role;
