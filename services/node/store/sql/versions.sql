-- newest_version -- the number of the version of one category that stands now; a
-- follow-up is none of them; $1 case id, $2 category
SELECT r.number
FROM case_record AS r
INNER JOIN data_key AS k
    ON r.case_id = k.owner AND coalesce(r.key_scope, r.category) = k.scope
WHERE r.case_id = $1 AND r.category = $2 AND NOT r.follow_up
ORDER BY r.recorded_at DESC, r.number DESC LIMIT 1;

-- newest_plan_version -- the number of the plan that stands now; $1 case id
SELECT number FROM case_plan WHERE case_id = $1 ORDER BY number DESC LIMIT 1;

-- versions_of -- versions of one category that can be read, the newest first, each
-- with the unit that whoever recorded it was in then; $1 case id, $2 category,
-- $3 their numbers or null for all, $4 limit, $5 offset
SELECT
    r.number, r.source, r.recorded_at, r.recorded_by, coalesce(e.unit, '') AS unit,
    r.record_id, r.nonce, r.sealed, k.epoch, k.wrapped
FROM case_record AS r
INNER JOIN data_key AS k
    ON r.case_id = k.owner AND coalesce(r.key_scope, r.category) = k.scope
LEFT JOIN LATERAL (
    SELECT b.actor_unit AS unit FROM event AS b
    WHERE
        b.case_id = r.case_id AND b.author = r.source
        AND b.actor = r.recorded_by AND b.recorded_at = r.recorded_at
    LIMIT 1
) AS e ON true
WHERE
    r.case_id = $1 AND r.category = $2 AND NOT r.follow_up
    AND ($3::bigint [] IS NULL OR r.number = any($3))
ORDER BY r.recorded_at DESC, r.number DESC
LIMIT $4 OFFSET $5;

-- plan_versions_of -- versions of the plan of a case, the newest first, each with the
-- unit of whoever recorded it; $1 case id, $2 their numbers or null for all, $3 limit,
-- $4 offset
SELECT
    p.number, p.event_id, p.recorded_at, p.recorded_by, e.actor_unit AS unit,
    p.nonce, p.sealed
FROM case_plan AS p
INNER JOIN event AS e ON p.event_id = e.event_id
WHERE p.case_id = $1 AND ($2::bigint [] IS NULL OR p.number = any($2))
ORDER BY p.number DESC
LIMIT $3 OFFSET $4;
