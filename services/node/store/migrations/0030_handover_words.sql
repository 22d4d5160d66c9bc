-- How a handover was confirmed and who signed an arrival. Before the code: a table of
-- its own.

-- Append-only. What one receiving step says in codes alone, at either end: how the
-- giver was known (a countersignature), who signed beside whoever recorded it and, if
-- nobody did, why (an arrival), and whether the giver's digits were entered with it.
-- No word about the person.
CREATE TABLE handover_word (
    event_id bytea PRIMARY KEY CHECK (length(event_id) = 16),
    referral_id bytea NOT NULL REFERENCES referral DEFERRABLE INITIALLY DEFERRED,
    said_at timestamptz NOT NULL,
    known_by text NOT NULL,
    signed_by text NOT NULL,
    unsigned_reason text NOT NULL,
    by_code boolean NOT NULL
);
CREATE INDEX handover_word_of_referral ON handover_word (referral_id);
CREATE INDEX handover_word_unsigned ON handover_word (said_at)
WHERE signed_by = 'nobody';
CREATE INDEX handover_word_called ON handover_word (said_at)
WHERE known_by = 'telephone';

GRANT SELECT, INSERT ON handover_word TO :node_role;
