-- work_of -- referrals whose turn it is, the earliest due first, each with its clock
-- that is due first; $1 sides, $2 types, $3 states, $4 true to add the clocks of the
-- cases themselves, $5 how many, $6 how many to leave out. Clocks are walked as they
-- are due, up to the end of the page; what has no clock comes last, and is looked for
-- only where the page reaches it.
WITH timed AS MATERIALIZED (
    SELECT
        t.referral_id, t.deadline, t.started_at, t.due_at, t.timer_id,
        CASE WHEN t.referral_id IS NULL THEN t.case_id ELSE r.case_id END AS case_id
    FROM timer AS t
    LEFT JOIN referral AS r ON t.referral_id = r.referral_id
    WHERE t.stopped_at IS NULL AND (
        (t.referral_id IS NULL AND $4)
        OR (
            (r.side, r.referral_type, r.state) IN (
                SELECT k.side, k.kind, k.state
                FROM unnest($1::text [], $2::text [], $3::text [])
                    AS k (side, kind, state)
            )
            AND NOT EXISTS (
                SELECT 1 FROM timer AS c
                WHERE
                    c.referral_id = t.referral_id AND c.stopped_at IS NULL
                    AND (c.due_at, c.timer_id) < (t.due_at, t.timer_id)
            )
        )
    )
    ORDER BY t.due_at, t.timer_id
    LIMIT $5::bigint + $6::bigint
)
SELECT w.referral_id, w.case_id, w.deadline, w.started_at, w.due_at
FROM (
    SELECT
        d.referral_id, d.case_id, d.deadline, d.started_at, d.due_at, d.timer_id,
        d.started_at AS updated_at
    FROM timed AS d
    UNION ALL
    (
        SELECT r.referral_id, r.case_id, NULL, NULL, NULL, NULL, r.updated_at
        FROM unnest($1::text [], $2::text [], $3::text []) AS k (side, kind, state)
        CROSS JOIN LATERAL (
            SELECT q.referral_id, q.case_id, q.updated_at FROM referral AS q
            WHERE q.state = k.state AND q.referral_type = k.kind AND q.side = k.side
            OFFSET 0
        ) AS r
        WHERE
            (SELECT count(*) FROM timed) < $5::bigint + $6::bigint
            AND NOT EXISTS (
                SELECT 1 FROM timer AS c
                WHERE c.referral_id = r.referral_id AND c.stopped_at IS NULL
            )
        ORDER BY r.updated_at, r.referral_id
        LIMIT $5::bigint + $6::bigint
    )
) AS w
ORDER BY w.due_at, w.timer_id, w.updated_at, w.referral_id
LIMIT $5 OFFSET $6;

-- work_of_deep -- the same page as work_of, where the end of the walk is far: the first
-- clock of every referral is looked up in its index, and only the page reads more;
-- $1 sides, $2 types, $3 states, $4 true to add the clocks of the cases themselves,
-- $5 how many, $6 how many to leave out
SELECT w.referral_id, w.case_id, d.deadline, d.started_at, d.due_at
FROM (
    SELECT r.referral_id, r.case_id, t.due_at, t.timer_id, r.updated_at
    FROM unnest($1::text [], $2::text [], $3::text []) AS k (side, kind, state)
    CROSS JOIN LATERAL (
        SELECT q.referral_id, q.case_id, q.updated_at FROM referral AS q
        WHERE q.state = k.state AND q.referral_type = k.kind AND q.side = k.side
        OFFSET 0
    ) AS r
    LEFT JOIN LATERAL (
        SELECT c.due_at, c.timer_id FROM timer AS c
        WHERE c.referral_id = r.referral_id AND c.stopped_at IS NULL
        ORDER BY c.due_at, c.timer_id
        LIMIT 1
    ) AS t ON true
    UNION ALL
    SELECT NULL, o.case_id, o.due_at, o.timer_id, o.started_at
    FROM timer AS o
    WHERE $4 AND o.stopped_at IS NULL AND o.referral_id IS NULL
    ORDER BY due_at, timer_id, updated_at, referral_id
    LIMIT $5::bigint OFFSET $6::bigint
) AS w
LEFT JOIN LATERAL (
    SELECT f.deadline, f.started_at, f.due_at FROM timer AS f
    WHERE f.timer_id = w.timer_id
    OFFSET 0
) AS d ON true
ORDER BY w.due_at, w.timer_id, w.updated_at, w.referral_id;

