-- What was disclosed on which basis, what has to be taken back when the person
-- withdraws, and what a recall did here. Before the code: the node of the version
-- before knows none of these tables and one column that may be empty.

-- Under which key a record is sealed: empty for the key of its category; a record
-- that a release brought has a key of its own referral, which a recall drops.
ALTER TABLE case_record ADD COLUMN key_scope text;

-- Append-only. Which category went to whom by which release, and on what it rested:
-- a consent, an emergency override or a duty, which has no id.
CREATE TABLE disclosure (
    referral_id bytea NOT NULL REFERENCES referral DEFERRABLE INITIALLY DEFERRED,
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    recipient text NOT NULL,
    purpose text NOT NULL,
    category text NOT NULL,
    basis_kind text NOT NULL CHECK (basis_kind IN ('consent', 'override', 'duty')),
    basis_id bytea NOT NULL,
    released_at timestamptz NOT NULL,
    PRIMARY KEY (referral_id, category)
);
CREATE INDEX disclosure_of_case ON disclosure (case_id);

-- Append-only. Which answers of the person went along with a release.
CREATE TABLE consent_copy (
    referral_id bytea NOT NULL REFERENCES referral DEFERRABLE INITIALLY DEFERRED,
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    consent_id bytea NOT NULL,
    PRIMARY KEY (referral_id, consent_id)
);
CREATE INDEX consent_copy_of_case ON consent_copy (case_id);

-- Append-only. A recall that this member owes a recipient: recall_event is the id
-- that its event will have, cause the event by which the basis ended here.
CREATE TABLE recall_due (
    recall_event bytea PRIMARY KEY CHECK (length(recall_event) = 16),
    number bigint GENERATED ALWAYS AS IDENTITY,
    referral_id bytea NOT NULL REFERENCES referral DEFERRABLE INITIALLY DEFERRED,
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    cause bytea NOT NULL,
    reason text NOT NULL,
    consent_ids bytea [] NOT NULL,
    categories text [] NOT NULL,
    ends_wish boolean NOT NULL,
    due_at timestamptz NOT NULL
);
CREATE INDEX recall_due_of_case ON recall_due (case_id);
CREATE INDEX recall_due_of_referral ON recall_due (referral_id);

-- Append-only. What a recall did here, and the id of the event that will say so:
-- what can no longer be read, and what the law keeps, with its ground.
CREATE TABLE recall_taken (
    acknowledgement_event bytea PRIMARY KEY CHECK (
        length(acknowledgement_event) = 16
    ),
    number bigint GENERATED ALWAYS AS IDENTITY,
    recall_event bytea NOT NULL UNIQUE,
    referral_id bytea NOT NULL REFERENCES referral DEFERRABLE INITIALLY DEFERRED,
    deleted text [] NOT NULL,
    kept text [] NOT NULL,
    grounds text [] NOT NULL,
    taken_at timestamptz NOT NULL,
    CHECK (cardinality(kept) = cardinality(grounds))
);
CREATE INDEX recall_taken_of_referral ON recall_taken (referral_id);

-- Append-only. A data key that was dropped: its at-rest epoch is to be rotated, so
-- that no copy of the row opens anything any more.
CREATE TABLE key_drop (
    key_id bytea PRIMARY KEY CHECK (length(key_id) = 16),
    epoch integer NOT NULL,
    event_id bytea NOT NULL,
    dropped_at timestamptz NOT NULL
);

GRANT SELECT, INSERT ON
disclosure, consent_copy, recall_due, recall_taken, key_drop
TO :node_role;
GRANT DELETE ON data_key TO :node_role;
GRANT UPDATE (scope) ON data_key TO :node_role;
