-- Letters between members of whom neither can be dialled. The mailbox keeps them
-- sealed; all instants here are on the wire clock.

-- A letter that waits to be collected: its label and what only its recipient opens.
CREATE TABLE mailbox_letter (
    digest bytea PRIMARY KEY CHECK (length(digest) = 32),
    number bigint GENERATED ALWAYS AS IDENTITY,
    recipient text NOT NULL,
    sender text NOT NULL,
    label bytea NOT NULL,
    sealed bytea NOT NULL,
    length bigint NOT NULL,
    deposited_at timestamptz NOT NULL
);
CREATE INDEX mailbox_letter_of_recipient ON mailbox_letter (recipient, number);
CREATE INDEX mailbox_letter_oldest ON mailbox_letter (deposited_at);
-- What is sealed cannot be packed any smaller.
ALTER TABLE mailbox_letter ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Append-only. What became of letters here, as the ledger holds it: who deposited or
-- collected one, and when.
CREATE TABLE mailbox_entry (
    subject bytea PRIMARY KEY CHECK (length(subject) = 32),
    outcome text NOT NULL CHECK (outcome IN ('relayed', 'collected', 'expired')),
    member text NOT NULL,
    noted_at timestamptz NOT NULL
);

-- Append-only. The mailbox's evidence that it keeps an envelope of this member, by
-- the envelope and the letter that it lies in. No receipt.
CREATE TABLE relayed (
    digest bytea NOT NULL REFERENCES envelope_sent DEFERRABLE INITIALLY DEFERRED,
    letter bytea NOT NULL CHECK (length(letter) = 32),
    member text NOT NULL,
    index bigint NOT NULL,
    evidence bytea NOT NULL,
    stored_at timestamptz NOT NULL,
    PRIMARY KEY (digest, letter)
);

-- Heads of this ledger that a member knows, or will when it reads the letters that
-- are under way to it: the smallest is the one that it named last.
CREATE TABLE letter_head (
    member text NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    PRIMARY KEY (member, size)
);

GRANT SELECT, INSERT ON mailbox_letter, mailbox_entry, relayed, letter_head
TO :node_role;
GRANT DELETE ON mailbox_letter, letter_head TO :node_role;
