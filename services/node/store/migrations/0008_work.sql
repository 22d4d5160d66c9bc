-- The work of the day: who decides about what came in, and what lists it.

-- Who of this member works on a decision, and until when; wire clock. A claim that
-- ran out is anybody's.
CREATE TABLE claim (
    referral_id bytea PRIMARY KEY
    REFERENCES referral DEFERRABLE INITIALLY DEFERRED,
    claimed_by text NOT NULL,
    claimed_until timestamptz NOT NULL
);
-- What is under way is a small part of what ever was.
CREATE INDEX referral_by_alias ON referral (alias);
CREATE INDEX referral_by_state ON referral (state, referral_type, side);
CREATE INDEX timer_running_of_referral ON timer (referral_id, due_at, timer_id)
WHERE stopped_at IS NULL;

GRANT SELECT, INSERT, DELETE ON claim TO :node_role;
GRANT UPDATE (claimed_by, claimed_until) ON claim TO :node_role;
