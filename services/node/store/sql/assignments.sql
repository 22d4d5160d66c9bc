-- insert_assignments -- several at once; $1 request id, $2 case ids, $3 referral ids (one
-- of the two is null at each place), $4 officer or null, $5 by whom, $6 of which unit,
-- $7 when
INSERT INTO assignment (
    request_id, case_id, referral_id, officer, assigned_by, assigned_unit, assigned_at
)
SELECT $1, k.case_id, k.referral_id, $4::text, $5, $6, $7
FROM unnest($2::bytea [], $3::bytea []) AS k (case_id, referral_id);

-- assignments_of_request -- what one request wrote; $1 request id
SELECT officer, assigned_by, case_id, referral_id FROM assignment
WHERE request_id = $1;

-- lock_assigning -- one at a time, also before the first is written; $1 request id, hex
SELECT pg_advisory_xact_lock(hashtext('assignment'), hashtext($1));

-- work_to_assign -- what codes and referrals name here; a referral of a case is the case;
-- $1 case pseudonyms, $2 referral ids
SELECT
    c.pseudonym AS named, ''::bytea AS named_referral, c.case_id,
    NULL::bytea AS referral_id, c.pseudonym AS code
FROM cases AS c
WHERE c.pseudonym = any($1::text [])
UNION ALL
SELECT
    '' AS named, r.referral_id AS named_referral, r.case_id,
    CASE WHEN r.case_id IS NULL THEN r.referral_id END AS referral_id,
    coalesce(c.pseudonym, r.alias) AS code
FROM referral AS r
LEFT JOIN cases AS c ON r.case_id = c.case_id
WHERE r.referral_id = any($2::bytea []);

-- units_of_work -- whose officers acted here in each of these cases and referrals;
-- $1 case ids, $2 referral ids, $3 own member
SELECT DISTINCT e.case_id AS work_id, e.actor_unit AS unit
FROM event AS e
WHERE e.case_id = any($1::bytea []) AND e.author = $3 AND e.actor_role <> 'node'
UNION
SELECT DISTINCT e.referral_id AS work_id, e.actor_unit AS unit
FROM event AS e
WHERE e.referral_id = any($2::bytea []) AND e.author = $3 AND e.actor_role <> 'node';

-- assigned_now -- who each of these is assigned to, what was taken back left out, and who
-- left; a case
-- is assigned with its referrals; $1 case ids, $2 referral ids, place by place, null
-- where there is none
SELECT k.place, a.officer, a.assigned_by, a.assigned_unit, a.assigned_at
FROM unnest($1::bytea [], $2::bytea [])
    WITH ORDINALITY AS k (case_id, referral_id, place)
CROSS JOIN LATERAL (
    SELECT g.officer, g.assigned_by, g.assigned_unit, g.assigned_at
    FROM (
        SELECT c.number, c.officer, c.assigned_by, c.assigned_unit, c.assigned_at
        FROM assignment AS c WHERE c.case_id = k.case_id
        UNION ALL
        SELECT r.number, r.officer, r.assigned_by, r.assigned_unit, r.assigned_at
        FROM assignment AS r WHERE r.referral_id = k.referral_id
    ) AS g
    ORDER BY g.number DESC
    LIMIT 1
) AS a
INNER JOIN officer AS o ON a.officer = o.pseudonym
WHERE o.active;

-- assignments_of_case -- every assignment of a case and of what became one, oldest
-- first; $1 case id
SELECT a.officer, a.assigned_by, a.assigned_unit, a.assigned_at
FROM assignment AS a
WHERE
    a.case_id = $1
    OR a.referral_id IN (SELECT r.referral_id FROM referral AS r WHERE r.case_id = $1)
ORDER BY a.number;

-- held_by -- what is assigned to an officer now, without closed cases and referrals that
-- ended; a referral that became a case is that case; $1 officer, $2 states that are ends
WITH ever AS (
    SELECT DISTINCT
        coalesce(a.case_id, r.case_id) AS case_id,
        CASE WHEN coalesce(a.case_id, r.case_id) IS NULL THEN a.referral_id END
            AS referral_id
    FROM assignment AS a
    LEFT JOIN referral AS r ON a.referral_id = r.referral_id
    WHERE a.officer = $1
)

SELECT
    e.case_id, e.referral_id, coalesce(c.pseudonym, f.alias) AS code,
    w.assigned_by, w.assigned_at
FROM ever AS e
LEFT JOIN cases AS c ON e.case_id = c.case_id
LEFT JOIN referral AS f ON e.referral_id = f.referral_id
CROSS JOIN LATERAL (
    SELECT g.officer, g.assigned_by, g.assigned_at
    FROM (
        SELECT o.number, o.officer, o.assigned_by, o.assigned_at
        FROM assignment AS o WHERE o.case_id = e.case_id
        UNION ALL
        SELECT b.number, b.officer, b.assigned_by, b.assigned_at
        FROM assignment AS b WHERE b.referral_id = e.referral_id
        UNION ALL
        SELECT b.number, b.officer, b.assigned_by, b.assigned_at
        FROM referral AS r
        INNER JOIN assignment AS b ON r.referral_id = b.referral_id
        WHERE r.case_id = e.case_id
    ) AS g
    ORDER BY g.number DESC
    LIMIT 1
) AS w
WHERE
    w.officer = $1 AND coalesce(c.answerable, '') <> 'closed'
    AND coalesce(f.state, '') <> all($2::text [])
ORDER BY code;
