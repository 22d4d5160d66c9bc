-- What a case is in within this member, accompanying minors, plans, and closing.
--
-- Clear are the phase and the state of the course, as the states of referrals are:
-- codes of the mechanism, about a pseudonym, by which the node runs its clocks.
-- What the law calls the person, whether they are a minor, risk, placement, and
-- the reasons of closing are about the person, and sealed.

-- Append-only. One row for each event that moved a case; the highest number is
-- what it is in now. The two instants are clocks: until when essential needs are
-- given, and until when nobody may press the person (domain.md §3).
CREATE TABLE case_state (
    event_id bytea PRIMARY KEY CHECK (length(event_id) = 16),
    number bigint GENERATED ALWAYS AS IDENTITY,
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    phase text NOT NULL,
    state text NOT NULL,
    essential_needs_until timestamptz,
    recovery_pause_until timestamptz,
    happened_at timestamptz NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX case_state_of_case ON case_state (case_id, number DESC);

-- Append-only. Under-18s who came with the person, each with an alias of their own;
-- the highest number is what is known now, sealed under the case's key of D13.
CREATE TABLE accompanying_minor (
    event_id bytea PRIMARY KEY CHECK (length(event_id) = 16),
    number bigint GENERATED ALWAYS AS IDENTITY,
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    alias text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX accompanying_minor_of_case ON accompanying_minor (
    case_id, alias, number DESC
);

-- Append-only. The reintegration plan, one row a version, sealed under D11.
CREATE TABLE case_plan (
    event_id bytea PRIMARY KEY CHECK (length(event_id) = 16),
    number bigint GENERATED ALWAYS AS IDENTITY,
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX case_plan_of_case ON case_plan (case_id, number DESC);

-- A closed case ends who is answerable for it: its last period has an empty event.
ALTER TABLE cases DROP CONSTRAINT cases_answerable_check;
ALTER TABLE cases ADD CONSTRAINT cases_answerable_check CHECK (
    answerable IN (
        'not_answerable', 'answerable', 'handed_unconfirmed', 'handed', 'closed'
    )
);

GRANT SELECT, INSERT ON case_state, accompanying_minor, case_plan TO :node_role;
