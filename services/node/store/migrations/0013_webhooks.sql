-- Events that are brought to the member's own programs (Standard Webhooks). Instants
-- are on the wire clock but for happened_at, which is on the case clock.

-- Where a program wants its events. The secrets that sign them stand sealed under a
-- key of the endpoint's own: the present one, and until old_until the one before.
-- A lease moves next_try_at to its own end, so that what it holds is due again when
-- a node dies with it. failing_since is the first failure after the last success.
CREATE TABLE webhook_endpoint (
    endpoint_id bytea PRIMARY KEY CHECK (length(endpoint_id) = 16),
    number bigint GENERATED ALWAYS AS IDENTITY,
    client_id bytea NOT NULL REFERENCES api_client,
    url text NOT NULL,
    types text [] NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    data_key_id bytea NOT NULL REFERENCES data_key,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL,
    old_until timestamptz,
    next_try_at timestamptz NOT NULL,
    failures integer NOT NULL,
    failing_since timestamptz,
    succeeded_at timestamptz,
    failed_at timestamptz,
    last_problem text NOT NULL,
    given_up bigint NOT NULL,
    disabled_at timestamptz,
    disabled_why text NOT NULL
);
CREATE INDEX webhook_endpoint_newest ON webhook_endpoint (number);

-- What was not brought yet, in the order in which it happened. It says that something
-- happened and where to look, never what; taken out when a receiver has it.
CREATE TABLE webhook_message (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint_id bytea NOT NULL REFERENCES webhook_endpoint,
    message_id bytea NOT NULL CHECK (length(message_id) = 16),
    type text NOT NULL,
    case_pseudonym text NOT NULL,
    referral_id bytea,
    happened_at timestamptz NOT NULL
);
CREATE INDEX webhook_message_of_endpoint ON webhook_message (endpoint_id, number);

GRANT SELECT, INSERT ON webhook_endpoint TO :node_role;
GRANT UPDATE (
    nonce, sealed, old_until, next_try_at, failures, failing_since, succeeded_at,
    failed_at, last_problem, given_up, disabled_at, disabled_why
) ON webhook_endpoint TO :node_role;
GRANT SELECT, INSERT, DELETE ON webhook_message TO :node_role;