-- work_of_some -- a page of one group as work_of has it, and how many there are in each,
-- and only with one member, of one unit or of one officer; $1 sides, $2 types,
-- $3 states, $4 whether it is this member's turn there, $5 true for the page of this
-- member's turns, which has the clocks of the cases themselves, $6 how many, $7 how
-- many to leave out, $8 other member or empty, $9 unit or empty, $10 officer or empty,
-- $11 own member, $12 now, wire clock. What nobody took up yet is every unit's, what is
-- assigned to an officer is that officer's. Who
-- acted is looked up once for both groups, and clocks for the group of the page only:
-- where there is $13 times as much as up to the end of the page, running clocks are
-- walked as they are due until it is full; else the first clock of each is looked up.
WITH mine AS MATERIALIZED (
    SELECT
        w.ours, w.referral_id, w.case_id, w.updated_at, w.deadline, w.started_at, w.due_at,
        w.timer_id
    FROM (
        SELECT
            k.ours, r.referral_id, r.case_id, r.updated_at, NULL::text AS deadline,
            NULL::timestamptz AS started_at, NULL::timestamptz AS due_at,
            NULL::bytea AS timer_id
        FROM unnest($1::text [], $2::text [], $3::text [], $4::boolean [])
            AS k (side, kind, state, ours)
        CROSS JOIN LATERAL (
            SELECT q.referral_id, q.case_id, q.updated_at FROM referral AS q
            WHERE
                q.state = k.state AND q.referral_type = k.kind AND q.side = k.side
                AND ($8::text = '' OR q.peer = $8)
            OFFSET 0
        ) AS r
        UNION ALL
        SELECT
            true, NULL, o.case_id, o.started_at, o.deadline, o.started_at, o.due_at,
            o.timer_id
        FROM timer AS o
        WHERE $8 = '' AND o.stopped_at IS NULL AND o.referral_id IS NULL
    ) AS w
    LEFT JOIN LATERAL (
        SELECT true AS acted FROM event AS e
        WHERE
            e.case_id = w.case_id AND e.author = $11 AND e.actor_role <> 'node'
            AND ($9::text = '' OR e.actor_unit = $9)
            AND ($10::text = '' OR e.actor = $10)
        LIMIT 1
    ) AS a ON true
    LEFT JOIN claim AS c ON w.referral_id = c.referral_id AND c.claimed_until > $12
    LEFT JOIN officer AS p ON c.claimed_by = p.pseudonym
    WHERE
        ($9 = '' AND $10 = '')
        OR a.acted
        OR ($10 <> '' AND c.claimed_by = $10)
        -- The officer's own assignments first: only what they name is looked up.
        OR (
            $10 <> ''
            AND (
                w.case_id IN (
                    SELECT h.case_id FROM assignment AS h
                    WHERE h.officer = $10 AND h.case_id IS NOT NULL
                )
                OR w.referral_id IN (
                    SELECT h.referral_id FROM assignment AS h
                    WHERE h.officer = $10 AND h.referral_id IS NOT NULL
                )
            )
            AND (
                SELECT g.officer
                FROM (
                    SELECT k.number, k.officer FROM assignment AS k
                    WHERE k.case_id = w.case_id
                    UNION ALL
                    SELECT k.number, k.officer FROM assignment AS k
                    WHERE k.referral_id = w.referral_id
                ) AS g
                ORDER BY g.number DESC
                LIMIT 1
            ) = $10
        )
        OR ($9 <> '' AND w.case_id IS NULL AND (p.unit IS NULL OR p.unit = $9))
),

counted AS MATERIALIZED (
    SELECT
        count(*) FILTER (WHERE ours) AS needs_me,
        count(*) FILTER (WHERE NOT ours) AS waiting_on_others,
        $6::bigint + $7::bigint AS page_end,
        $13::bigint * ($6::bigint + $7::bigint) <= count(*) FILTER (WHERE ours = $5)
            AS near
    FROM mine
),

walked AS MATERIALIZED (
    SELECT
        t.referral_id, t.case_id, t.started_at AS updated_at, t.deadline, t.started_at,
        t.due_at, t.timer_id
    FROM timer AS t
    WHERE
        (SELECT n.near FROM counted AS n)
        AND t.stopped_at IS NULL
        -- Not a join: a set that is looked into keeps the order of the walk.
        AND (
            t.referral_id IN (
                SELECT m.referral_id FROM mine AS m
                WHERE m.ours = $5 AND m.referral_id IS NOT NULL
            )
            OR t.timer_id IN (
                SELECT m.timer_id FROM mine AS m
                WHERE m.ours = $5 AND m.timer_id IS NOT NULL
            )
        )
        AND (
            t.referral_id IS NULL
            OR NOT EXISTS (
                SELECT 1 FROM timer AS c
                WHERE
                    c.referral_id = t.referral_id AND c.stopped_at IS NULL
                    AND (c.due_at, c.timer_id) < (t.due_at, t.timer_id)
            )
        )
    ORDER BY t.due_at, t.timer_id
    LIMIT (SELECT n.page_end FROM counted AS n)
),

