-- newest_version -- the number of the version of one category that stands now;
-- $1 case id, $2 category
SELECT r.number
FROM case_record AS r
INNER JOIN data_key AS k
    ON r.case_id = k.owner AND coalesce(r.key_scope, r.category) = k.scope
WHERE r.case_id = $1 AND r.category = $2
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
    r.case_id = $1 AND r.category = $2
    AND ($3::bigint [] IS NULL OR r.number = any($3))
ORDER BY r.recorded_at DESC, r.number DESC
LIMIT $4 OFFSET $5;
