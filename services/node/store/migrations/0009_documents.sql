-- Papers that were printed.

-- Append-only. One numbered copy of a document; the hash is over what it says, and
-- given_to is a code or a member. Case clock.
CREATE TABLE document_copy (
    digest bytea NOT NULL CHECK (length(digest) = 32),
    copy integer NOT NULL CHECK (copy > 0),
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    kind text NOT NULL,
    alias text NOT NULL,
    given_to text NOT NULL,
    printed_by text NOT NULL,
    printed_at timestamptz NOT NULL,
    PRIMARY KEY (digest, copy)
);
CREATE INDEX document_copy_of_case ON document_copy (case_id, printed_at DESC);
CREATE INDEX document_copy_alias ON document_copy (alias);

GRANT SELECT, INSERT ON document_copy TO :node_role;
