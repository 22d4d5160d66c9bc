-- The tables of one member's node. Runs as the database's owner; :node_role is
-- replaced by the role that the node logs in with.
--
-- Two kinds of table: what is append-only (the node may SELECT and INSERT, and
-- nobody edits history) and what holds present state (the node may UPDATE too).
-- Identifiers are random bytes, instants named *_at are on the case clock but
-- where they say wire clock. Sealed columns are AES-256-GCM under a key of
-- data_key; nothing about a person stands in any other column. A number is given
-- by the database in the order of writing.

-- Ledger -----------------------------------------------------------------

-- The one row that a batch locks: size, root and newest signed checkpoint.
CREATE TABLE ledger_head (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    origin text NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    root bytea NOT NULL CHECK (length(root) = 32),
    checkpoint bytea NOT NULL
);

-- Append-only. subject is the envelope's digest, the event id of an act without
-- envelope, or the SHA-256 of an adopted directory head.
CREATE TABLE ledger_leaf (
    index bigint PRIMARY KEY,
    leaf bytea NOT NULL CHECK (length(leaf) = 98),
    subject bytea NOT NULL UNIQUE
);

-- Append-only. Hashes of complete subtrees (RFC 6962), level 0 the leaf hashes.
CREATE TABLE ledger_node (
    level smallint NOT NULL,
    index bigint NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, index)
);

-- Append-only. Every head that was signed.
CREATE TABLE ledger_checkpoint (
    size bigint PRIMARY KEY,
    note bytea NOT NULL
);

-- Append-only. What stands under the commitments of a leaf: meta and link under
-- the audit key of the year, pers under the case's or referral's key (or the
-- audit key where the envelope was never opened: data_key_id is null).
CREATE TABLE ledger_opening (
    subject bytea PRIMARY KEY,
    data_key_id bytea,
    public_nonce bytea NOT NULL,
    public_sealed bytea NOT NULL,
    pers_nonce bytea NOT NULL,
    pers_sealed bytea NOT NULL
);

-- Directory ----------------------------------------------------------------

-- Append-only. The members' directory, replicated whole, in clear.
CREATE TABLE directory_leaf (
    index bigint PRIMARY KEY,
    leaf bytea NOT NULL
);

-- Append-only. Heads of the directory that this node adopted.
CREATE TABLE directory_head (
    size bigint PRIMARY KEY,
    root bytea NOT NULL CHECK (length(root) = 32),
    checkpoint bytea NOT NULL
);

-- The newest head of every peer's ledger that this node has verified.
CREATE TABLE peer_head (
    member text PRIMARY KEY,
    size bigint NOT NULL,
    root bytea NOT NULL CHECK (length(root) = 32),
    checkpoint bytea NOT NULL
);

-- Keys at rest --------------------------------------------------------------

-- One random key per case and category, per case and per referral, wrapped by
-- the at-rest epoch whose key stands outside this database.
CREATE TABLE data_key (
    key_id bytea PRIMARY KEY CHECK (length(key_id) = 16),
    owner bytea NOT NULL,
    scope text NOT NULL,
    epoch integer NOT NULL,
    wrapped bytea NOT NULL,
    UNIQUE (owner, scope)
);

-- People of the member --------------------------------------------------------

-- Staff pseudonyms with role and unit; an act names one. Who entered and who last
-- changed the officer is empty for the very first administrator only.
CREATE TABLE officer (
    pseudonym text PRIMARY KEY,
    role text NOT NULL,
    unit text NOT NULL,
    active boolean NOT NULL,
    added_at timestamptz NOT NULL,
    added_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL
);

-- Append-only. Where the driven case clock was put, by whom; wire clock beside it.
CREATE TABLE clock_move (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_at timestamptz NOT NULL,
    moved_at timestamptz NOT NULL,
    moved_by text NOT NULL
);

-- Cases -----------------------------------------------------------------------

-- One person's way through the mechanism at this member.
CREATE TABLE cases (
    case_id bytea PRIMARY KEY CHECK (length(case_id) = 16),
    pseudonym text NOT NULL UNIQUE,
    door text NOT NULL,
    phase text NOT NULL,
    answerable text NOT NULL CHECK (
        answerable IN ('not_answerable', 'answerable', 'handed_unconfirmed', 'handed')
    ),
    case_seq bigint NOT NULL,
    opened_at timestamptz NOT NULL,
    opened_by text NOT NULL
);
CREATE INDEX cases_newest ON cases (opened_at DESC, pseudonym);

-- The pseudonym of a case between this member and one other.
CREATE TABLE case_alias (
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    member text NOT NULL,
    alias text NOT NULL,
    PRIMARY KEY (member, alias),
    UNIQUE (case_id, member)
);

