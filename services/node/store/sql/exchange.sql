-- insert_envelope_sent -- $1 digest, $2 envelope id, $3 event id, $4 referral id,
-- $5 recipient, $6 header, $7 stanza, $8 ciphertext
INSERT INTO envelope_sent (
    digest, envelope_id, event_id, referral_id, recipient, header, stanza, ciphertext
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- insert_outbox -- $1 digest, $2 recipient, $3 referral id, $4 next_try_at
INSERT INTO outbox (digest, recipient, referral_id, state, next_try_at)
VALUES ($1, $2, $3, 'waiting', $4);

-- insert_envelope_received -- columns of envelope_received in order
INSERT INTO envelope_received (
    digest, sender, envelope_id, event_id, header, stanza, ciphertext, evidence,
    outcome, code, message, received_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- known_envelopes -- what of this sender stands here; $1 sender, $2 envelope ids
SELECT envelope_id, digest, outcome, code, message
FROM envelope_received
WHERE sender = $1 AND envelope_id = any($2::bytea []);

-- recipients_due -- to whom something is due; $1 now
SELECT DISTINCT recipient FROM outbox
WHERE
    state = 'waiting' AND next_try_at <= $1
    AND (leased_until IS NULL OR leased_until < $1);

-- next_due_at -- when the next envelope is due
SELECT min(greatest(next_try_at, coalesce(leased_until, next_try_at))) AS due_at
FROM outbox WHERE state = 'waiting';

-- lease_due -- the first unsent envelope of every referral to one recipient,
-- leased; $1 recipient, $2 now, $3 leased until, $4 how many
UPDATE outbox AS o
SET leased_until = $3, fence = o.fence + 1
FROM (
    SELECT d.digest FROM outbox AS d
    WHERE
        d.recipient = $1 AND d.state = 'waiting' AND d.next_try_at <= $2
        AND (d.leased_until IS NULL OR d.leased_until < $2)
        AND NOT EXISTS (
            SELECT 1 FROM outbox AS earlier
            WHERE
                earlier.referral_id = d.referral_id AND earlier.state = 'waiting'
                AND earlier.number < d.number
        )
    ORDER BY d.number
    LIMIT $4
    FOR UPDATE SKIP LOCKED
) AS due
WHERE o.digest = due.digest
RETURNING o.digest, o.fence, o.attempts, o.number;

-- envelopes_sent -- the bytes to send; $1 digests
SELECT digest, envelope_id, event_id, referral_id, recipient, header, stanza, ciphertext
FROM envelope_sent WHERE digest = any($1::bytea []);

-- settle_outbox -- answered; $1 digest, $2 fence, $3 state, $4 refusal code
UPDATE outbox
SET
    state = $3, refusal_code = $4, leased_until = NULL, attempts = attempts + 1,
    last_problem = NULL
WHERE digest = $1 AND fence = $2 AND state = 'waiting';

-- retry_outbox -- not answered; $1 digest, $2 fence, $3 next try, $4 problem code
UPDATE outbox
SET
    next_try_at = $3, leased_until = NULL, attempts = attempts + 1,
    last_problem = $4
WHERE digest = $1 AND fence = $2 AND state = 'waiting';

-- insert_receipt -- $1 digest, $2 index, $3 evidence, $4 stored_at
INSERT INTO receipt (digest, index, evidence, stored_at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- outbox_overview -- how much waits, by recipient
SELECT
    recipient, count(*) AS waiting, min(next_try_at) AS next_try_at,
    max(attempts) AS attempts, max(last_problem) AS last_problem
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

-- envelope_id_of -- of an envelope sent or received; $1 digest
SELECT envelope_id FROM envelope_sent WHERE digest = $1
UNION ALL
SELECT envelope_id FROM envelope_received WHERE digest = $1;

-- confirm_handed -- the receiver's receipt for what moved responsibility; $1 digest
UPDATE cases SET answerable = 'handed'
FROM answerability AS a, envelope_sent AS s
WHERE
    s.digest = $1 AND a.until_event = s.event_id AND cases.case_id = a.case_id
    AND cases.answerable = 'handed_unconfirmed';

-- keep_answerability -- the receiver refused what would have moved it: this member
-- stays answerable; $1 digest
WITH refused AS (
    UPDATE answerability AS a
    SET until_event = NULL, until_at = NULL, until_step = NULL, to_member = NULL
    FROM envelope_sent AS s
    WHERE s.digest = $1 AND a.until_event = s.event_id
    RETURNING a.case_id
)
UPDATE cases SET answerable = 'answerable'
FROM refused WHERE cases.case_id = refused.case_id;

-- waiting_of -- how many envelopes of a referral wait; $1 referral id
SELECT count(*) FROM outbox WHERE referral_id = $1 AND state = 'waiting';
