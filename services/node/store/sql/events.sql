-- insert_events -- the guard of a batch: who comes second with a taken number is
-- left out. Arrays: $1 event ids, $2 referral ids, $3 referral_no, $4 case ids,
-- $5 case_seq, $6 authors, $7 author_seq, $8 steps, $9 actors, $10 roles, $11 units,
-- $12 happened_at, $13 recorded_at, $14 policy versions, $15 subjects,
-- $16 data key ids, $17 nonces, $18 sealed
INSERT INTO event (
    event_id, referral_id, referral_no, case_id, case_seq, author, author_seq,
    step, actor, actor_role, actor_unit, happened_at, recorded_at, policy_version,
    subject, data_key_id, nonce, sealed
)
SELECT
    event_id, referral_id, referral_no, case_id, case_seq, author, author_seq,
    step, actor, actor_role, actor_unit, happened_at, recorded_at, policy_version,
    subject, data_key_id, nonce, sealed
FROM unnest(
    $1::bytea [], $2::bytea [], $3::integer [], $4::bytea [], $5::bigint [],
    $6::text [], $7::bigint [], $8::text [], $9::text [], $10::text [],
    $11::text [], $12::timestamptz [], $13::timestamptz [], $14::text [],
    $15::bytea [], $16::bytea [], $17::bytea [], $18::bytea []
) AS t (
    event_id, referral_id, referral_no, case_id, case_seq, author, author_seq,
    step, actor, actor_role, actor_unit, happened_at, recorded_at, policy_version,
    subject, data_key_id, nonce, sealed
)
ON CONFLICT DO NOTHING
RETURNING event_id;

-- is_event_known -- whether an event stands here; $1 event id
SELECT EXISTS (SELECT 1 FROM event WHERE event_id = $1) AS known;

-- event_by_id -- one event; $1 event id
SELECT
    e.event_id, e.referral_id, e.case_id, e.author, e.author_seq, e.step, e.actor,
    e.actor_role, e.actor_unit, e.happened_at, e.recorded_at, e.policy_version,
    e.subject, e.data_key_id, e.nonce, e.sealed, k.epoch, k.wrapped
FROM event AS e
INNER JOIN data_key AS k ON e.data_key_id = k.key_id
WHERE e.event_id = $1;

-- events_of_referral -- what crossed, in the order in which it was applied here;
-- $1 referral
SELECT
    e.event_id, e.referral_id, e.case_id, e.author, e.author_seq, e.step, e.actor,
    e.actor_role, e.actor_unit, e.happened_at, e.recorded_at, e.policy_version,
    e.subject, e.data_key_id, e.nonce, e.sealed, k.epoch, k.wrapped
FROM event AS e
INNER JOIN data_key AS k ON e.data_key_id = k.key_id
WHERE e.referral_id = $1 AND e.author_seq IS NOT NULL
ORDER BY e.referral_no;

-- events_of_referrals -- some steps of several referrals that crossed, in the order
-- in which each referral's were applied here; $1 referral ids, $2 steps
SELECT
    e.event_id, e.referral_id, e.case_id, e.author, e.author_seq, e.step, e.actor,
    e.actor_role, e.actor_unit, e.happened_at, e.recorded_at, e.policy_version,
    e.subject, e.data_key_id, e.nonce, e.sealed, k.epoch, k.wrapped
FROM event AS e
INNER JOIN data_key AS k ON e.data_key_id = k.key_id
WHERE
    e.referral_id = any($1::bytea []) AND e.author_seq IS NOT NULL
    AND e.step = any($2::text [])
ORDER BY e.referral_id, e.referral_no;

-- events_of_act -- one kind of act within the member, the newest first; $1 case id,
-- $2 act
SELECT
    e.event_id, e.referral_id, e.case_id, e.author, e.author_seq, e.step, e.actor,
    e.actor_role, e.actor_unit, e.happened_at, e.recorded_at, e.policy_version,
    e.subject, e.data_key_id, e.nonce, e.sealed, k.epoch, k.wrapped
FROM event AS e
INNER JOIN data_key AS k ON e.data_key_id = k.key_id
WHERE e.case_id = $1 AND e.referral_id IS NULL AND e.step = $2
ORDER BY e.happened_at DESC, e.event_id;

