-- insert_timer -- $1 timer id, $2 deadline, $3 case id, $4 referral id, $5 priority,
-- $6 started by, $7 started_at, $8 due_at, $9 policy version, $10 policy row,
-- $11 rings, $12 ring_at
INSERT INTO timer (
    timer_id, deadline, case_id, referral_id, priority, started_by, started_at,
    due_at, policy_version, policy_row, rings, ring_at, next_ring_at
) VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
    ($12::timestamptz [])[1]
) ON CONFLICT (timer_id) DO NOTHING;

-- insert_timer_after_refusals -- the clock of a need that nobody took up, once so
-- many referrals of a type were since somebody was told, or took one up. $1 timer id,
-- $2 deadline, $3 case id, $4 referral id, $5 priority, $6 started by,
-- $7 started_at, $8 due_at, $9 policy version, $10 policy row, $11 rings,
-- $12 ring_at, $13 referral type, $14 how many
INSERT INTO timer (
    timer_id, deadline, case_id, referral_id, priority, started_by, started_at,
    due_at, policy_version, policy_row, rings, ring_at, next_ring_at
)
SELECT
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
    ($12::timestamptz [])[1]
WHERE (
    SELECT count(*) FROM referral AS r
    WHERE
        r.case_id = $3 AND r.side = 'giver' AND r.referral_type = $13
        AND r.state IN ('declined', 'expired', 'misrouted', 'rerouted')
        AND r.offered_at > coalesce((
            SELECT max(t.started_at) FROM timer AS t
            INNER JOIN event AS e ON t.started_by = e.event_id
            INNER JOIN referral AS d ON e.referral_id = d.referral_id
            WHERE t.case_id = $3 AND t.deadline = $2 AND d.referral_type = $13
        ), '-infinity')
        AND r.offered_at > coalesce((
            SELECT max(a.offered_at) FROM referral AS a
            WHERE
                a.case_id = $3 AND a.side = 'giver' AND a.referral_type = $13
                AND a.state IN ('accepted', 'in_service', 'done')
        ), '-infinity')
) >= $14
ON CONFLICT (timer_id) DO NOTHING;

-- insert_timer_of_first_transfer -- the clock of what is told a member for the first
-- time: none if one runs, or was met by an officer's act. $1 timer id, $2 deadline,
-- $3 case id, $4 referral id, $5 priority, $6 started by, $7 started_at, $8 due_at,
-- $9 policy version, $10 policy row, $11 rings, $12 ring_at, $13 the other member
INSERT INTO timer (
    timer_id, deadline, case_id, referral_id, priority, started_by, started_at,
    due_at, policy_version, policy_row, rings, ring_at, next_ring_at
)
SELECT
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
    ($12::timestamptz [])[1]
WHERE NOT EXISTS (
    SELECT 1 FROM timer AS t
    INNER JOIN event AS e ON t.started_by = e.event_id
    INNER JOIN referral AS r ON e.referral_id = r.referral_id
    LEFT JOIN event AS s ON t.stopped_by = s.event_id
    WHERE
        t.deadline = $2 AND r.peer = $13
        AND (t.stopped_at IS NULL OR s.step = 'case_step')
)
ON CONFLICT (timer_id) DO NOTHING;

-- stop_timers -- the running clocks of a referral by deadline; $1 referral id,
-- $2 deadlines, $3 stopped_at, $4 stopped by
UPDATE timer
SET stopped_at = $3, stopped_by = $4, next_ring_at = NULL
WHERE
    referral_id = $1 AND deadline = any($2::text []) AND stopped_at IS NULL
    AND started_by <> $4;

-- stop_case_timers -- the running clocks of a case's own by deadline; $1 case id,
-- $2 deadlines, $3 stopped_at, $4 stopped by
UPDATE timer
SET stopped_at = $3, stopped_by = $4, next_ring_at = NULL
WHERE
    case_id = $1 AND referral_id IS NULL AND deadline = any($2::text [])
    AND stopped_at IS NULL AND started_by <> $4;

-- stop_clocks_of_case -- the running clocks of a case and of its referrals; $1 case
-- id, $2 deadlines, $3 stopped_at, $4 stopped by
UPDATE timer
SET stopped_at = $3, stopped_by = $4, next_ring_at = NULL
WHERE
    deadline = any($2::text []) AND stopped_at IS NULL AND started_by <> $4
    AND (
        (referral_id IS NULL AND case_id = $1)
        OR referral_id IN (SELECT r.referral_id FROM referral AS r WHERE r.case_id = $1)
    );

-- stop_timers_named -- running clocks by id; $1 timer ids, $2 stopped_at, $3 stopped by
UPDATE timer
SET stopped_at = $2, stopped_by = $3, next_ring_at = NULL
WHERE timer_id = any($1::bytea []) AND stopped_at IS NULL;

-- start_again -- what a step met, of the referral or its case, that was refused for
-- good; $1 referral id, $2 event
UPDATE timer
SET
    stopped_at = NULL, stopped_by = NULL,
    next_ring_at = CASE WHEN paused_at IS NULL THEN ring_at[fired + 1] END
WHERE
    stopped_by = $2 AND started_by <> $2
    AND (
        referral_id = $1
        OR (
            referral_id IS NULL
            AND case_id = (SELECT r.case_id FROM referral AS r WHERE r.referral_id = $1)
        )
    );