-- Append-only. What is known about the person, one row a version; of two versions
-- of one instant the later number is the newer.
CREATE TABLE case_record (
    record_id bigint PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY,
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    category text NOT NULL,
    source text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX case_record_of_case ON case_record (
    case_id, category, recorded_at DESC, number DESC
);

-- From when to when this member was answerable, and by which events. to_member is
-- null for an open period, and for one that went on in the next period here.
CREATE TABLE answerability (
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    number bigint GENERATED ALWAYS AS IDENTITY,
    since_event bytea NOT NULL,
    since_at timestamptz NOT NULL,
    since_step text NOT NULL,
    from_member text NOT NULL,
    until_event bytea,
    until_at timestamptz,
    until_step text,
    to_member text,
    PRIMARY KEY (case_id, since_event)
);
-- I1 at one node: at most one open period a case.
CREATE UNIQUE INDEX answerability_open ON answerability (case_id)
WHERE until_event IS NULL;

-- Referrals and events --------------------------------------------------------

-- One request between this member and one other about a case.
CREATE TABLE referral (
    referral_id bytea PRIMARY KEY CHECK (length(referral_id) = 16),
    case_id bytea REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    side text NOT NULL CHECK (side IN ('giver', 'receiver')),
    peer text NOT NULL,
    alias text NOT NULL,
    referral_type text NOT NULL,
    priority text NOT NULL,
    moves_on text NOT NULL CHECK (moves_on IN ('never', 'release', 'minutes')),
    state text NOT NULL,
    referral_no integer NOT NULL,
    sent_seq bigint NOT NULL,
    received_seq bigint NOT NULL,
    last_event bytea NOT NULL,
    offer_event bytea NOT NULL,
    offered_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX referral_of_case ON referral (case_id);
CREATE INDEX referral_newest ON referral (updated_at DESC, referral_id);
-- Acceptances that the giver's node has yet to answer by itself.
CREATE INDEX referral_to_answer ON referral (updated_at)
WHERE side = 'giver' AND state IN ('accepted', 'recalled', 'revoked', 'expired');
-- Witnesses of a return whom a withdrawal may still stop.
CREATE INDEX referral_of_witness ON referral (updated_at)
WHERE
    side = 'giver' AND referral_type = 'border_handover'
    AND state IN ('offered', 'opened', 'asked', 'accepted', 'in_service');

-- Append-only. Every event of a referral or a case, and the guard of the batch:
-- whoever comes second with a taken number decides afresh.
CREATE TABLE event (
    event_id bytea PRIMARY KEY CHECK (length(event_id) = 16),
    referral_id bytea REFERENCES referral DEFERRABLE INITIALLY DEFERRED,
    referral_no integer,
    case_id bytea REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    case_seq bigint,
    author text NOT NULL,
    author_seq bigint,
    step text NOT NULL,
    actor text NOT NULL,
    actor_role text NOT NULL,
    actor_unit text NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    policy_version text NOT NULL,
    subject bytea NOT NULL UNIQUE,
    data_key_id bytea NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL,
    UNIQUE (referral_id, referral_no),
    UNIQUE (referral_id, author, author_seq),
    UNIQUE (case_id, case_seq)
);
CREATE INDEX event_newest ON event (author, recorded_at);
-- Most offers that were taken back were never accepted: one look says so.
CREATE INDEX event_accepted ON event (referral_id) WHERE step = 'accept';

-- Envelopes ---------------------------------------------------------------

-- Append-only. Envelopes as sent.
CREATE TABLE envelope_sent (
    digest bytea PRIMARY KEY CHECK (length(digest) = 32),
    envelope_id bytea NOT NULL UNIQUE CHECK (length(envelope_id) = 16),
    event_id bytea NOT NULL REFERENCES event DEFERRABLE INITIALLY DEFERRED,
    referral_id bytea NOT NULL,
    recipient text NOT NULL,
    header bytea NOT NULL,
    stanza bytea NOT NULL,
    ciphertext bytea NOT NULL
);

-- What the relay still has to do for an envelope. number gives the order within
-- a referral. A lease moves next_try_at to its own end and raises the fence, so
-- that an envelope is due again when a relay dies with it; wire clock. A refusal is
-- applied once the referral went back to where both ends last agreed.
CREATE TABLE outbox (
    digest bytea PRIMARY KEY REFERENCES envelope_sent DEFERRABLE INITIALLY DEFERRED,
    number bigint GENERATED ALWAYS AS IDENTITY,
    recipient text NOT NULL,
    referral_id bytea NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'received', 'refused')),
    refusal_code text,
    attempts integer NOT NULL DEFAULT 0,
    last_problem text,
    next_try_at timestamptz NOT NULL,
    fence bigint NOT NULL DEFAULT 0,
    refusal_applied boolean NOT NULL DEFAULT false
);
CREATE INDEX outbox_in_order ON outbox (recipient, number) WHERE state = 'waiting';
CREATE INDEX outbox_due ON outbox (recipient, next_try_at) WHERE state = 'waiting';
CREATE INDEX outbox_of_referral ON outbox (referral_id, number)
WHERE state = 'waiting';
CREATE INDEX outbox_refused ON outbox (number)
WHERE state = 'refused' AND NOT refusal_applied;