page AS (
    SELECT
        d.referral_id,
        CASE WHEN d.referral_id IS NULL THEN d.case_id ELSE r.case_id END AS case_id,
        d.updated_at, d.deadline, d.started_at, d.due_at, d.timer_id
    FROM walked AS d
    LEFT JOIN referral AS r ON d.referral_id = r.referral_id
    WHERE (SELECT count(*) FROM walked) = (SELECT n.page_end FROM counted AS n)
    UNION ALL
    SELECT
        m.referral_id, m.case_id, m.updated_at, coalesce(m.deadline, t.deadline),
        coalesce(m.started_at, t.started_at), coalesce(m.due_at, t.due_at),
        coalesce(m.timer_id, t.timer_id)
    FROM mine AS m
    LEFT JOIN LATERAL (
        SELECT c.deadline, c.started_at, c.due_at, c.timer_id FROM timer AS c
        WHERE c.referral_id = m.referral_id AND c.stopped_at IS NULL
        ORDER BY c.due_at, c.timer_id
        LIMIT 1
    ) AS t ON true
    WHERE
        m.ours = $5
        AND (SELECT count(*) FROM walked) < (SELECT n.page_end FROM counted AS n)
    ORDER BY due_at, timer_id, updated_at, referral_id
    LIMIT $6 OFFSET $7
)

SELECT
    n.needs_me, n.waiting_on_others, g.referral_id, g.case_id, g.deadline, g.started_at,
    g.due_at
FROM counted AS n
LEFT JOIN page AS g ON true
ORDER BY g.due_at, g.timer_id, g.updated_at, g.referral_id;

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

-- corridors -- what is open with every other member, by direction and by who must
-- answer; $1 sides, $2 types, $3 states, $4 whether this member must answer there,
-- $5 now, case clock. All clocks are read once, off their index, not one referral after
-- the other.
SELECT
    r.peer, r.side, k.ours, count(*) AS open, min(t.due_at) AS first_due,
    count(*) FILTER (WHERE t.due_at < $5) AS overdue,
    count(*) FILTER (WHERE r.referral_id IN (
        SELECT b.referral_id FROM outbox AS b WHERE b.state = 'waiting'
    )) AS one_sided
FROM unnest($1::text [], $2::text [], $3::text [], $4::boolean [])
    AS k (side, kind, state, ours)
CROSS JOIN LATERAL (
    SELECT q.referral_id, q.peer, q.side FROM referral AS q
    WHERE q.state = k.state AND q.referral_type = k.kind AND q.side = k.side
    OFFSET 0
) AS r
LEFT JOIN (
    SELECT DISTINCT ON (c.referral_id) c.referral_id, c.due_at FROM timer AS c
    WHERE c.stopped_at IS NULL AND c.referral_id IS NOT NULL
    ORDER BY c.referral_id, c.due_at
) AS t ON r.referral_id = t.referral_id
GROUP BY r.peer, r.side, k.ours
ORDER BY r.peer, r.side, k.ours;

-- notices_of -- what needs attention and has no clock, the newest first; $1 since,
-- case clock, $2 how many of each kind, $3 since when it waits for a member that is not
-- reached, wire clock
(
    SELECT 'recall' AS kind, referral_id, '' AS peer, taken_at AS at
    FROM recall_taken WHERE taken_at >= $1
    ORDER BY taken_at DESC
    LIMIT $2
)
UNION ALL
(
    SELECT 'disputed' AS kind, referral_id, peer, updated_at AS at
    FROM referral WHERE state = 'disputed'
    ORDER BY updated_at DESC
    LIMIT $2
)
UNION ALL
(
    SELECT 'not_arrived' AS kind, t.referral_id, r.peer, min(t.started_at) AS at
    FROM timer AS t
    INNER JOIN referral AS r ON t.referral_id = r.referral_id
    WHERE t.deadline = 'not_arrived' AND t.stopped_at IS NULL
    GROUP BY t.referral_id, r.peer
    ORDER BY at DESC
    LIMIT $2
)
UNION ALL
(
    SELECT 'over_disclosed' AS kind, referral_id, sender AS peer, reported_at AS at
    FROM disclosure_report WHERE reported_at >= $1
    ORDER BY reported_at DESC
    LIMIT $2
)
UNION ALL
(
    SELECT 'not_received' AS kind, v.referral_id, o.recipient AS peer, v.returned_at AS at
    FROM envelope_return AS v
    INNER JOIN outbox AS o ON v.digest = o.digest
    WHERE v.returned_at >= $1 AND o.state <> 'received'
    ORDER BY v.returned_at DESC
    LIMIT $2
)
UNION ALL
(
    SELECT 'unreachable' AS kind, ''::bytea AS referral_id, d.recipient AS peer, e.recorded_at AS at
    FROM destination AS d
    CROSS JOIN LATERAL (
        SELECT o.digest, o.waits_since FROM outbox AS o
        WHERE o.recipient = d.recipient AND o.state = 'waiting'
        ORDER BY o.number
        LIMIT 1
    ) AS w
    INNER JOIN envelope_sent AS s ON w.digest = s.digest
    INNER JOIN event AS e ON s.event_id = e.event_id
    WHERE w.waits_since <= $3
    ORDER BY e.recorded_at DESC
    LIMIT $2
)
UNION ALL
(
    SELECT
        'statement_differs' AS kind, ''::bytea AS referral_id, s.sender AS peer,
        s.told_at AS at
    FROM statement_received AS s
    WHERE
        s.differs AND s.told_at >= $1
        AND NOT EXISTS (
            SELECT 1 FROM statement_received AS n
            WHERE n.sender = s.sender AND n.day = s.day AND n.number > s.number
        )
    ORDER BY s.told_at DESC
    LIMIT $2
)
ORDER BY at DESC;

