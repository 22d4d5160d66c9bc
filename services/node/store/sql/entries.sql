-- file_entries -- the next leaves into the reading copy, each looked up by itself: a
-- join would read every event; $1 how many
INSERT INTO ledger_entry (index, kind, member, filed_at)
SELECT
    n.index, n.kind, n.member,
    coalesce(greatest(max(n.at) OVER (ORDER BY n.index), n.filed_at), 'epoch')
FROM (
    SELECT
        l.index, e.recorded_at AS at, newest.filed_at,
        coalesce(
            e.step, v.outcome, m.outcome,
            CASE WHEN o.subject IS NULL THEN 'directory_adopted' ELSE 'unknown' END
        ) AS kind,
        coalesce(r.peer, v.sender, m.member, t.recipient, '') AS member
    FROM (
        SELECT max(f.index) AS index, max(f.filed_at) AS filed_at
        FROM (
            SELECT index, filed_at FROM ledger_entry ORDER BY index DESC LIMIT 1
        ) AS f
    ) AS newest
    CROSS JOIN LATERAL (
        SELECT q.index, q.subject FROM ledger_leaf AS q
        WHERE q.index > coalesce(newest.index, -1)
        ORDER BY q.index
        LIMIT $1
    ) AS l
    LEFT JOIN LATERAL (
        SELECT q.step, q.recorded_at, q.referral_id FROM event AS q
        WHERE q.subject = l.subject
        LIMIT 1
    ) AS e ON true
    LEFT JOIN LATERAL (
        SELECT q.peer FROM referral AS q WHERE q.referral_id = e.referral_id LIMIT 1
    ) AS r ON true
    LEFT JOIN LATERAL (
        SELECT q.recipient FROM statement_sent AS q
        WHERE q.digest = l.subject
        LIMIT 1
    ) AS t ON true
    LEFT JOIN LATERAL (
        SELECT q.sender, q.outcome FROM envelope_received AS q
        WHERE q.digest = l.subject
        LIMIT 1
    ) AS v ON true
    LEFT JOIN LATERAL (
        SELECT q.outcome, q.member FROM mailbox_entry AS q
        WHERE q.subject = l.subject
        LIMIT 1
    ) AS m ON true
    LEFT JOIN LATERAL (
        SELECT q.subject FROM ledger_opening AS q WHERE q.subject = l.subject LIMIT 1
    ) AS o ON true
) AS n
ON CONFLICT DO NOTHING;

-- last_filed -- index of the newest entry in the reading copy, or null
SELECT max(index) AS index FROM ledger_entry;

-- first_filed_since -- $1 instant
SELECT index FROM ledger_entry
WHERE filed_at >= $1
ORDER BY filed_at, index
LIMIT 1;

-- entries_newest -- $1 from index, $2 before index, $3 how many
SELECT index FROM ledger_entry
WHERE index >= $1 AND index < $2
ORDER BY index DESC
LIMIT $3;

-- entries_of_kind -- $1 kind, $2 from index, $3 before index, $4 how many
SELECT index FROM ledger_entry
WHERE kind = $1 AND index >= $2 AND index < $3
ORDER BY index DESC
LIMIT $4;

-- entries_of_member -- $1 member, $2 from index, $3 before index, $4 how many
SELECT index FROM ledger_entry
WHERE member = $1 AND index >= $2 AND index < $3
ORDER BY index DESC
LIMIT $4;

-- entries_of_both -- $1 kind, $2 member, $3 from index, $4 before index, $5 how many
SELECT index FROM ledger_entry
WHERE kind = $1 AND member = $2 AND index >= $3 AND index < $4
ORDER BY index DESC
LIMIT $5;

-- entries_of_code -- of a case and its referrals, by own pseudonym or alias; $1 code,
-- $2 kind or empty, $3 member or empty, $4 from index, $5 before index, $6 how many
SELECT n.index
FROM (
    SELECT e.subject FROM referral AS r
    INNER JOIN event AS e ON r.referral_id = e.referral_id
    WHERE r.alias = $1
    UNION
    SELECT e.subject FROM cases AS c
    INNER JOIN event AS e ON c.case_id = e.case_id
    WHERE c.pseudonym = $1
    UNION
    SELECT e.subject FROM cases AS c
    INNER JOIN referral AS r ON c.case_id = r.case_id
    INNER JOIN event AS e ON r.referral_id = e.referral_id
    WHERE c.pseudonym = $1
) AS s
CROSS JOIN LATERAL (
    SELECT q.index FROM ledger_leaf AS q WHERE q.subject = s.subject LIMIT 1
) AS l
CROSS JOIN LATERAL (
    SELECT q.index, q.kind, q.member FROM ledger_entry AS q
    WHERE q.index = l.index
    LIMIT 1
) AS n
WHERE
    ($2::text = '' OR n.kind = $2) AND ($3::text = '' OR n.member = $3)
    AND n.index >= $4 AND n.index < $5
ORDER BY n.index DESC
LIMIT $6;

