-- overdue_referrals -- clocks of referrals that ran out; $1 deadlines, $2 now, $3 how
-- many, $4 how many to leave out
SELECT
    t.referral_id, r.case_id, r.alias AS code, r.peer AS member, r.side,
    t.deadline AS reason, t.started_at AS since, t.due_at AS due, t.total
FROM (
    SELECT
        referral_id, deadline, started_at, due_at, timer_id,
        count(*) OVER () AS total
    FROM timer
    WHERE
        deadline = any($1::text []) AND stopped_at IS NULL AND paused_at IS NULL
        AND due_at <= $2 AND referral_id IS NOT NULL
    ORDER BY due_at, timer_id
    LIMIT $3 OFFSET $4
) AS t
CROSS JOIN LATERAL (
    SELECT q.case_id, q.alias, q.peer, q.side FROM referral AS q
    WHERE q.referral_id = t.referral_id
    LIMIT 1
) AS r
ORDER BY t.due_at, t.timer_id;

-- one_sided -- minutes that one end signed, and handovers without a receipt; $1 how
-- many, $2 how many to leave out
SELECT
    f.referral_id, f.case_id, f.code, f.member, f.side, f.reason, f.since, f.due,
    count(*) OVER () AS total
FROM (
    SELECT
        r.referral_id, r.case_id, r.alias AS code, r.peer AS member, r.side,
        r.state AS reason, r.updated_at AS since, t.due_at AS due
    FROM referral AS r
    LEFT JOIN LATERAL (
        SELECT q.due_at FROM timer AS q
        WHERE
            q.referral_id = r.referral_id AND q.stopped_at IS NULL
            AND q.deadline = 'countersigned'
        ORDER BY q.due_at
        LIMIT 1
    ) AS t ON true
    WHERE r.state = 'minuted'
    UNION ALL
    SELECT
        NULL::bytea, c.case_id, c.pseudonym, coalesce(a.to_member, ''), 'giver',
        c.answerable, coalesce(a.until_at, c.opened_at), NULL::timestamptz
    FROM cases AS c
    LEFT JOIN LATERAL (
        SELECT q.until_at, q.to_member FROM answerability AS q
        WHERE q.case_id = c.case_id
        ORDER BY q.number DESC
        LIMIT 1
    ) AS a ON true
    WHERE c.answerable = 'handed_unconfirmed'
) AS f
ORDER BY f.since, f.code
LIMIT $1 OFFSET $2;

-- own_unanswered -- clocks that ran out of referrals that a unit acted in; $1
-- deadlines, $2 now, $3 unit, $4 own member, $5 how many, $6 how many to leave out
SELECT
    t.referral_id, r.case_id, r.alias AS code, r.peer AS member, r.side,
    t.deadline AS reason, t.started_at AS since, t.due_at AS due,
    count(*) OVER () AS total
FROM timer AS t
CROSS JOIN LATERAL (
    SELECT q.case_id, q.alias, q.peer, q.side FROM referral AS q
    WHERE q.referral_id = t.referral_id
    LIMIT 1
) AS r
WHERE
    t.deadline = any($1::text []) AND t.stopped_at IS NULL AND t.paused_at IS NULL
    AND t.due_at <= $2 AND t.referral_id IS NOT NULL
    AND (
        EXISTS (
            SELECT 1 FROM event AS a
            WHERE
                a.referral_id = t.referral_id AND a.author = $4
                AND a.actor_unit = $3 AND a.actor_role <> 'node'
        )
        OR EXISTS (
            SELECT 1 FROM event AS a
            WHERE
                a.case_id = r.case_id AND a.author = $4
                AND a.actor_unit = $3 AND a.actor_role <> 'node'
        )
    )
ORDER BY t.due_at, t.timer_id
LIMIT $5 OFFSET $6;

-- own_one_sided -- minutes that one end signed, of referrals that a unit acted in; $1
-- unit, $2 own member, $3 how many, $4 how many to leave out
SELECT
    r.referral_id, r.case_id, r.alias AS code, r.peer AS member, r.side,
    r.state AS reason, r.updated_at AS since, t.due_at AS due,
    count(*) OVER () AS total
FROM referral AS r
LEFT JOIN LATERAL (
    SELECT q.due_at FROM timer AS q
    WHERE
        q.referral_id = r.referral_id AND q.stopped_at IS NULL
        AND q.deadline = 'countersigned'
    ORDER BY q.due_at
    LIMIT 1
) AS t ON true
WHERE
    r.state = 'minuted'
    AND (
        EXISTS (
            SELECT 1 FROM event AS a
            WHERE
                a.referral_id = r.referral_id AND a.author = $2
                AND a.actor_unit = $1 AND a.actor_role <> 'node'
        )
        OR EXISTS (
            SELECT 1 FROM event AS a
            WHERE
                a.case_id = r.case_id AND a.author = $2
                AND a.actor_unit = $1 AND a.actor_role <> 'node'
        )
    )
ORDER BY r.updated_at, r.referral_id
LIMIT $3 OFFSET $4;

-- disputed_referrals -- $1 how many, $2 how many to leave out
SELECT
    r.referral_id, r.case_id, r.alias AS code, r.peer AS member, r.side,
    r.state AS reason, r.updated_at AS since, t.due_at AS due,
    count(*) OVER () AS total