-- actors_of -- who acted in each of these events; $1 event ids
SELECT event_id, author, actor, actor_role
FROM event WHERE event_id = any($1::bytea []);

-- steps_of_referral -- what crossed, in that order, and what of it was refused;
-- $1 referral
SELECT
    e.step, e.author, e.happened_at, coalesce(o.state = 'refused', false) AS refused
FROM event AS e
LEFT JOIN outbox AS o ON e.subject = o.digest
WHERE e.referral_id = $1 AND e.author_seq IS NOT NULL
ORDER BY e.referral_no;

-- timeline -- every event of a case with its place in both ledgers; $1 case id
SELECT
    e.event_id, e.referral_id, e.author, e.step, e.actor, e.actor_role,
    e.actor_unit, e.happened_at, e.recorded_at, e.policy_version,
    r.peer, r.side, r.referral_type, l.index AS own_index,
    c.index AS receipt_index,
    CASE
        WHEN o.state = 'waiting' AND b.digest IS NOT NULL THEN 'returned'
        WHEN o.state = 'waiting' AND o.last_problem = 'relayed' THEN 'relayed'
        ELSE o.state
    END AS outbox_state,
    o.refusal_code, coalesce(s.digest, v.digest) AS digest
FROM (
    SELECT event_id FROM event
    WHERE case_id = $1
    UNION
    -- An offer came in before there was a case here.
    SELECT earlier.event_id FROM referral AS q
    INNER JOIN event AS earlier ON q.referral_id = earlier.referral_id
    WHERE q.case_id = $1
) AS own
INNER JOIN event AS e ON own.event_id = e.event_id
LEFT JOIN referral AS r ON e.referral_id = r.referral_id
INNER JOIN ledger_leaf AS l ON e.subject = l.subject
LEFT JOIN envelope_sent AS s ON e.subject = s.digest
LEFT JOIN envelope_received AS v ON e.subject = v.digest
LEFT JOIN receipt AS c ON s.digest = c.digest
LEFT JOIN outbox AS o ON s.digest = o.digest
LEFT JOIN envelope_return AS b ON s.digest = b.digest
ORDER BY l.index;

-- newest_in_case -- where what happened last in a case stands in this ledger, its
-- referrals included, -1 for nothing; $1 case id
SELECT coalesce(max(l.index), -1) AS newest FROM (
    SELECT subject FROM event
    WHERE case_id = $1
    UNION
    SELECT earlier.subject FROM referral AS q
    INNER JOIN event AS earlier ON q.referral_id = earlier.referral_id
    WHERE q.case_id = $1
) AS e
INNER JOIN ledger_leaf AS l ON e.subject = l.subject;

-- newest_in_referral -- the same of one referral; $1 referral id
SELECT coalesce(max(l.index), -1) AS newest FROM event AS e
INNER JOIN ledger_leaf AS l ON e.subject = l.subject
WHERE e.referral_id = $1;

-- newest_recorded_at -- the latest instant of this member's own case clock;
-- $1 member
SELECT max(recorded_at) AS newest FROM event WHERE author = $1;

-- newest_of_steps -- the newest event of each of some steps of a referral, oldest
-- first, but what its recipient refused; of recalls the newest few, because an
-- answer to one may cross the next;
-- $1 referral id, $2 steps between spaces, $3 how many recalls
SELECT
    e.event_id, e.referral_id, e.case_id, e.author, e.author_seq, e.step, e.actor,
    e.actor_role, e.actor_unit, e.happened_at, e.recorded_at, e.policy_version,
    e.subject, e.data_key_id, e.nonce, e.sealed, k.epoch, k.wrapped
FROM (
    SELECT
        event_id,
        row_number() OVER (PARTITION BY step ORDER BY referral_no DESC) AS place
    FROM event
    WHERE
        referral_id = $1 AND step = any(string_to_array($2, ' '))
        AND NOT EXISTS (
            SELECT 1 FROM outbox
            WHERE outbox.digest = event.subject AND outbox.state = 'refused'
        )
) AS n
INNER JOIN event AS e ON n.event_id = e.event_id
INNER JOIN data_key AS k ON e.data_key_id = k.key_id
WHERE n.place <= CASE e.step WHEN 'recall' THEN $3::integer ELSE 1 END
ORDER BY e.referral_no;
