-- destination_failed -- the circuit to a member is open; $1 recipient, $2 failures,
-- $3 problem code, $4 now, $5 next try
INSERT INTO destination (recipient, failures, last_problem, failed_at, next_try_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (recipient) DO UPDATE
    SET
        failures = excluded.failures, last_problem = excluded.last_problem,
        failed_at = excluded.failed_at, next_try_at = excluded.next_try_at;

-- destination_reached -- the circuit to a member is closed; $1 recipient
DELETE FROM destination WHERE recipient = $1;

-- destinations_forgotten -- a relay that begins tries every member
DELETE FROM destination;

-- failing -- the members that the last try did not reach
SELECT recipient, failures, next_try_at FROM destination;

-- list_destinations -- what waits for each member and what it did not take; $1 before
-- this instant was made what has expired, $2 how many, $3 how many to leave out
WITH waits AS (
    SELECT
        recipient, count(*) AS waiting, min(waits_since) AS waits_since,
        min(next_try_at) AS next_try_at, max(attempts) AS attempts,
        count(*) FILTER (WHERE waits_since < $1) AS expired,
        (
            array_agg(last_problem ORDER BY number) FILTER (
                WHERE last_problem IS NOT NULL
            )
        )[1] AS last_problem
    FROM outbox WHERE state = 'waiting'
    GROUP BY recipient
),

dead AS (
    SELECT recipient, count(*) AS letters FROM outbox
    WHERE state = 'refused'
    GROUP BY recipient
)

SELECT
    b.recipient, coalesce(w.waiting, 0) AS waiting, w.waits_since,
    greatest(w.next_try_at, d.next_try_at) AS next_try_at,
    coalesce(w.attempts, 0) AS attempts,
    coalesce(d.last_problem, w.last_problem, '') AS last_problem,
    coalesce(d.failures, 0) AS failures,
    coalesce(x.letters, 0) + coalesce(w.expired, 0) AS dead
FROM (
    SELECT recipient FROM waits
    UNION
    SELECT recipient FROM dead
) AS b
LEFT JOIN waits AS w ON b.recipient = w.recipient
LEFT JOIN dead AS x ON b.recipient = x.recipient
LEFT JOIN destination AS d ON b.recipient = d.recipient
ORDER BY b.recipient
LIMIT $2 OFFSET $3;

-- letters_waiting -- what waits for one member, in the order of writing; $1 recipient,
-- $2 before this instant was made what has expired, $3 how many, $4 how many to leave
-- out
SELECT
    o.digest, o.recipient,
    CASE WHEN o.waits_since < $2 THEN 'expired' ELSE 'waiting' END AS state,
    o.lane, o.attempts, o.waits_since, o.next_try_at,
    coalesce(o.last_problem, d.last_problem, '') AS problem,
    r.returned_at, coalesce(r.returned_by, '') AS returned_by
FROM outbox AS o
LEFT JOIN destination AS d ON o.recipient = d.recipient
LEFT JOIN envelope_return AS r ON o.digest = r.digest
WHERE o.recipient = $1 AND o.state = 'waiting'
ORDER BY o.number
LIMIT $3 OFFSET $4;

-- letters_dead -- what was refused for good or has expired, the newest first;
-- $1 recipient or empty, $2 before this instant was made what has expired,
-- $3 how many, $4 how many to leave out
SELECT
    o.digest, o.recipient, o.state, o.lane, o.attempts, o.waits_since,
    o.next_try_at, o.problem, r.returned_at,
    coalesce(r.returned_by, '') AS returned_by
FROM (
    SELECT
        digest, recipient, state, lane, attempts, waits_since, next_try_at, number,
        coalesce(refusal_code, '') AS problem
    FROM outbox
    WHERE state = 'refused' AND ($1::text = '' OR recipient = $1)
    UNION ALL
    SELECT
        digest, recipient, 'expired' AS state, lane, attempts, waits_since,
        next_try_at, number, 'envelope.expired' AS problem
    FROM outbox
    WHERE
        state = 'waiting' AND waits_since < $2
        AND ($1::text = '' OR recipient = $1)
) AS o
LEFT JOIN envelope_return AS r ON o.digest = r.digest
ORDER BY o.number DESC
LIMIT $3 OFFSET $4;

-- letter_by_digest -- $1 digest, $2 before this instant was made what has expired
SELECT
    o.digest, o.recipient,
    CASE
        WHEN o.state = 'waiting' AND o.waits_since < $2 THEN 'expired' ELSE o.state
    END AS state,
    o.lane, o.attempts, o.waits_since, o.next_try_at,
    coalesce(o.refusal_code, o.last_problem, d.last_problem, '') AS problem,
    r.returned_at, coalesce(r.returned_by, '') AS returned_by
FROM outbox AS o
LEFT JOIN destination AS d ON o.recipient = d.recipient
LEFT JOIN envelope_return AS r ON o.digest = r.digest
WHERE o.digest = $1;

-- retry_destination -- all that waits for a member is due; $1 recipient, $2 now
UPDATE outbox SET next_try_at = $2
WHERE recipient = $1 AND state = 'waiting' AND next_try_at > $2;

-- retry_letter -- one envelope that waits is due; $1 digest, $2 now
UPDATE outbox SET next_try_at = $2
WHERE digest = $1 AND state = 'waiting' AND next_try_at > $2;

-- return_letter -- given back once; $1 digest, $2 reason, $3 now, case clock,
-- $4 by whom
INSERT INTO envelope_return (digest, referral_id, reason, returned_at, returned_by)
SELECT digest, referral_id, $2, $3, $4 FROM outbox
WHERE digest = $1 AND state <> 'received' AND referral_id IS NOT NULL
ON CONFLICT DO NOTHING;

-- return_expired -- what expired and is not received is given back by the node;
-- $1 before this instant was made what has expired, $2 now, case clock, $3 how many
INSERT INTO envelope_return (digest, referral_id, reason, returned_at, returned_by)
SELECT o.digest, o.referral_id, 'envelope.expired', $2, 'node' FROM outbox AS o
WHERE
    o.state = 'waiting' AND o.waits_since < $1 AND o.referral_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM envelope_return AS r WHERE r.digest = o.digest)
ORDER BY o.waits_since
LIMIT $3
ON CONFLICT DO NOTHING;