FROM referral AS r
LEFT JOIN LATERAL (
    SELECT q.due_at FROM timer AS q
    WHERE
        q.referral_id = r.referral_id AND q.stopped_at IS NULL
        AND q.deadline = 'dispute_settled'
    ORDER BY q.due_at
    LIMIT 1
) AS t ON true
WHERE r.state = 'disputed'
ORDER BY r.updated_at, r.referral_id
LIMIT $1 OFFSET $2;

-- unreviewed_overrides -- $1 how many, $2 how many to leave out
SELECT
    NULL::bytea AS referral_id, o.case_id, c.pseudonym AS code,
    o.recipient AS member, 'giver' AS side, 'override_review' AS reason,
    o.recorded_at AS since, o.review_by AS due, count(*) OVER () AS total
FROM emergency_override AS o
INNER JOIN cases AS c ON o.case_id = c.case_id
WHERE o.reviewed_at IS NULL
ORDER BY o.recorded_at, o.override_id
LIMIT $1 OFFSET $2;

-- declined_thrice -- needs of a case that nobody took up; $1 how many, $2 how many to
-- leave out
SELECT
    NULL::bytea AS referral_id, t.case_id, c.pseudonym AS code, '' AS member,
    'giver' AS side, t.deadline AS reason, t.started_at AS since, t.due_at AS due,
    t.total
FROM (
    SELECT
        case_id, deadline, started_at, due_at, timer_id, count(*) OVER () AS total
    FROM timer
    WHERE
        deadline = 'third_decline' AND stopped_at IS NULL AND case_id IS NOT NULL
    ORDER BY started_at, timer_id
    LIMIT $1 OFFSET $2
) AS t
CROSS JOIN LATERAL (
    SELECT q.pseudonym FROM cases AS q WHERE q.case_id = t.case_id LIMIT 1
) AS c
ORDER BY t.started_at, t.timer_id;

-- escalated -- clocks that run on and rang at one of these levels; $1 levels, $2 how
-- many, $3 how many to leave out
SELECT
    t.referral_id, coalesce(r.case_id, t.case_id) AS case_id,
    coalesce(r.alias, c.pseudonym, '') AS code, coalesce(r.peer, '') AS member,
    coalesce(r.side, 'giver') AS side, t.deadline AS reason,
    t.started_at AS since, t.due_at AS due, count(*) OVER () AS total
FROM timer AS t
LEFT JOIN LATERAL (
    SELECT q.case_id, q.alias, q.peer, q.side FROM referral AS q
    WHERE q.referral_id = t.referral_id
    LIMIT 1
) AS r ON true
LEFT JOIN LATERAL (
    SELECT q.pseudonym FROM cases AS q WHERE q.case_id = t.case_id LIMIT 1
) AS c ON true
WHERE
    t.stopped_at IS NULL AND t.fired > 0
    AND EXISTS (
        SELECT 1 FROM unnest(t.rings[1:t.fired]) AS rang (ring)
        WHERE split_part(rang.ring, ':', 1) = any($1::text [])
    )
ORDER BY t.started_at, t.timer_id
LIMIT $2 OFFSET $3;

-- called_only -- handovers confirmed by a call, and by neither code nor a second
-- signature since, the newest first; $1 how many, $2 how many to leave out
SELECT
    r.referral_id, r.case_id, r.alias AS code, r.peer AS member, r.side,
    w.known_by AS reason, w.said_at AS since, NULL::timestamptz AS due,
    count(*) OVER () AS total
FROM handover_word AS w
INNER JOIN referral AS r ON w.referral_id = r.referral_id
WHERE
    w.known_by = 'telephone'
    AND NOT EXISTS (
        SELECT 1 FROM handover_word AS x
        WHERE
            x.referral_id = w.referral_id
            AND (x.by_code OR x.signed_by IN ('second_officer', 'thumbprint'))
    )
ORDER BY w.said_at DESC, w.event_id
LIMIT $1 OFFSET $2;

-- signed_alone -- arrivals that nobody else signed, nor one of the same referral
-- since, the newest first; $1 how many, $2 how many to leave out
SELECT
    r.referral_id, r.case_id, r.alias AS code, r.peer AS member, r.side,
    w.unsigned_reason AS reason, w.said_at AS since, NULL::timestamptz AS due,
    count(*) OVER () AS total
FROM handover_word AS w
INNER JOIN referral AS r ON w.referral_id = r.referral_id
WHERE
    w.signed_by = 'nobody'
    AND NOT EXISTS (
        SELECT 1 FROM handover_word AS x
        WHERE
            x.referral_id = w.referral_id AND x.said_at >= w.said_at
            AND x.signed_by IN ('second_officer', 'thumbprint')
    )
ORDER BY w.said_at DESC, w.event_id
LIMIT $1 OFFSET $2;

-- answering_now -- who answers in cases, as far as this member knows; $1 case ids
SELECT
    c.case_id, c.answerable, a.since_at, a.until_at,
    coalesce(a.to_member, '') AS to_member
FROM cases AS c
LEFT JOIN LATERAL (
    SELECT q.since_at, q.until_at, q.to_member FROM answerability AS q
    WHERE q.case_id = c.case_id
    ORDER BY q.number DESC
    LIMIT 1
) AS a ON true
WHERE c.case_id = any($1::bytea []);
