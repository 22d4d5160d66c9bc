-- Clocks: by when somebody has to do something, and what rang when nobody did.
-- All instants are on the case clock.

-- One clock of a case or a referral. rings names, in order, the rows of the
-- policy's ladder by which it rings, ring_at when; fired counts those that rang.
-- next_ring_at is null while it is paused, once it is stopped, and when nothing is
-- left to ring.
CREATE TABLE timer (
    timer_id bytea PRIMARY KEY CHECK (length(timer_id) = 16),
    deadline text NOT NULL,
    case_id bytea REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    referral_id bytea REFERENCES referral DEFERRABLE INITIALLY DEFERRED,
    priority text NOT NULL,
    started_by bytea NOT NULL,
    started_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    policy_version text NOT NULL,
    policy_row integer NOT NULL,
    rings text [] NOT NULL,
    ring_at timestamptz [] NOT NULL,
    fired integer NOT NULL DEFAULT 0,
    next_ring_at timestamptz,
    paused_at timestamptz,
    pause_reason text,
    stopped_at timestamptz,
    stopped_by bytea,
    CHECK (cardinality(rings) = cardinality(ring_at)),
    CHECK ((paused_at IS NULL) = (pause_reason IS NULL))
);
CREATE INDEX timer_due ON timer (next_ring_at, deadline, timer_id)
WHERE next_ring_at IS NOT NULL;
CREATE INDEX timer_running ON timer (due_at, timer_id) WHERE stopped_at IS NULL;
CREATE INDEX timer_of_referral ON timer (referral_id);
CREATE INDEX timer_of_case ON timer (case_id);

-- Append-only. Every ring of a clock, with the event that it made.
CREATE TABLE timer_ring (
    timer_id bytea NOT NULL REFERENCES timer DEFERRABLE INITIALLY DEFERRED,
    number integer NOT NULL,
    ring text NOT NULL,
    event_id bytea NOT NULL REFERENCES event DEFERRABLE INITIALLY DEFERRED,
    rang_at timestamptz NOT NULL,
    PRIMARY KEY (timer_id, number)
);

-- When a clock stood still, for which named reason, by which events.
CREATE TABLE timer_pause (
    timer_id bytea NOT NULL REFERENCES timer DEFERRABLE INITIALLY DEFERRED,
    paused_by bytea NOT NULL REFERENCES event DEFERRABLE INITIALLY DEFERRED,
    reason text NOT NULL,
    paused_at timestamptz NOT NULL,
    resumed_by bytea,
    resumed_at timestamptz,
    PRIMARY KEY (timer_id, paused_by)
);

GRANT SELECT, INSERT ON timer, timer_ring, timer_pause TO :node_role;
GRANT UPDATE (
    due_at, ring_at, fired, next_ring_at, paused_at, pause_reason, stopped_at,
    stopped_by
) ON timer TO :node_role;
GRANT UPDATE (resumed_by, resumed_at) ON timer_pause TO :node_role;
