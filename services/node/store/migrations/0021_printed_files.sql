-- Files of papers that were printed.

-- Append-only. By which hash the file of a copy is known, so that whoever holds the
-- file learns whether a byte of it was changed. The file itself is kept nowhere.
CREATE TABLE printed_file (
    file_digest bytea PRIMARY KEY CHECK (length(file_digest) = 32),
    digest bytea NOT NULL,
    copy integer NOT NULL,
    UNIQUE (digest, copy),
    FOREIGN KEY (digest, copy) REFERENCES document_copy
);

GRANT SELECT, INSERT ON printed_file TO :node_role;
