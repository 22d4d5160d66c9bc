-- insert_case_state -- $1 event id, $2 case id, $3 phase, $4 state,
-- $5 essential_needs_until, $6 recovery_pause_until, $7 happened_at, $8 nonce,
-- $9 sealed
INSERT INTO case_state (
    event_id, case_id, phase, state, essential_needs_until, recovery_pause_until,
    happened_at, nonce, sealed
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- newest_case_state -- what a case is in now; $1 case id
SELECT
    event_id, case_id, phase, state, essential_needs_until, recovery_pause_until,
    happened_at, nonce, sealed
FROM case_state WHERE case_id = $1 ORDER BY number DESC LIMIT 1;

-- case_states_of -- everything that a case was in, oldest first; $1 case id
SELECT
    event_id, case_id, phase, state, essential_needs_until, recovery_pause_until,
    happened_at, nonce, sealed
FROM case_state WHERE case_id = $1 ORDER BY number;

-- insert_minor -- $1 event id, $2 case id, $3 alias, $4 recorded_at, $5 recorded_by,
-- $6 nonce, $7 sealed
INSERT INTO accompanying_minor (
    event_id, case_id, alias, recorded_at, recorded_by, nonce, sealed
) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- minors_of -- the newest version of each, in the order of their aliases; $1 case id
SELECT DISTINCT ON (m.alias)
    m.event_id, m.case_id, m.alias, m.recorded_at, m.recorded_by, m.nonce, m.sealed
FROM accompanying_minor AS m
WHERE m.case_id = $1
ORDER BY m.alias ASC, m.number DESC;

-- insert_plan -- $1 event id, $2 case id, $3 recorded_at, $4 recorded_by, $5 nonce,
-- $6 sealed
INSERT INTO case_plan (
    event_id, case_id, recorded_at, recorded_by, nonce, sealed
) VALUES ($1, $2, $3, $4, $5, $6);

-- newest_plan -- $1 case id
SELECT event_id, case_id, recorded_at, recorded_by, nonce, sealed, number
FROM case_plan WHERE case_id = $1 ORDER BY number DESC LIMIT 1;

-- close_answerability -- nobody answers for a closed case: the period ends, and no
-- event names a successor; $1 case id, $2 at
UPDATE answerability
SET until_event = '', until_at = $2, until_step = 'case_closed'
WHERE case_id = $1 AND until_event IS NULL;

-- records_of_category -- every version of one category of a case that can be read,
-- oldest first; $1 case id, $2 category
SELECT
    r.record_id, r.case_id, r.category, r.source, r.recorded_at, r.recorded_by,
    r.nonce, r.sealed, k.epoch, k.wrapped, r.number, r.follow_up
FROM case_record AS r
INNER JOIN data_key AS k
    ON r.case_id = k.owner AND coalesce(r.key_scope, r.category) = k.scope
WHERE r.case_id = $1 AND r.category = $2
ORDER BY r.recorded_at, r.number;
