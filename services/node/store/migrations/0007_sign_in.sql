-- Officers prove who they are; who looked at what is kept; what was typed and not
-- sent is kept for its officer. Every instant is on the wire clock. Tokens and codes
-- stand here as SHA-256 only.

-- What an officer signs in with; password hash and secret of the one-time codes are
-- sealed together under a key of their own. totp_step is the last step that was used.
CREATE TABLE sign_in_credential (
    pseudonym text PRIMARY KEY REFERENCES officer,
    user_handle bytea NOT NULL UNIQUE CHECK (length(user_handle) = 16),
    totp_step bigint NOT NULL,
    language text NOT NULL,
    enrolled_at timestamptz NOT NULL,
    data_key_id bytea NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL
);

-- The open invitation of an officer; what was chosen so far is sealed likewise.
CREATE TABLE sign_in_invitation (
    pseudonym text PRIMARY KEY REFERENCES officer,
    code_hash bytea NOT NULL UNIQUE CHECK (length(code_hash) = 32),
    user_handle bytea NOT NULL CHECK (length(user_handle) = 16),
    expires_at timestamptz NOT NULL,
    data_key_id bytea,
    nonce bytea,
    sealed bytea
);

-- What the officer calls the passkey is sealed under the audit key.
CREATE TABLE passkey (
    credential_id bytea PRIMARY KEY CHECK (length(credential_id) <= 1023),
    pseudonym text NOT NULL REFERENCES officer,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    added_at timestamptz NOT NULL,
    used_at timestamptz,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX passkey_of_officer ON passkey (pseudonym, added_at);

-- A challenge that no passkey answered yet; token_hash is the session that asked.
CREATE TABLE passkey_challenge (
    challenge bytea PRIMARY KEY CHECK (length(challenge) = 32),
    token_hash bytea,
    expires_at timestamptz NOT NULL
);
CREATE INDEX passkey_challenge_expires ON passkey_challenge (expires_at);

CREATE TABLE officer_session (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    pseudonym text NOT NULL REFERENCES officer,
    method text NOT NULL CHECK (method IN ('password', 'passkey')),
    signed_in_at timestamptz NOT NULL,
    last_seen timestamptz NOT NULL,
    locked_at timestamptz,
    wrong_proofs integer NOT NULL,
    reauthenticated_at timestamptz NOT NULL
);
CREATE INDEX session_of_officer ON officer_session (pseudonym);

-- Tries that failed; subject is the SHA-256 of an officer, a source or a code.
CREATE TABLE sign_in_tries (
    subject bytea PRIMARY KEY CHECK (length(subject) = 32),
    failures integer NOT NULL,
    last_at timestamptz NOT NULL,
    locked_until timestamptz
);

-- Append-only. What happened around sign-in.
CREATE TABLE sign_in_event (
    officer text NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    what text NOT NULL,
    method text NOT NULL,
    done_by text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX sign_in_event_of_officer ON sign_in_event (officer, number);

-- Append-only. Who looked at what, or was refused; written before the answer goes
-- out. The reason is sealed under the audit key.
CREATE TABLE access (
    access_id bytea NOT NULL CHECK (length(access_id) = 16),
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    officer text NOT NULL,
    role text NOT NULL,
    unit text NOT NULL,
    listener text NOT NULL,
    what text NOT NULL,
    case_pseudonym text NOT NULL,
    subject_id bytea NOT NULL,
    outcome text NOT NULL,
    at timestamptz NOT NULL,
    nonce bytea,
    sealed bytea
);
CREATE INDEX access_of_case ON access (case_pseudonym, number);
CREATE INDEX access_of_subject ON access (subject_id, number);
CREATE INDEX access_of_officer ON access (officer, number);

-- What an officer typed and did not send yet, sealed under a key of its own.
CREATE TABLE form (
    form_id bytea PRIMARY KEY CHECK (length(form_id) = 16),
    officer text NOT NULL,
    kind text NOT NULL,
    case_pseudonym text NOT NULL,
    begun_at timestamptz NOT NULL,
    kept_at timestamptz NOT NULL,
    version integer NOT NULL,
    data_key_id bytea NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX form_of_officer ON form (officer, kept_at);

GRANT SELECT, INSERT ON
sign_in_event, access TO :node_role;
GRANT SELECT, INSERT, DELETE ON
sign_in_credential, sign_in_invitation, passkey, passkey_challenge, officer_session,
sign_in_tries, form TO :node_role;
GRANT UPDATE (
    user_handle, totp_step, language, enrolled_at, data_key_id, nonce, sealed
) ON sign_in_credential TO :node_role;
GRANT UPDATE (
    code_hash, user_handle, expires_at, data_key_id, nonce, sealed
) ON sign_in_invitation TO :node_role;
GRANT UPDATE (sign_count, used_at) ON passkey TO :node_role;
GRANT UPDATE (last_seen, locked_at, wrong_proofs, reauthenticated_at)
ON officer_session TO :node_role;
GRANT UPDATE (failures, last_at, locked_until) ON sign_in_tries TO :node_role;
GRANT UPDATE (case_pseudonym, kept_at, version, nonce, sealed) ON form TO :node_role;
