-- insert_referral -- $1 referral id, $2 case id, $3 side, $4 peer, $5 alias,
-- $6 referral type, $7 priority, $8 moves_on, $9 state, $10 referral_no, $11 sent_seq,
-- $12 received_seq, $13 last event, $14 offer event, $15 offered_at, $16 updated_at
INSERT INTO referral (
    referral_id, case_id, side, peer, alias, referral_type, priority, moves_on,
    state, referral_no, sent_seq, received_seq, last_event, offer_event,
    offered_at, updated_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- update_referral -- a number that a refusal used up meanwhile stays used up;
-- $1 referral id, $2 case id, $3 state, $4 referral_no, $5 sent_seq,
-- $6 received_seq, $7 last_event, $8 updated_at
UPDATE referral
SET
    case_id = $2, state = $3, referral_no = $4, sent_seq = $5,
    received_seq = greatest(received_seq, $6), last_event = $7, updated_at = $8
WHERE referral_id = $1;

-- referral_by_id -- $1 referral id
SELECT
    referral_id, case_id, side, peer, alias, referral_type, priority, moves_on,
    state, referral_no, sent_seq, received_seq, last_event, offer_event,
    offered_at, updated_at
FROM referral WHERE referral_id = $1;

-- referrals_by_ids -- $1 referral ids
SELECT
    referral_id, case_id, side, peer, alias, referral_type, priority, moves_on,
    state, referral_no, sent_seq, received_seq, last_event, offer_event,
    offered_at, updated_at
FROM referral WHERE referral_id = any($1::bytea []);

-- referrals_of_case -- $1 case id
SELECT
    referral_id, case_id, side, peer, alias, referral_type, priority, moves_on,
    state, referral_no, sent_seq, received_seq, last_event, offer_event,
    offered_at, updated_at
FROM referral WHERE case_id = $1
ORDER BY offered_at, referral_id;

-- asked_beside -- whether the same member asks something else about the same person;
-- $1 alias, $2 peer, $3 referral id, $4 states in which it is under way
SELECT EXISTS (
    SELECT FROM referral
    WHERE
        alias = $1 AND peer = $2 AND side = 'receiver' AND referral_id <> $3
        AND state = any($4::text [])
);

-- list_referrals -- newest first; $1 how many, $2 after how many
SELECT
    referral_id, case_id, side, peer, alias, referral_type, priority, moves_on,
    state, referral_no, sent_seq, received_seq, last_event, offer_event,
    offered_at, updated_at
FROM referral
ORDER BY updated_at DESC, referral_id
LIMIT $1 OFFSET $2;

-- referrals_to_answer -- acceptances that the node answers by itself; $1 how many.
-- Accepted after a release: the release was refused. A look or two into an index for each; a join would read every event.
SELECT r.referral_id
FROM referral AS r
WHERE
    r.side = 'giver' AND r.state IN ('accepted', 'recalled', 'revoked', 'expired')
    AND (
        SELECT true FROM event AS e
        WHERE e.referral_id = r.referral_id AND e.step = 'accept'
        LIMIT 1
    )
    AND (
        SELECT true FROM event AS e
        WHERE
            e.referral_id = r.referral_id
            AND (e.step = 'void' OR (e.step = 'release' AND r.state <> 'accepted'))
        LIMIT 1
    ) IS NULL
ORDER BY r.updated_at
LIMIT $1;

-- use_up_seq -- a refused number is used up; $1 referral id, $2 number
UPDATE referral SET received_seq = greatest(received_seq, $2)
WHERE referral_id = $1;

-- minutes_outstanding -- minutes of this member that may yet be countersigned, or
-- were, in any referral of a case but one: they wait for their answer, or a
-- withdrawal followed on them whose receipt is not here; $1 case id, $2 referral id
SELECT count(*) FROM referral AS r
WHERE
    r.case_id = $1 AND r.referral_id <> $2 AND r.side = 'giver'
    AND (
        r.state = 'minuted'
        OR (
            r.state = 'withdrawn'
            AND (
                SELECT e.step FROM event AS e
                WHERE e.referral_id = r.referral_id AND e.step IN ('minutes', 'dispute')
                ORDER BY e.referral_no DESC
                LIMIT 1
            ) = 'minutes'
            AND NOT EXISTS (
                SELECT 1 FROM event AS w
                INNER JOIN outbox AS o ON w.subject = o.digest
                WHERE
                    w.referral_id = r.referral_id AND w.step = 'withdrawal'
                    AND o.state = 'received'
            )
        )
    );

-- referrals_to_withdraw -- witnesses who wait for somebody who withdrew: the
-- person's return was withdrawn and no other one is on its way; $1 how many
SELECT r.referral_id
FROM referral AS r
WHERE
    r.side = 'giver' AND r.referral_type = 'border_handover'
    AND r.state IN ('offered', 'opened', 'asked', 'accepted', 'in_service')
    AND EXISTS (
        SELECT 1 FROM referral AS w
        WHERE
            w.case_id = r.case_id AND w.referral_type = 'voluntary_return'
            AND w.state = 'withdrawn'
    )
    AND NOT EXISTS (
        SELECT 1 FROM referral AS l
        WHERE
            l.case_id = r.case_id AND l.referral_type = 'voluntary_return'
            AND l.state NOT IN (
                'withdrawn', 'suspended', 'no_return', 'returned', 'declined',
                'expired', 'revoked', 'misrouted', 'rerouted', 'recalled', 'void',
                'done'
            )
    )
ORDER BY r.updated_at
LIMIT $1;

-- referral_marks -- how far offers came, and whether a recall waits for its
-- acknowledgement; and what of this member waits, was refused or was given back;
-- $1 referral ids
SELECT
    m.referral_id, m.delivered, m.opened, m.recall_open,
    coalesce(w.waiting, 0) AS waiting, w.waits_since,
    coalesce(x.refusal_code, w.last_problem, d.last_problem, '') AS problem,
    x.refusal_code IS NOT NULL AS refused, coalesce(c.unreachable, false) AS unreachable,
    coalesce(c.late, false) AS late, coalesce(b.returned_at, x.returned_at) AS returned_at
FROM (
SELECT
    r.referral_id, r.peer, r.sent_seq,
    r.side = 'receiver' OR count(c.digest) > 0 AS delivered,
    bool_or(
        e.step IN ('opened', 'question', 'accept', 'decline', 'misrouted')
    ) AS opened,
    coalesce(max(e.referral_no) FILTER (WHERE e.step = 'recall'), 0)
    > coalesce(
        max(e.referral_no) FILTER (WHERE e.step = 'recall_acknowledgement'), 0
    ) AS recall_open
FROM referral AS r
INNER JOIN event AS e ON r.referral_id = e.referral_id
LEFT JOIN receipt AS c ON e.event_id = r.offer_event AND e.subject = c.digest
WHERE r.referral_id = any($1::bytea [])
GROUP BY r.referral_id, r.peer, r.sent_seq, r.side
) AS m
LEFT JOIN LATERAL (
    SELECT
        count(*) AS waiting, min(o.waits_since) AS waits_since,
        (array_agg(o.last_problem ORDER BY o.number))[1] AS last_problem
    FROM outbox AS o
    WHERE o.referral_id = m.referral_id AND o.state = 'waiting'
) AS w ON true
LEFT JOIN destination AS d ON m.peer = d.recipient AND w.waiting > 0
LEFT JOIN LATERAL (
    SELECT coalesce(o.refusal_code, '') AS refusal_code, v.returned_at
    FROM outbox AS o
    INNER JOIN event AS e ON o.digest = e.subject
    LEFT JOIN envelope_return AS v ON o.digest = v.digest
    WHERE
        o.referral_id = m.referral_id AND o.state = 'refused'
        AND e.author_seq = m.sent_seq
    ORDER BY o.number DESC
    LIMIT 1
) AS x ON true
LEFT JOIN LATERAL (
    SELECT max(v.returned_at) AS returned_at FROM envelope_return AS v
    INNER JOIN outbox AS o ON v.digest = o.digest
    WHERE v.referral_id = m.referral_id AND o.state = 'waiting'
) AS b ON true
LEFT JOIN LATERAL (
    SELECT
        bool_or(t.deadline = 'unreachable') AS unreachable,
        bool_or(t.deadline <> 'unreachable') AS late
    FROM timer AS t
    WHERE
        t.referral_id = m.referral_id AND t.stopped_at IS NULL AND t.fired > 0
) AS c ON true;
