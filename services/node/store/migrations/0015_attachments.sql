-- Attachments: files of a case, kept in sealed chunks.

-- One file of a data category. Its own key and its hash stand sealed under the key
-- of the category (key_scope, as for a record): without that nothing opens. What
-- came from another member is fetched after the release: remote_id names it there.
-- added_at is on the case clock, next_try_at on the wire clock.
CREATE TABLE attachment (
    attachment_id bytea PRIMARY KEY CHECK (length(attachment_id) = 16),
    number bigint GENERATED ALWAYS AS IDENTITY,
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    category text NOT NULL,
    key_scope text NOT NULL,
    source text NOT NULL,
    added_by text NOT NULL,
    added_at timestamptz NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL CHECK (size BETWEEN 1 AND 209715200),
    state text NOT NULL CHECK (state IN ('whole', 'fetching', 'refused')),
    remote_id bytea,
    referral_id bytea,
    attempts integer NOT NULL DEFAULT 0,
    next_try_at timestamptz,
    last_problem text,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL,
    CHECK ((remote_id IS NULL) = (referral_id IS NULL))
);
CREATE INDEX attachment_of_case ON attachment (case_id);
CREATE INDEX attachment_to_fetch ON attachment (next_try_at)
WHERE state = 'fetching';

-- The sealed chunks of an attachment, or of an upload that is not finished.
CREATE TABLE attachment_chunk (
    content_id bytea NOT NULL CHECK (length(content_id) = 16),
    number integer NOT NULL CHECK (number >= 0),
    sealed bytea NOT NULL,
    PRIMARY KEY (content_id, number)
);
-- What is sealed cannot be packed any smaller.
ALTER TABLE attachment_chunk ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- A file that an officer is adding: its keys stand sealed under the case key until
-- the attachment stands, and its raw chunks go then. started_at on the wire clock.
CREATE TABLE attachment_upload (
    upload_id bytea PRIMARY KEY CHECK (length(upload_id) = 16),
    attachment_id bytea NOT NULL UNIQUE CHECK (length(attachment_id) = 16),
    event_id bytea NOT NULL CHECK (length(event_id) = 16),
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    category text NOT NULL,
    size bigint NOT NULL CHECK (size BETWEEN 1 AND 209715200),
    added_by text NOT NULL,
    started_at timestamptz NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX attachment_upload_begun ON attachment_upload (started_at);
CREATE INDEX attachment_upload_of_officer ON attachment_upload (added_by);

-- An attachment that an offer of this member encloses, by the id that the recipient
-- knows. The key under which it travels comes with the release, sealed like the
-- attachment's own; before that there is nothing to serve.
CREATE TABLE attachment_out (
    remote_id bytea PRIMARY KEY CHECK (length(remote_id) = 16),
    attachment_id bytea NOT NULL
    REFERENCES attachment DEFERRABLE INITIALLY DEFERRED,
    referral_id bytea NOT NULL REFERENCES referral DEFERRABLE INITIALLY DEFERRED,
    recipient text NOT NULL,
    nonce bytea,
    sealed bytea,
    CHECK ((nonce IS NULL) = (sealed IS NULL))
);
CREATE INDEX attachment_out_of_referral ON attachment_out (referral_id);
CREATE INDEX attachment_out_of_attachment ON attachment_out (attachment_id);

GRANT SELECT, INSERT ON
attachment, attachment_chunk, attachment_upload, attachment_out
TO :node_role;
GRANT UPDATE (state, attempts, next_try_at, last_problem) ON attachment
TO :node_role;
GRANT UPDATE (nonce, sealed) ON attachment_out TO :node_role;
GRANT DELETE ON attachment_chunk, attachment_upload TO :node_role;
