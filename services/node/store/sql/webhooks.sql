-- announce -- what happened, for every endpoint that wants to be told, in the same
-- transaction; arrays: $1 message ids, $2 case ids, $3 referral ids, $4 happened_at,
-- $5 types
INSERT INTO webhook_message (
    endpoint_id, message_id, type, case_pseudonym, referral_id, happened_at
)
SELECT
    w.endpoint_id, t.message_id, t.type, coalesce(c.pseudonym, ''), t.referral_id,
    t.happened_at
FROM unnest(
    $1::bytea [], $2::bytea [], $3::bytea [], $4::timestamptz [], $5::text []
) WITH ORDINALITY AS t (
    message_id, case_id, referral_id, happened_at, type, place
)
INNER JOIN webhook_endpoint AS w ON t.type = any(w.types)
LEFT JOIN cases AS c ON t.case_id = c.case_id
WHERE w.disabled_at IS NULL
ORDER BY t.place;

-- insert_webhook_endpoint -- $1 endpoint id, $2 client id, $3 url, $4 types,
-- $5 created_at, $6 created_by, $7 data key id, $8 nonce, $9 sealed
INSERT INTO webhook_endpoint (
    endpoint_id, client_id, url, types, created_at, created_by, data_key_id, nonce,
    sealed, next_try_at, failures, last_problem, given_up, disabled_why
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $5, 0, '', 0, '');

-- insert_webhook_message -- one for one endpoint, a test; $1 endpoint id,
-- $2 message id, $3 type, $4 happened_at
INSERT INTO webhook_message (
    endpoint_id, message_id, type, case_pseudonym, referral_id, happened_at
) VALUES ($1, $2, $3, '', NULL, $4);

-- webhook_endpoint -- with its key, and whether its program may still act;
-- $1 endpoint id, $2 now
SELECT
    w.endpoint_id, w.client_id, a.name, a.officer, w.url, w.types, w.created_at,
    w.created_by, w.nonce, w.sealed, w.old_until, w.next_try_at, w.failures, w.failing_since,
    w.succeeded_at, w.failed_at, w.last_problem, w.given_up, w.disabled_at,
    w.disabled_why, w.data_key_id, k.epoch, k.wrapped,
    a.revoked_at IS NULL AND a.expires_at > $2 AND o.active AS may_act,
    (
        SELECT count(*) FROM webhook_message AS m
        WHERE m.endpoint_id = w.endpoint_id
    ) AS waiting
FROM webhook_endpoint AS w
INNER JOIN data_key AS k ON w.data_key_id = k.key_id
INNER JOIN api_client AS a ON w.client_id = a.client_id
INNER JOIN officer AS o ON a.officer = o.pseudonym
WHERE w.endpoint_id = $1;

-- list_webhook_endpoints -- the newest first, those that ended too; $1 now,
-- $2 how many, $3 how many to leave out
SELECT
    w.endpoint_id, w.client_id, a.name, a.officer, w.url, w.types, w.created_at,
    w.created_by, w.nonce, w.sealed, w.old_until, w.next_try_at, w.failures, w.failing_since,
    w.succeeded_at, w.failed_at, w.last_problem, w.given_up, w.disabled_at,
    w.disabled_why, w.data_key_id, k.epoch, k.wrapped,
    a.revoked_at IS NULL AND a.expires_at > $1 AND o.active AS may_act,
    (
        SELECT count(*) FROM webhook_message AS m
        WHERE m.endpoint_id = w.endpoint_id
    ) AS waiting
FROM webhook_endpoint AS w
INNER JOIN data_key AS k ON w.data_key_id = k.key_id
INNER JOIN api_client AS a ON w.client_id = a.client_id
INNER JOIN officer AS o ON a.officer = o.pseudonym
ORDER BY w.number DESC
LIMIT $2 OFFSET $3;

-- endpoints_due -- to which something waits to be brought; $1 now
SELECT w.endpoint_id FROM webhook_endpoint AS w
WHERE
    w.disabled_at IS NULL AND w.next_try_at <= $1
    AND EXISTS (
        SELECT 1 FROM webhook_message AS m WHERE m.endpoint_id = w.endpoint_id
    );

-- next_endpoint_due -- when something that waits is tried next
SELECT min(w.next_try_at) FROM webhook_endpoint AS w
WHERE
    w.disabled_at IS NULL
    AND EXISTS (
        SELECT 1 FROM webhook_message AS m WHERE m.endpoint_id = w.endpoint_id
    );

-- lease_endpoint -- unless another holds it; $1 endpoint id, $2 now, $3 until
UPDATE webhook_endpoint SET next_try_at = $3
WHERE endpoint_id = $1 AND disabled_at IS NULL AND next_try_at <= $2
RETURNING endpoint_id;

-- first_webhook_message -- of an endpoint; $1 endpoint id
SELECT number, message_id, type, case_pseudonym, referral_id, happened_at
FROM webhook_message WHERE endpoint_id = $1
ORDER BY number
LIMIT 1;

-- drop_webhook_message -- a receiver has it; $1 number
DELETE FROM webhook_message WHERE number = $1;

-- drop_webhook_messages -- nobody will be told; $1 endpoint id
DELETE FROM webhook_message WHERE endpoint_id = $1;

-- endpoint_took -- $1 endpoint id, $2 now
UPDATE webhook_endpoint
SET
    next_try_at = $2, failures = 0, failing_since = NULL, succeeded_at = $2,
    last_problem = ''
WHERE endpoint_id = $1;

-- endpoint_failed -- $1 endpoint id, $2 now, $3 next try, $4 problem
UPDATE webhook_endpoint
SET
    next_try_at = $3, failures = failures + 1, failed_at = $2, last_problem = $4,
    failing_since = coalesce(failing_since, $2)
WHERE endpoint_id = $1;

-- disable_endpoint -- one that is disabled stays as it is; $1 endpoint id, $2 at,
-- $3 why
UPDATE webhook_endpoint
SET
    disabled_at = $2, disabled_why = $3,
    given_up = given_up + (
        SELECT count(*) FROM webhook_message AS m WHERE m.endpoint_id = $1
    )
WHERE endpoint_id = $1 AND disabled_at IS NULL
RETURNING endpoint_id;

-- hurry_endpoint -- try again now; $1 endpoint id, $2 now
UPDATE webhook_endpoint SET next_try_at = $2
WHERE endpoint_id = $1 AND next_try_at > $2;

-- hurry_endpoints -- a node that begins tries at once; $1 now
UPDATE webhook_endpoint SET next_try_at = $1 WHERE next_try_at > $1;

-- enable_endpoint -- what failed before does not count; $1 endpoint id, $2 now
UPDATE webhook_endpoint
SET
    disabled_at = NULL, disabled_why = '', next_try_at = $2, failures = 0,
    failing_since = NULL
WHERE endpoint_id = $1;

-- keep_endpoint_secrets -- $1 endpoint id, $2 nonce, $3 sealed, $4 old until
UPDATE webhook_endpoint SET nonce = $2, sealed = $3, old_until = $4
WHERE endpoint_id = $1;
