-- insert_envelope_sent -- $1 digest, $2 envelope id, $3 event id, $4 referral id,
-- $5 recipient, $6 header, $7 stanza, $8 ciphertext, $9 day
INSERT INTO envelope_sent (
    digest, envelope_id, event_id, referral_id, recipient, header, stanza,
    ciphertext, day
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- insert_outbox -- in the lane of its referral; $1 digest, $2 recipient, $3 referral
-- id, $4 next_try_at
INSERT INTO outbox (
    digest, recipient, referral_id, state, next_try_at, waits_since, lane
) VALUES (
    $1, $2, $3, 'waiting', $4, $4,
    coalesce(
        (
            SELECT CASE r.priority WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 END
            FROM referral AS r WHERE r.referral_id = $3
        ),
        2
    )
);

-- insert_envelope_received -- $1 digest, $2 sender, $3 envelope id, $4 event id,
-- $5 header, $6 stanza, $7 ciphertext, $8 evidence, $9 outcome, $10 code, $11 message,
-- $12 received_at, $13 day
INSERT INTO envelope_received (
    digest, sender, envelope_id, event_id, header, stanza, ciphertext, evidence,
    outcome, code, message, received_at, day
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- insert_disclosure_report -- $1 digest, $2 sender, $3 referral id, $4 step, $5 code,
-- $6 categories, $7 reported_at
INSERT INTO disclosure_report (
    digest, sender, referral_id, step, code, categories, reported_at
) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- disclosure_reports -- the newest first; $1 limit, $2 how many to leave out
SELECT digest, sender, referral_id, step, code, categories, reported_at
FROM disclosure_report
ORDER BY number DESC
LIMIT $1 OFFSET $2;

-- known_envelope -- what of this sender stands here; $1 sender, $2 envelope id
SELECT envelope_id, digest, outcome, code, message
FROM envelope_received
WHERE sender = $1 AND envelope_id = $2;

-- is_event_refused -- whether an event of this sender was opened here and refused for
-- good; asked only of a referral that is not known. $1 sender, $2 event id
SELECT EXISTS (
    SELECT 1 FROM envelope_received
    WHERE sender = $1 AND event_id = $2 AND outcome = 'refused'
) AS refused;

-- recipients_due -- to whom something is due; $1 now. Only the first of a referral
-- is due. Walks the index from recipient to recipient, not over all that waits.
WITH RECURSIVE each (recipient) AS (
    SELECT min(recipient) FROM outbox
    WHERE state = 'waiting'
    UNION ALL
    SELECT (
        SELECT min(o.recipient) FROM outbox AS o
        WHERE o.state = 'waiting' AND o.recipient > each.recipient
    ) FROM each
    WHERE each.recipient IS NOT NULL
)
SELECT each.recipient FROM each
CROSS JOIN LATERAL (
    SELECT d.digest FROM outbox AS d
    WHERE
        d.recipient = each.recipient AND d.state = 'waiting' AND d.next_try_at <= $1
        AND NOT EXISTS (
            SELECT 1 FROM outbox AS earlier
            WHERE
                earlier.referral_id = d.referral_id AND earlier.state = 'waiting'
                AND earlier.number < d.number
        )
    ORDER BY d.next_try_at
    LIMIT 1
) AS first
ORDER BY each.recipient;

-- next_due_at -- when the next first of a referral is due, or its lease ends
WITH RECURSIVE each (recipient) AS (
    SELECT min(recipient) FROM outbox
    WHERE state = 'waiting'
    UNION ALL
    SELECT (
        SELECT min(o.recipient) FROM outbox AS o
        WHERE o.state = 'waiting' AND o.recipient > each.recipient
    ) FROM each
    WHERE each.recipient IS NOT NULL
)
SELECT min(first.next_try_at) AS due_at FROM each
CROSS JOIN LATERAL (
    SELECT d.next_try_at FROM outbox AS d
    WHERE
        d.recipient = each.recipient AND d.state = 'waiting'
        AND NOT EXISTS (
            SELECT 1 FROM outbox AS earlier
            WHERE
                earlier.referral_id = d.referral_id AND earlier.state = 'waiting'
                AND earlier.number < d.number
        )
    ORDER BY d.next_try_at
    LIMIT 1
) AS first;

-- free_leases -- a relay that begins is the only one: what an earlier one leased,
-- or put off, is due; what lies in a mailbox stays there; $1 now
UPDATE outbox SET next_try_at = $1, fence = fence + 1
WHERE
    state = 'waiting' AND next_try_at > $1
    AND last_problem IS DISTINCT FROM 'relayed';

-- lease_due -- the first unsent envelope of every referral to one recipient, leased:
-- by lanes, and beside them those that wait longest, so that no lane waits for ever;
-- $1 recipient, $2 now, $3 leased until, $4 how many by lanes, $5 how many of the
-- oldest
WITH in_lanes AS MATERIALIZED (
    SELECT d.digest FROM outbox AS d
    WHERE
        d.recipient = $1 AND d.state = 'waiting' AND d.next_try_at <= $2
        AND NOT EXISTS (
            SELECT 1 FROM outbox AS earlier
            WHERE
                earlier.referral_id = d.referral_id AND earlier.state = 'waiting'
                AND earlier.number < d.number
        )
    ORDER BY d.lane, d.number
    LIMIT $4
    FOR UPDATE SKIP LOCKED
),

oldest AS MATERIALIZED (
    SELECT d.digest FROM outbox AS d
    WHERE
        d.recipient = $1 AND d.state = 'waiting' AND d.next_try_at <= $2
        AND d.digest NOT IN (SELECT l.digest FROM in_lanes AS l)
        AND NOT EXISTS (
            SELECT 1 FROM outbox AS earlier
            WHERE
                earlier.referral_id = d.referral_id AND earlier.state = 'waiting'
                AND earlier.number < d.number
        )
    ORDER BY d.number
    LIMIT $5
    FOR UPDATE SKIP LOCKED
),

due AS (
    SELECT digest FROM in_lanes
    UNION ALL
    SELECT digest FROM oldest
)

UPDATE outbox AS o SET next_try_at = $3, fence = o.fence + 1
FROM due WHERE o.digest = due.digest
RETURNING o.digest, o.fence, o.attempts, o.lane, o.number;

-- envelopes_sent -- the bytes to send; $1 digests
SELECT digest, envelope_id, event_id, referral_id, recipient, header, stanza, ciphertext
FROM envelope_sent WHERE digest = any($1::bytea []);

-- settle_outbox -- answered; what is of no referral has nothing to go back to;
-- $1 digests, $2 fences, $3 states, $4 refusal codes
UPDATE outbox AS o
SET
    state = a.state, refusal_code = a.code, attempts = o.attempts + 1,
    last_problem = NULL, refusal_applied = o.referral_id IS NULL
FROM unnest($1::bytea [], $2::bigint [], $3::text [], $4::text [])
    AS a (digest, fence, state, code)
WHERE o.digest = a.digest AND o.fence = a.fence AND o.state = 'waiting';

-- lock_outbox -- whatever became of the fences; $1 digests
SELECT digest FROM outbox
WHERE digest = any($1::bytea [])
ORDER BY digest
FOR UPDATE;

-- retry_outbox -- not answered; $1 digests, $2 fences, $3 next tries, $4 problem codes
UPDATE outbox AS o
SET next_try_at = a.next_try_at, attempts = o.attempts + 1, last_problem = a.problem
FROM unnest($1::bytea [], $2::bigint [], $3::timestamptz [], $4::text [])
    AS a (digest, fence, next_try_at, problem)
WHERE o.digest = a.digest AND o.fence = a.fence AND o.state = 'waiting';

-- insert_receipts -- $1 digests, $2 indexes, $3 evidence of each, $4 stored_at
INSERT INTO receipt (digest, index, evidence, stored_at)
SELECT r.digest, r.index, r.evidence, $4
FROM unnest($1::bytea [], $2::bigint [], $3::bytea []) AS r (digest, index, evidence)
ON CONFLICT DO NOTHING;

-- outbox_overview -- how much waits, by recipient, with the problem of what has
-- waited longest
SELECT
    recipient, count(*) AS waiting, min(next_try_at) AS next_try_at,
    max(attempts) AS attempts,
    (
        array_agg(last_problem ORDER BY number) FILTER (
            WHERE last_problem IS NOT NULL
        )
    )[1] AS last_problem
FROM outbox WHERE state = 'waiting'
GROUP BY recipient
ORDER BY recipient;

-- insert_part_key -- $1 referral id, $2 envelope id, $3 part id, $4 category,
-- $5 data key id, $6 nonce, $7 sealed
INSERT INTO part_key (
    referral_id, envelope_id, part_id, category, data_key_id, nonce, sealed
) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- part_keys_of -- $1 referral id
SELECT
    p.envelope_id, p.part_id, p.category, p.nonce, p.sealed, k.epoch, k.wrapped
FROM part_key AS p
INNER JOIN data_key AS k ON p.data_key_id = k.key_id
WHERE p.referral_id = $1
ORDER BY p.part_id;

-- destroy_part_keys -- after release, decline, recall, void; $1 referral id
DELETE FROM part_key WHERE referral_id = $1;

-- page_sent -- every envelope sent with its receipt, in order; $1 after digest,
-- $2 how many
SELECT
    s.digest, s.envelope_id, s.event_id, s.recipient, s.header, s.stanza,
    s.ciphertext, c.index AS receipt_index, c.evidence AS receipt, o.state
FROM envelope_sent AS s
INNER JOIN outbox AS o ON s.digest = o.digest
LEFT JOIN receipt AS c ON s.digest = c.digest
WHERE s.digest > $1
ORDER BY s.digest
LIMIT $2;

-- page_received -- every envelope received, in order; $1 after digest, $2 how many
SELECT
    digest, sender, envelope_id, event_id, header, stanza, ciphertext, evidence,
    outcome, code
FROM envelope_received
WHERE digest > $1
ORDER BY digest
LIMIT $2;

-- sent_among -- envelopes sent with their receipts; $1 digests
SELECT
    s.digest, s.envelope_id, s.event_id, s.recipient, s.header, s.stanza,
    s.ciphertext, c.index AS receipt_index, c.evidence AS receipt, o.state
FROM envelope_sent AS s
INNER JOIN outbox AS o ON s.digest = o.digest
LEFT JOIN receipt AS c ON s.digest = c.digest
WHERE s.digest = any($1::bytea [])
ORDER BY s.digest;

-- received_among -- envelopes received; $1 digests
SELECT
    digest, sender, envelope_id, event_id, header, stanza, ciphertext, evidence,
    outcome, code
FROM envelope_received
WHERE digest = any($1::bytea [])
ORDER BY digest;

-- envelope_id_of -- of an envelope sent or received; $1 digest
SELECT envelope_id FROM envelope_sent WHERE digest = $1
UNION ALL
SELECT envelope_id FROM envelope_received WHERE digest = $1;

-- confirm_handed -- the receiver's receipt for what moved responsibility, unless
-- the person came back since; $1 digests
UPDATE cases SET answerable = 'handed'
FROM envelope_sent AS s
INNER JOIN outbox AS o ON s.digest = o.digest
INNER JOIN event AS e ON s.event_id = e.event_id
INNER JOIN answerability AS a
    ON e.case_id = a.case_id AND e.event_id = a.until_event
WHERE
    s.digest = any($1::bytea []) AND o.state = 'received' AND cases.case_id = a.case_id
    AND cases.answerable = 'handed_unconfirmed'
    AND NOT EXISTS (
        SELECT 1 FROM answerability AS later
        WHERE later.case_id = a.case_id AND later.number > a.number
    );

-- keep_answerability -- the receiver refused what would have moved responsibility:
-- the period goes on, to its open end or to the next period here; $1 digest
WITH refused AS (
    SELECT
        a.case_id, a.number,
        (
            SELECT min(later.number) FROM answerability AS later
            WHERE later.case_id = a.case_id AND later.number > a.number
        ) AS next_number
    FROM envelope_sent AS s
    INNER JOIN outbox AS o ON s.digest = o.digest
    INNER JOIN event AS e ON s.event_id = e.event_id
    INNER JOIN answerability AS a
        ON e.case_id = a.case_id AND e.event_id = a.until_event
    WHERE s.digest = $1 AND o.state = 'refused'
),

gone_on AS (
    UPDATE answerability AS a
    SET
        until_event = n.since_event, until_at = n.since_at,
        until_step = n.since_step, to_member = NULL
    FROM refused AS r
    LEFT JOIN answerability AS n
        ON r.case_id = n.case_id AND r.next_number = n.number
    WHERE a.case_id = r.case_id AND a.number = r.number
    RETURNING a.case_id, a.until_event
)

UPDATE cases SET answerable = 'answerable'
FROM gone_on
WHERE cases.case_id = gone_on.case_id AND gone_on.until_event IS NULL;

-- waiting_of -- how many envelopes of a referral wait; $1 referral id
SELECT count(*) FROM outbox WHERE referral_id = $1 AND state = 'waiting';

-- step_waiting -- whether a step of this member in a referral waits to be received;
-- $1 referral id, $2 step
SELECT count(*) FROM outbox AS o
INNER JOIN envelope_sent AS s ON o.digest = s.digest
INNER JOIN event AS e ON s.event_id = e.event_id
WHERE o.referral_id = $1 AND o.state = 'waiting' AND e.step = $2;

-- refusals_to_apply -- refused envelopes after which their sender has yet to go
-- back, oldest first; $1 how many
SELECT digest FROM outbox
WHERE state = 'refused' AND NOT refusal_applied
ORDER BY number
LIMIT $1;

-- refusal_of -- the final refusal of an envelope; $1 digest
SELECT
    s.referral_id, s.event_id, coalesce(o.refusal_code, '') AS code,
    o.refusal_applied AS applied
FROM outbox AS o
INNER JOIN envelope_sent AS s ON o.digest = s.digest
WHERE o.digest = $1 AND o.state = 'refused';

-- apply_refusal -- its sender has gone back; $1 digest
UPDATE outbox SET refusal_applied = true
WHERE digest = $1 AND state = 'refused';
