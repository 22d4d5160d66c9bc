-- days_to_state -- days and members to whom more was written than was stated, or whose
-- statement expired before it was read; $1 first day, $2 last day
SELECT w.day, w.recipient
FROM (
    SELECT day, recipient, count(*) AS written
    FROM envelope_sent
    WHERE day >= $1 AND day <= $2
    GROUP BY day, recipient
) AS w
LEFT JOIN (
    SELECT written_on, recipient, count(*) AS statements
    FROM statement_sent
    WHERE written_on >= $1 AND written_on <= $2
    GROUP BY written_on, recipient
) AS t ON w.day = t.written_on AND w.recipient = t.recipient
LEFT JOIN LATERAL (
    SELECT q.counted, o.refusal_code FROM statement_sent AS q
    LEFT JOIN outbox AS o ON q.digest = o.digest
    WHERE q.recipient = w.recipient AND q.day = w.day
    ORDER BY q.number DESC
    LIMIT 1
) AS n ON true
WHERE
    w.written - coalesce(t.statements, 0) > coalesce(n.counted, 0)
    OR n.refusal_code = 'envelope.expired'
ORDER BY w.day, w.recipient;

-- written_on_day -- what was written to a member on a day; what left the outbox counts
-- as answered, so that its loss shows; $1 day, $2 recipient
SELECT
    s.digest, coalesce(o.state <> 'waiting', true) AS answered,
    t.digest IS NOT NULL AS statement
FROM envelope_sent AS s
LEFT JOIN outbox AS o ON s.digest = o.digest
LEFT JOIN statement_sent AS t ON s.digest = t.digest
WHERE s.day = $1 AND s.recipient = $2;

-- newest_statement -- of this member about a day, and whether it expired before it was
-- read; $1 recipient, $2 day
SELECT
    s.number, s.digest, s.hash,
    coalesce(o.refusal_code = 'envelope.expired', false) AS expired
FROM statement_sent AS s
LEFT JOIN outbox AS o ON s.digest = o.digest
WHERE s.recipient = $1 AND s.day = $2
ORDER BY s.number DESC
LIMIT 1;

-- insert_statement_sent -- $1 recipient, $2 day, $3 number, $4 written on, $5 digest,
-- $6 how many it counts, $7 hash
INSERT INTO statement_sent (
    recipient, day, number, written_on, digest, counted, hash
) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- received_on_day -- what a member made on a day and is here; $1 sender, $2 day
SELECT digest FROM envelope_received WHERE sender = $1 AND day = $2;

-- newest_stated -- the newest statement of a member about a day, 0 for none, and from
-- which day on statements can be compared here; $1 sender, $2 day
SELECT
    (
        SELECT coalesce(max(number), 0) FROM statement_received
        WHERE sender = $1 AND day = $2
    ) AS number,
    (SELECT first_day FROM statement_begin) AS first_day;

-- insert_statement_received -- $1 sender, $2 day, $3 number, $4 digest, $5 how many it
-- counts, $6 how many are here, $7 whether they differ, $8 now, wire clock, $9 now,
-- case clock
INSERT INTO statement_received (
    sender, day, number, digest, counted, here, differs, noted_at, told_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- differences -- days about which a member's newest statement is not what is here;
-- $1 told since, case clock, $2 how many
SELECT s.sender, s.day, s.counted, s.here, s.noted_at
FROM statement_received AS s
WHERE
    s.differs AND s.told_at >= $1
    AND NOT EXISTS (
        SELECT 1 FROM statement_received AS n
        WHERE n.sender = s.sender AND n.day = s.day AND n.number > s.number
    )
ORDER BY s.told_at DESC, s.sender, s.day
LIMIT $2;

-- sent_on_day -- by digest; $1 day, $2 recipient, $3 how many
SELECT
    s.digest, coalesce(o.state, '') AS state, t.digest IS NOT NULL AS statement,
    l.index, c.index AS answer_index
FROM envelope_sent AS s
INNER JOIN ledger_leaf AS l ON s.digest = l.subject
LEFT JOIN outbox AS o ON s.digest = o.digest
LEFT JOIN statement_sent AS t ON s.digest = t.digest
LEFT JOIN receipt AS c ON s.digest = c.digest
WHERE s.day = $1 AND s.recipient = $2
ORDER BY s.digest
LIMIT $3;

-- taken_on_day -- by digest; $1 day, $2 sender, $3 how many
SELECT
    v.digest, v.outcome AS state, t.digest IS NOT NULL AS statement,
    l.index, NULL::bigint AS answer_index
FROM envelope_received AS v
INNER JOIN ledger_leaf AS l ON v.digest = l.subject
LEFT JOIN statement_received AS t ON v.digest = t.digest
WHERE v.day = $1 AND v.sender = $2
ORDER BY v.digest
LIMIT $3;
