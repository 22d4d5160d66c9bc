-- work_of -- referrals whose turn it is, the earliest due first, each with its clock
-- that is due first; $1 sides, $2 types, $3 states, $4 true to add the clocks of the
-- cases themselves, $5 how many, $6 how many to leave out. OFFSET 0 keeps one look
-- into an index for every state; a join would read every referral that ever was.
SELECT w.referral_id, w.case_id, w.deadline, w.started_at, w.due_at
FROM (
    SELECT
        r.referral_id, r.case_id, t.deadline, t.started_at, t.due_at, r.updated_at
    FROM unnest($1::text [], $2::text [], $3::text []) AS k (side, kind, state)
    CROSS JOIN LATERAL (
        SELECT q.referral_id, q.case_id, q.updated_at FROM referral AS q
        WHERE q.state = k.state AND q.referral_type = k.kind AND q.side = k.side
        OFFSET 0
    ) AS r
    LEFT JOIN LATERAL (
        SELECT c.deadline, c.started_at, c.due_at FROM timer AS c
        WHERE c.referral_id = r.referral_id AND c.stopped_at IS NULL
        ORDER BY c.due_at, c.timer_id
        LIMIT 1
    ) AS t ON true
    UNION ALL
    SELECT NULL, o.case_id, o.deadline, o.started_at, o.due_at, o.started_at
    FROM timer AS o
    WHERE $4 AND o.stopped_at IS NULL AND o.referral_id IS NULL
) AS w
ORDER BY w.due_at, w.updated_at, w.referral_id
LIMIT $5 OFFSET $6;

-- count_work -- how many referrals whose turn it is, and clocks of cases themselves
-- that run; $1 sides, $2 types, $3 states, $4 true to add those clocks
SELECT
    (
        SELECT count(*)
        FROM unnest($1::text [], $2::text [], $3::text []) AS k (side, kind, state)
        CROSS JOIN LATERAL (
            SELECT q.referral_id FROM referral AS q
            WHERE q.state = k.state AND q.referral_type = k.kind AND q.side = k.side
            OFFSET 0
        ) AS r
    )
    + (
        SELECT count(*) FROM timer AS t
        WHERE $4 AND t.stopped_at IS NULL AND t.referral_id IS NULL
    );

-- offers_of -- the offers of referrals; $1 referral ids
SELECT
    e.event_id, e.referral_id, e.case_id, e.author, e.author_seq, e.step, e.actor,
    e.actor_role, e.actor_unit, e.happened_at, e.recorded_at, e.policy_version,
    e.subject, e.data_key_id, e.nonce, e.sealed, k.epoch, k.wrapped
FROM referral AS r
INNER JOIN event AS e ON r.offer_event = e.event_id
INNER JOIN data_key AS k ON e.data_key_id = k.key_id
WHERE r.referral_id = any($1::bytea []);

-- claims_of -- who works on these referrals now; $1 referral ids, $2 now, wire clock
SELECT referral_id, claimed_by, claimed_until
FROM claim WHERE referral_id = any($1::bytea []) AND claimed_until > $2;

-- take_claim -- unless another holds it; $1 referral id, $2 officer, $3 until, $4 now
INSERT INTO claim (referral_id, claimed_by, claimed_until) VALUES ($1, $2, $3)
ON CONFLICT (referral_id) DO UPDATE
    SET claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
    WHERE claim.claimed_until <= $4 OR claim.claimed_by = excluded.claimed_by
RETURNING claimed_by;

-- drop_claim -- $1 referral id, $2 officer
DELETE FROM claim WHERE referral_id = $1 AND claimed_by = $2;

-- referrals_under -- known by an alias, the newest first; $1 alias
SELECT referral_id, case_id FROM referral
WHERE alias = $1
ORDER BY updated_at DESC, referral_id;