-- Append-only. The recipient's evidence for a digest; wire clock.
CREATE TABLE receipt (
    digest bytea PRIMARY KEY REFERENCES envelope_sent DEFERRABLE INITIALLY DEFERRED,
    index bigint NOT NULL,
    evidence bytea NOT NULL,
    stored_at timestamptz NOT NULL
);

-- Append-only. Envelopes as received, with the sender's evidence; wire clock.
CREATE TABLE envelope_received (
    digest bytea PRIMARY KEY CHECK (length(digest) = 32),
    sender text NOT NULL,
    envelope_id bytea NOT NULL,
    event_id bytea,
    header bytea NOT NULL,
    stanza bytea NOT NULL,
    ciphertext bytea NOT NULL,
    evidence bytea NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('received', 'duplicate', 'refused')),
    code text NOT NULL,
    message text NOT NULL,
    received_at timestamptz NOT NULL,
    UNIQUE (sender, envelope_id)
);

-- Keys of the parts of this member's offers, until released or destroyed.
CREATE TABLE part_key (
    referral_id bytea NOT NULL,
    envelope_id bytea NOT NULL,
    part_id text NOT NULL,
    category text NOT NULL,
    data_key_id bytea NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (envelope_id, part_id)
);
CREATE INDEX part_key_of_referral ON part_key (referral_id);

-- Consent -------------------------------------------------------------------

-- Append-only. Answers of the person, refusals too, per purpose, recipient and
-- categories; the rest of the record is sealed under the case key. A withdrawal may
-- carry the id of the answer that it ends.
CREATE TABLE consent (
    consent_id bytea NOT NULL CHECK (length(consent_id) = 16),
    number bigint GENERATED ALWAYS AS IDENTITY,
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    holder text NOT NULL,
    purpose text NOT NULL,
    recipient text NOT NULL,
    categories text[] NOT NULL,
    status text NOT NULL,
    given_at timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (case_id, consent_id, status)
);

-- Emergency overrides: two officers, law, reason (sealed), review.
CREATE TABLE emergency_override (
    override_id bytea PRIMARY KEY CHECK (length(override_id) = 16),
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
    recipient text NOT NULL,
    purpose text NOT NULL,
    category text NOT NULL,
    law text NOT NULL,
    first_officer text NOT NULL,
    second_officer text NOT NULL,
    recorded_at timestamptz NOT NULL,
    review_by timestamptz NOT NULL,
    reviewed_at timestamptz,
    reviewed_by text,
    review text,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX override_of_case ON emergency_override (case_id);

-- Drafts -------------------------------------------------------------------

-- Append-only. Rows of case sheets that wait for an officer; source_key makes the
-- same row the same draft. Sealed under a key of its own.
CREATE TABLE draft (
    draft_id bytea PRIMARY KEY CHECK (length(draft_id) = 16),
    number bigint GENERATED ALWAYS AS IDENTITY,
    source_key bytea NOT NULL UNIQUE,
    officer text NOT NULL,
    status text NOT NULL CHECK (status IN ('draft', 'history')),
    interview_consent boolean NOT NULL,
    imported_at timestamptz NOT NULL,
    data_key_id bytea NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX draft_of_officer ON draft (officer, number);

-- Append-only. Which case a draft became: one, whoever confirms it again.
CREATE TABLE draft_case (
    draft_id bytea PRIMARY KEY REFERENCES draft DEFERRABLE INITIALLY DEFERRED,
    case_id bytea NOT NULL REFERENCES cases DEFERRABLE INITIALLY DEFERRED
);

-- Rights of the node's role ---------------------------------------------------

GRANT USAGE ON SCHEMA public TO :node_role;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO :node_role;
REVOKE INSERT ON migration FROM :node_role;
GRANT UPDATE (size, root, checkpoint) ON ledger_head TO :node_role;
GRANT UPDATE (size, root, checkpoint) ON peer_head TO :node_role;
GRANT UPDATE (role, unit, active, changed_at, changed_by) ON officer TO :node_role;
GRANT UPDATE (phase, answerable, case_seq) ON cases TO :node_role;
GRANT UPDATE (until_event, until_at, until_step, to_member) ON answerability
TO :node_role;
GRANT UPDATE (
    case_id, state, referral_no, sent_seq, received_seq, last_event, updated_at
) ON referral TO :node_role;
GRANT UPDATE (
    state, refusal_code, attempts, last_problem, next_try_at, fence, refusal_applied
) ON outbox TO :node_role;
GRANT UPDATE (reviewed_at, reviewed_by, review) ON emergency_override TO :node_role;
GRANT DELETE ON part_key TO :node_role;