-- entries_sifted -- by whatever is asked for, walked from the newest; $1 code or empty
-- (own pseudonym of a case or alias), $2 kind or empty, $3 member or empty, $4 role or
-- empty, $5 unit whose cases and referrals they are or empty, $6 own member, $7 from
-- index, $8 before index, $9 how many
SELECT n.index
FROM ledger_entry AS n
CROSS JOIN LATERAL (
    SELECT q.subject FROM ledger_leaf AS q WHERE q.index = n.index LIMIT 1
) AS l
CROSS JOIN LATERAL (
    SELECT q.referral_id, q.case_id, q.actor_role FROM event AS q
    WHERE q.subject = l.subject
    LIMIT 1
) AS e
LEFT JOIN LATERAL (
    SELECT q.case_id, q.alias FROM referral AS q
    WHERE q.referral_id = e.referral_id
    LIMIT 1
) AS r ON true
LEFT JOIN LATERAL (
    SELECT q.pseudonym FROM cases AS q
    WHERE q.case_id = coalesce(e.case_id, r.case_id)
    LIMIT 1
) AS c ON true
WHERE
    ($1::text = '' OR r.alias = $1 OR c.pseudonym = $1)
    AND ($2::text = '' OR n.kind = $2) AND ($3::text = '' OR n.member = $3)
    AND ($4::text = '' OR e.actor_role = $4)
    AND (
        $5::text = ''
        OR EXISTS (
            SELECT 1 FROM event AS a
            WHERE
                a.referral_id = e.referral_id AND a.author = $6
                AND a.actor_unit = $5 AND a.actor_role <> 'node'
        )
        OR EXISTS (
            SELECT 1 FROM event AS a
            WHERE
                a.case_id = coalesce(e.case_id, r.case_id) AND a.author = $6
                AND a.actor_unit = $5 AND a.actor_role <> 'node'
        )
    )
    AND n.index >= $7 AND n.index < $8
ORDER BY n.index DESC
LIMIT $9;

-- entries_at -- what lists show of entries, the newest first; $1 indexes
SELECT
    n.index, n.kind, n.member, l.leaf, l.subject, e.recorded_at,
    coalesce(e.actor_role, '') AS role,
    coalesce(e.policy_version, '') AS policy_version,
    coalesce(r.alias, c.pseudonym, '') AS code,
    s.digest IS NOT NULL AS sent, coalesce(v.outcome, '') AS taken,
    coalesce(o.state, '') AS delivery, coalesce(o.refusal_code, '') AS refusal_code
FROM ledger_entry AS n
INNER JOIN ledger_leaf AS l ON n.index = l.index
LEFT JOIN event AS e ON l.subject = e.subject
LEFT JOIN referral AS r ON e.referral_id = r.referral_id
LEFT JOIN cases AS c ON e.case_id = c.case_id
LEFT JOIN envelope_sent AS s ON l.subject = s.digest
LEFT JOIN outbox AS o ON l.subject = o.digest
LEFT JOIN envelope_received AS v ON l.subject = v.digest
WHERE n.index = any($1::bigint [])
ORDER BY n.index DESC;

-- proofs_of -- what the other members gave for entries; $1 subjects
SELECT s.digest, s.recipient AS member, c.index, c.evidence, true AS receipt
FROM envelope_sent AS s
LEFT JOIN receipt AS c ON s.digest = c.digest
WHERE s.digest = any($1::bytea [])
UNION ALL
SELECT v.digest, v.sender AS member, NULL AS index, v.evidence, false AS receipt
FROM envelope_received AS v
WHERE v.digest = any($1::bytea []);

-- places_of_case -- where the newest events of a case and of its referrals stand, null
-- for one that stands nowhere; $1 case id, $2 how many
SELECT e.step, e.happened_at, l.index
FROM (
    SELECT event_id FROM event
    WHERE case_id = $1
    UNION
    SELECT earlier.event_id FROM referral AS q
    INNER JOIN event AS earlier ON q.referral_id = earlier.referral_id
    WHERE q.case_id = $1
) AS own
INNER JOIN event AS e ON own.event_id = e.event_id
LEFT JOIN LATERAL (
    SELECT q.index FROM ledger_leaf AS q WHERE q.subject = e.subject LIMIT 1
) AS l ON true
ORDER BY l.index DESC NULLS FIRST
LIMIT $2;

-- page_receipts -- every envelope sent with its receipt or null, in order; $1 after
-- digest, $2 how many
SELECT
    s.digest, s.recipient AS member, l.index AS own_index, c.index, c.evidence,
    true AS receipt
FROM envelope_sent AS s
INNER JOIN ledger_leaf AS l ON s.digest = l.subject
LEFT JOIN receipt AS c ON s.digest = c.digest
WHERE s.digest > $1
ORDER BY s.digest
LIMIT $2;

-- page_evidence -- every envelope received with its sender's proof, in order; $1 after
-- digest, $2 how many
SELECT
    v.digest, v.sender AS member, l.index AS own_index, NULL::bigint AS index,
    v.evidence, false AS receipt
FROM envelope_received AS v
INNER JOIN ledger_leaf AS l ON v.digest = l.subject
WHERE v.digest > $1
ORDER BY v.digest
LIMIT $2;

-- page_leaf_bytes -- leaves in order; $1 from index, $2 how many
SELECT leaf FROM ledger_leaf WHERE index >= $1 ORDER BY index LIMIT $2;
