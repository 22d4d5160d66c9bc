-- What other members sent or offered and should not have: refused, never stored,
-- and kept here for the administrator. Nothing about a person stands in it.

-- Append-only. categories are the codes that the refusal names; reported_at is on
-- the case clock.
CREATE TABLE disclosure_report (
    digest bytea PRIMARY KEY
    REFERENCES envelope_received DEFERRABLE INITIALLY DEFERRED,
    number bigint GENERATED ALWAYS AS IDENTITY,
    sender text NOT NULL,
    referral_id bytea NOT NULL CHECK (length(referral_id) = 16),
    step text NOT NULL,
    code text NOT NULL,
    categories text [] NOT NULL,
    reported_at timestamptz NOT NULL
);
CREATE INDEX disclosure_report_newest ON disclosure_report (number DESC);

GRANT SELECT, INSERT ON disclosure_report TO :node_role;
