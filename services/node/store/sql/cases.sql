-- insert_case -- $1 case id, $2 pseudonym, $3 door, $4 phase, $5 answerable,
-- $6 case_seq, $7 opened_at, $8 opened_by
INSERT INTO cases (
    case_id, pseudonym, door, phase, answerable, case_seq, opened_at, opened_by
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- update_case -- what an act decided; if it decided before the answer to a release
-- came in, that answer stays, and whoever has an open period is answerable;
-- $1 case id, $2 phase, $3 answerable, $4 case_seq
UPDATE cases
SET
    phase = $2, case_seq = $4,
    answerable = CASE
        WHEN $3 NOT IN ('handed', 'handed_unconfirmed') THEN $3
        WHEN
            EXISTS (
                SELECT 1 FROM answerability AS a
                WHERE a.case_id = $1 AND a.until_event IS NULL
            )
            THEN 'answerable'
        WHEN answerable = 'handed' THEN 'handed'
        ELSE $3
    END
WHERE case_id = $1;

-- case_by_id -- $1 case id
SELECT case_id, pseudonym, door, phase, answerable, case_seq, opened_at, opened_by
FROM cases WHERE case_id = $1;

-- case_by_pseudonym -- $1 pseudonym
SELECT case_id, pseudonym, door, phase, answerable, case_seq, opened_at, opened_by
FROM cases WHERE pseudonym = $1;

-- list_cases -- newest first; $1 how many, $2 after how many
SELECT case_id, pseudonym, door, phase, answerable, case_seq, opened_at, opened_by
FROM cases
ORDER BY opened_at DESC, pseudonym
LIMIT $1 OFFSET $2;

-- insert_alias -- the same again is nothing new, another is a conflict; $1 case id,
-- $2 member, $3 alias
INSERT INTO case_alias (case_id, member, alias)
SELECT $1::bytea, $2::text, $3::text
WHERE NOT EXISTS (
    SELECT 1 FROM case_alias AS a
    WHERE a.case_id = $1 AND a.member = $2 AND a.alias = $3
);

-- alias_for -- $1 case id, $2 member
SELECT alias FROM case_alias WHERE case_id = $1 AND member = $2;

-- case_of_alias -- $1 member, $2 alias
SELECT case_id FROM case_alias WHERE member = $1 AND alias = $2;

-- insert_record -- $1 record id, $2 case id, $3 category, $4 source,
-- $5 recorded_at, $6 recorded_by, $7 nonce, $8 sealed, $9 key scope or null
INSERT INTO case_record (
    record_id, case_id, category, source, recorded_at, recorded_by, nonce, sealed,
    key_scope
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- insert_follow_up -- a record beside what stands there, which replaces none of it;
-- $1 record id, $2 case id, $3 category, $4 source, $5 recorded_at, $6 recorded_by,
-- $7 nonce, $8 sealed
INSERT INTO case_record (
    record_id, case_id, category, source, recorded_at, recorded_by, nonce, sealed,
    follow_up
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, true);

-- newest_records -- the newest version of each category that can be read, with its
-- key, and beside it the newest follow-up; $1 case id
SELECT DISTINCT ON (r.category, r.follow_up)
    r.record_id, r.case_id, r.category, r.source, r.recorded_at, r.recorded_by,
    r.nonce, r.sealed, k.epoch, k.wrapped, r.number, r.follow_up
FROM case_record AS r
INNER JOIN data_key AS k
    ON r.case_id = k.owner AND coalesce(r.key_scope, r.category) = k.scope
WHERE r.case_id = $1
ORDER BY r.category ASC, r.follow_up ASC, r.recorded_at DESC, r.number DESC;

-- cases_called -- $1 pseudonyms
SELECT case_id, pseudonym FROM cases WHERE pseudonym = any($1::text []);

-- newest_of_category -- the newest version of one category that can be read, with its
-- key, of each of several cases; $1 case ids, $2 category
SELECT DISTINCT ON (r.case_id)
    r.record_id, r.case_id, r.category, r.source, r.recorded_at, r.recorded_by,
    r.nonce, r.sealed, k.epoch, k.wrapped, r.number, r.follow_up
FROM case_record AS r
INNER JOIN data_key AS k
    ON r.case_id = k.owner AND coalesce(r.key_scope, r.category) = k.scope
WHERE r.case_id = any($1::bytea []) AND r.category = $2 AND NOT r.follow_up
ORDER BY r.case_id ASC, r.recorded_at DESC, r.number DESC;

-- insert_data_key -- $1 key id, $2 owner, $3 scope, $4 epoch, $5 wrapped
INSERT INTO data_key (key_id, owner, scope, epoch, wrapped)
VALUES ($1, $2, $3, $4, $5);

-- data_keys_of -- $1 owner
SELECT key_id, owner, scope, epoch, wrapped FROM data_key WHERE owner = $1;

-- begin_answerability -- who is answerable already goes on in a new period; $1 case
-- id, $2 event, $3 at, $4 step, $5 from member
WITH ended AS (
    UPDATE answerability SET until_event = $2, until_at = $3, until_step = $4
    WHERE case_id = $1 AND until_event IS NULL
    RETURNING case_id
)
INSERT INTO answerability (case_id, since_event, since_at, since_step, from_member)
SELECT $1, $2, $3, $4, $5::text
-- Counting makes the end come first.
FROM (SELECT count(*) AS periods FROM ended) AS before;

-- end_answerability -- the period that is open, or was when this member signed the
-- newest minutes of the referral: she may have come back before their
-- countersignature arrives; $1 case id, $2 event, $3 at, $4 step, $5 to member,
-- $6 referral id
WITH minuted AS (
    SELECT max(case_seq) AS case_seq FROM event
    WHERE referral_id = $6 AND step = 'minutes'
)

UPDATE answerability
SET until_event = $2, until_at = $3, until_step = $4, to_member = $5
WHERE case_id = $1 AND number = (
    SELECT a.number FROM answerability AS a
    LEFT JOIN event AS e ON a.since_event = e.event_id
    CROSS JOIN minuted AS m
    WHERE
        a.case_id = $1
        AND CASE
            WHEN m.case_seq IS NULL THEN a.until_event IS NULL
            ELSE e.case_seq < m.case_seq
        END
    ORDER BY a.number DESC
    LIMIT 1
);

-- answerability_of -- and whether a call was all that confirmed what began or ended
-- each period; $1 case id
SELECT
    a.case_id, a.since_event, a.since_at, a.since_step, a.from_member,
    a.until_event, a.until_at, a.until_step, a.to_member,
    c.digest IS NOT NULL OR s.digest IS NULL AS confirmed,
    coalesce(b.called, '') AS since_called,
    coalesce(w.called, '') AS until_called
FROM answerability AS a
LEFT JOIN event AS e ON a.until_event = e.event_id
LEFT JOIN envelope_sent AS s ON e.subject = s.digest
LEFT JOIN receipt AS c ON s.digest = c.digest
LEFT JOIN handover_called AS b ON a.since_event = b.event_id
LEFT JOIN handover_called AS w ON a.until_event = w.event_id
WHERE a.case_id = $1
ORDER BY a.since_at, a.number;

-- pseudonyms_of -- $1 case ids
SELECT case_id, pseudonym FROM cases WHERE case_id = any($1::bytea []);
