-- When this member expects somebody. Before the code: a table of its own, and an index.

-- One row for each referral in which this member promised an arrival or confirmed an
-- appointment; the newest of these stands. On the case clock. Referrals of before have
-- none: what they promised is sealed.
CREATE TABLE arrival_expected (
    referral_id bytea PRIMARY KEY REFERENCES referral,
    expected_at timestamptz NOT NULL
);
CREATE INDEX arrival_expected_at ON arrival_expected (expected_at, referral_id);

GRANT SELECT, INSERT ON arrival_expected TO :node_role;
GRANT UPDATE (expected_at) ON arrival_expected TO :node_role;
