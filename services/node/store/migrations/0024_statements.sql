-- Statements of what one member wrote to another on one day, so that losses show.
-- Before the code: new tables, and columns and rights that the version before does not
-- miss. Days are in UTC, in days since 1970-01-01, by the wire clock of whoever wrote.

-- The day on which an envelope was made; null where that was before this migration.
ALTER TABLE envelope_sent ADD COLUMN day integer;
ALTER TABLE envelope_received ADD COLUMN day integer;
CREATE INDEX envelope_sent_of_day ON envelope_sent (day, recipient);
CREATE INDEX envelope_received_of_day ON envelope_received (sender, day);
-- A statement is of no referral.
ALTER TABLE envelope_sent ALTER COLUMN referral_id DROP NOT NULL;
ALTER TABLE outbox ALTER COLUMN referral_id DROP NOT NULL;

-- From which day on the envelopes here are known by their day, and so can be compared.
CREATE TABLE statement_begin (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    first_day integer NOT NULL
);
INSERT INTO statement_begin (first_day)
SELECT CASE
    WHEN
        EXISTS (SELECT 1 FROM envelope_sent)
        OR EXISTS (SELECT 1 FROM envelope_received)
        THEN (now() AT TIME ZONE 'UTC')::date - date '1970-01-01' + 1
    ELSE 0
END;

-- Append-only. A statement of this member: which day, what it counts, and the day on
-- which it was written itself.
CREATE TABLE statement_sent (
    recipient text NOT NULL,
    day integer NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    written_on integer NOT NULL,
    digest bytea NOT NULL UNIQUE REFERENCES envelope_sent
    DEFERRABLE INITIALLY DEFERRED,
    counted bigint NOT NULL CHECK (counted > 0),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (recipient, day, number)
);
CREATE INDEX statement_sent_written ON statement_sent (written_on, recipient);

-- Append-only. Another member's statement, and how many of that day's envelopes stood
-- here then; differs is true if they were not those that it counts. noted_at is on
-- the wire clock.
CREATE TABLE statement_received (
    sender text NOT NULL,
    day integer NOT NULL,
    number bigint NOT NULL CHECK (number > 0),
    digest bytea NOT NULL UNIQUE REFERENCES envelope_received
    DEFERRABLE INITIALLY DEFERRED,
    counted bigint NOT NULL,
    here bigint NOT NULL,
    differs boolean NOT NULL,
    noted_at timestamptz NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (sender, day, number)
);
CREATE INDEX statement_differing ON statement_received (told_at) WHERE differs;

GRANT SELECT ON statement_begin TO :node_role;
GRANT SELECT, INSERT ON statement_sent, statement_received TO :node_role;