-- count_attention -- how much of it there is beside the work; $1 since, case clock,
-- $2 officer, $3 now, case clock, $4 since when it waits for a member that is not
-- reached, $5 now, both wire clock, $6 kinds of approval that the officer may answer
-- wherever asked, $7 and in the own unit only, $8 that unit, $9 whether the officer
-- lets others in
SELECT
    (
        (SELECT count(*) FROM recall_taken WHERE taken_at >= $1)
        + (SELECT count(*) FROM referral WHERE state = 'disputed')
        + (
            SELECT count(DISTINCT referral_id) FROM timer
            WHERE deadline = 'not_arrived' AND stopped_at IS NULL
        )
        + (SELECT count(*) FROM disclosure_report WHERE reported_at >= $1)
        + (
            SELECT count(*) FROM envelope_return AS v
            INNER JOIN outbox AS o ON v.digest = o.digest
            WHERE v.returned_at >= $1 AND o.state <> 'received'
        )
        + (
            SELECT count(*) FROM destination AS d
            CROSS JOIN LATERAL (
                SELECT o.waits_since FROM outbox AS o
                WHERE o.recipient = d.recipient AND o.state = 'waiting'
                ORDER BY o.number
                LIMIT 1
            ) AS w
            WHERE w.waits_since <= $4
        )
        + (
            SELECT count(*) FROM statement_received AS s
            WHERE
                s.differs AND s.told_at >= $1
                AND NOT EXISTS (
                    SELECT 1 FROM statement_received AS n
                    WHERE n.sender = s.sender AND n.day = s.day AND n.number > s.number
                )
        )
    ) AS notices,
    (
        (
            SELECT count(*) FROM approval AS a
            WHERE
                a.expires_at >= $3 AND a.asked_by <> $2
                AND (
                    a.kind = any($6::text [])
                    OR (a.kind = any($7::text []) AND a.asked_unit = $8)
                )
                AND NOT EXISTS (
                    SELECT 1 FROM approval_answer AS n
                    WHERE n.approval_id = a.approval_id
                )
        )
        + (
            -- Approved by another, and for whoever asked to do.
            SELECT count(*) FROM approval AS a
            INNER JOIN approval_answer AS n ON a.approval_id = n.approval_id
            WHERE
                a.asked_by = $2 AND a.expires_at >= $3 AND n.answer = 'approved'
                AND NOT EXISTS (
                    SELECT 1 FROM approval_use AS u
                    WHERE u.approval_id = a.approval_id
                )
        )
        + (
            SELECT count(*) FROM admission
            WHERE
                $9::boolean
                AND answer IS NULL AND ends_at > $5 AND asked_by <> $2 AND officer <> $2
                -- A sheet and a key are for an administrator, who has no list of work.
                AND kind NOT IN ('export', 'key')
        )
    ) AS approvals,
    (SELECT count(*) FROM form WHERE officer = $2) AS forms;

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

-- answer_times -- how other members answered the offers of this one, as they happened:
-- how many count, how many were answered, and within what time half of these. What
-- was offered since was changed since, of which there is an index;
-- $1 since, $2 until, both on the case clock, $3 steps that are answers
SELECT
    r.peer AS member, count(*) AS asked, count(a.happened_at) AS answered,
    percentile_cont(0.5) WITHIN GROUP (
        ORDER BY a.happened_at - r.offered_at
    ) AS half_within
FROM referral AS r
LEFT JOIN LATERAL (
    SELECT min(e.happened_at) AS happened_at FROM event AS e
    WHERE
        e.referral_id = r.referral_id AND e.author = r.peer
        AND e.step = any($3::text [])
) AS a ON true
WHERE
    r.side = 'giver' AND r.updated_at BETWEEN $1 AND $2 AND r.offered_at >= $1
    AND (
        a.happened_at IS NOT NULL
        OR r.state NOT IN ('revoked', 'recalled', 'ended_by_recall')
    )
GROUP BY r.peer
ORDER BY r.peer;