-- stop_started -- what a step started, of the referral or its case, that was refused
-- for good; $1 referral id, $2 event, $3 stopped_at, $4 stopped by
UPDATE timer
SET stopped_at = $3, stopped_by = $4, next_ring_at = NULL
WHERE
    started_by = $2 AND stopped_at IS NULL
    AND (
        referral_id = $1
        OR (
            referral_id IS NULL
            AND case_id = (SELECT r.case_id FROM referral AS r WHERE r.referral_id = $1)
        )
    );

-- stop_reached -- the other member answered these envelopes: it was reached; $1
-- digests, $2 stopped_at, $3 deadline
UPDATE timer AS t
SET stopped_at = $2, stopped_by = s.event_id, next_ring_at = NULL
FROM envelope_sent AS s
WHERE
    s.digest = any($1::bytea []) AND t.referral_id = s.referral_id AND t.started_by = s.event_id
    AND t.deadline = $3 AND t.stopped_at IS NULL;

-- ring_timer -- one more ring; $1 timer id, $2 rings before
UPDATE timer
SET
    fired = $2 + 1,
    next_ring_at = CASE
        WHEN stopped_at IS NULL AND paused_at IS NULL THEN ring_at[$2 + 2]
    END
WHERE timer_id = $1 AND fired = $2;

-- insert_timer_ring -- $1 timer id, $2 number, $3 ring, $4 event, $5 rang_at
INSERT INTO timer_ring (timer_id, number, ring, event_id, rang_at)
VALUES ($1, $2, $3, $4, $5);

-- pause_timer -- $1 timer id, $2 paused_at, $3 reason
UPDATE timer SET paused_at = $2, pause_reason = $3, next_ring_at = NULL
WHERE timer_id = $1 AND stopped_at IS NULL AND paused_at IS NULL;

-- resume_timer -- what was left when it was paused is left now; $1 timer id,
-- $2 resumed_at
UPDATE timer
SET
    due_at = due_at + ($2 - paused_at),
    ring_at = ARRAY(
        SELECT CASE WHEN r.n > fired THEN r.at + ($2 - paused_at) ELSE r.at END
        FROM unnest(ring_at) WITH ORDINALITY AS r (at, n) ORDER BY r.n
    ),
    next_ring_at = ring_at[fired + 1] + ($2 - paused_at),
    paused_at = NULL,
    pause_reason = NULL
WHERE timer_id = $1 AND stopped_at IS NULL AND paused_at IS NOT NULL;

-- insert_timer_pause -- $1 timer id, $2 event, $3 reason, $4 paused_at
INSERT INTO timer_pause (timer_id, paused_by, reason, paused_at)
VALUES ($1, $2, $3, $4);

-- end_timer_pause -- $1 timer id, $2 event, $3 resumed_at
UPDATE timer_pause SET resumed_by = $2, resumed_at = $3
WHERE timer_id = $1 AND resumed_at IS NULL;

-- due_timers -- what has to ring now, the earliest first; $1 now, $2 how many
SELECT
    timer_id, deadline, case_id, referral_id, priority, started_by, started_at,
    due_at, policy_version, policy_row, rings, ring_at, fired, next_ring_at,
    paused_at, pause_reason, stopped_at
FROM timer
WHERE next_ring_at <= $1
ORDER BY next_ring_at, deadline, timer_id
LIMIT $2;

-- next_ring_at -- when the next clock rings
SELECT next_ring_at FROM timer
WHERE next_ring_at IS NOT NULL
ORDER BY next_ring_at
LIMIT 1;

-- timer_by_id -- $1 timer id
SELECT
    timer_id, deadline, case_id, referral_id, priority, started_by, started_at,
    due_at, policy_version, policy_row, rings, ring_at, fired, next_ring_at,
    paused_at, pause_reason, stopped_at
FROM timer WHERE timer_id = $1;

-- timers_of_case -- its own and its referrals', the earliest due first; $1 case id
SELECT
    t.timer_id, t.deadline, t.case_id, t.referral_id, t.priority, t.started_by,
    t.started_at, t.due_at, t.policy_version, t.policy_row, t.rings, t.ring_at,
    t.fired, t.next_ring_at, t.paused_at, t.pause_reason, t.stopped_at
FROM (
    SELECT timer_id FROM timer WHERE case_id = $1
    UNION
    SELECT u.timer_id FROM referral AS r
    INNER JOIN timer AS u ON r.referral_id = u.referral_id
    WHERE r.case_id = $1
) AS own
INNER JOIN timer AS t ON own.timer_id = t.timer_id
ORDER BY t.due_at, t.deadline, t.timer_id;

-- running_in -- in a referral, the earliest due first; $1 referral id
SELECT
    timer_id, deadline, case_id, referral_id, priority, started_by, started_at,
    due_at, policy_version, policy_row, rings, ring_at, fired, next_ring_at,
    paused_at, pause_reason, stopped_at
FROM timer
WHERE referral_id = $1 AND stopped_at IS NULL
ORDER BY due_at, timer_id;

-- running_timers -- of all cases, the earliest due first; $1 due before, $2 how many,
-- $3 how many to leave out
SELECT
    timer_id, deadline, case_id, referral_id, priority, started_by, started_at,
    due_at, policy_version, policy_row, rings, ring_at, fired, next_ring_at,
    paused_at, pause_reason, stopped_at
FROM timer
WHERE stopped_at IS NULL AND due_at <= $1
ORDER BY due_at, timer_id
LIMIT $2 OFFSET $3;
