-- insert_access -- $1 access id, $2 officer, $3 role, $4 unit, $5 listener, $6 what,
-- $7 case pseudonym, $8 subject id, $9 outcome, $10 at, $11 nonce, $12 sealed
INSERT INTO access (
    access_id, officer, role, unit, listener, what, case_pseudonym, subject_id,
    outcome, at, nonce, sealed
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING number;

-- access_to_case -- to it, its referrals and its approvals, newest first; $1 case
-- pseudonym, $2 officer or empty, $3 true for refused only, $4 from this number,
-- $5 before this number, $6 how many
SELECT
    a.number, a.access_id, a.officer, a.role, a.unit, a.listener, a.what,
    a.case_pseudonym, a.subject_id, a.outcome, a.at, a.nonce, a.sealed
FROM (
    SELECT number FROM access
    WHERE case_pseudonym = $1 AND number >= $4 AND number < $5
    UNION
    SELECT l.number FROM cases AS c
    INNER JOIN referral AS r ON c.case_id = r.case_id
    INNER JOIN access AS l ON r.referral_id = l.subject_id
    WHERE c.pseudonym = $1 AND l.number >= $4 AND l.number < $5
    UNION
    SELECT l.number FROM cases AS c
    INNER JOIN approval AS p ON c.case_id = p.case_id
    INNER JOIN access AS l ON p.approval_id = l.subject_id
    WHERE c.pseudonym = $1 AND l.number >= $4 AND l.number < $5
) AS found
INNER JOIN access AS a ON found.number = a.number
WHERE ($2::text = '' OR a.officer = $2) AND (NOT $3::boolean OR a.outcome <> 'ok')
ORDER BY a.number DESC
LIMIT $6;

-- access_newest -- newest first; $1 from this number, $2 before this number, $3 how
-- many
SELECT
    number, access_id, officer, role, unit, listener, what, case_pseudonym,
    subject_id, outcome, at, nonce, sealed
FROM access
WHERE number >= $1 AND number < $2
ORDER BY number DESC
LIMIT $3;

-- access_refused -- the same of what was refused; $1 from this number, $2 before this
-- number, $3 how many
SELECT
    number, access_id, officer, role, unit, listener, what, case_pseudonym,
    subject_id, outcome, at, nonce, sealed
FROM access
WHERE number >= $1 AND number < $2 AND outcome <> 'ok'
ORDER BY number DESC
LIMIT $3;

-- access_by_officer -- newest first; $1 officer, $2 true for refused only, $3 from this
-- number, $4 before this number, $5 how many
SELECT
    number, access_id, officer, role, unit, listener, what, case_pseudonym,
    subject_id, outcome, at, nonce, sealed
FROM access
WHERE
    officer = $1 AND number >= $3 AND number < $4
    AND (NOT $2::boolean OR outcome <> 'ok')
ORDER BY number DESC
LIMIT $5;

-- access_since -- the number of the first look at or after; $1 instant
SELECT number FROM access WHERE at >= $1 ORDER BY at, number LIMIT 1;

-- prune_looks -- the oldest, if they are older than the law of this node allows to
-- keep; $1 older than, $2 how many
SELECT prune_access($1, $2) AS looks;

-- unusual_days -- an officer's looks on one day in Viet Nam, where they were many, at
-- night or refused, the newest first; $1 since, wire clock, $2 cases, $3 looks at
-- night (a hotline's operators work then), $4 refused, $5 how many
SELECT
    d.officer, d.role, d.unit,
    date_trunc('day', d.here) AT TIME ZONE 'Asia/Ho_Chi_Minh' AS day,
    count(DISTINCT nullif(d.case_pseudonym, '')) AS cases,
    count(*) FILTER (
        WHERE extract(HOUR FROM d.here) < 6 OR extract(HOUR FROM d.here) >= 22
    ) AS at_night,
    count(*) FILTER (WHERE d.outcome <> 'ok') AS refused
FROM (
    SELECT
        officer, role, unit, case_pseudonym, outcome,
        at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS here
    FROM access
    WHERE at >= $1 AND officer <> ''
) AS d
GROUP BY d.officer, d.role, d.unit, date_trunc('day', d.here)
HAVING
    count(DISTINCT nullif(d.case_pseudonym, '')) >= $2
    OR (
        d.role <> 'operator'
        AND count(*) FILTER (
            WHERE extract(HOUR FROM d.here) < 6 OR extract(HOUR FROM d.here) >= 22
        ) >= $3
    )
    OR count(*) FILTER (WHERE d.outcome <> 'ok') >= $4
ORDER BY day DESC, cases DESC, d.officer
LIMIT $5;

-- list_prunings -- newest first, each with the chain of the run before; $1 how many
SELECT
    p.number, p.first_number, p.last_number, p.looks, p.oldest_at, p.newest_at,
    p.pruned_at, p.digest, p.chain, b.chain AS chain_before
FROM access_pruning AS p
LEFT JOIN access_pruning AS b ON p.number = b.number + 1
ORDER BY p.number DESC
LIMIT $1;

-- units_of_case -- whose officers acted in it here; $1 case pseudonym, $2 own member
SELECT DISTINCT e.actor_unit AS unit
FROM cases AS c
INNER JOIN event AS e ON c.case_id = e.case_id
WHERE c.pseudonym = $1 AND e.author = $2 AND e.actor_role <> 'node';

-- units_of_referral -- whose officers acted in it here, or in its case; $1 referral id,
-- or that of a clock, which runs for a referral or a case; $2 own member
SELECT e.actor_unit AS unit FROM event AS e
WHERE e.referral_id = $1 AND e.author = $2 AND e.actor_role <> 'node'
UNION
SELECT e.actor_unit AS unit
FROM referral AS r
INNER JOIN event AS e ON r.case_id = e.case_id
WHERE r.referral_id = $1 AND e.author = $2 AND e.actor_role <> 'node'
UNION
SELECT e.actor_unit AS unit
FROM timer AS t
LEFT JOIN referral AS r ON t.referral_id = r.referral_id
INNER JOIN event AS e ON coalesce(t.case_id, r.case_id) = e.case_id
WHERE t.timer_id = $1 AND e.author = $2 AND e.actor_role <> 'node';

-- insert_form -- $1 form id, $2 officer, $3 kind, $4 case pseudonym, $5 at,
-- $6 data key id, $7 nonce, $8 sealed
INSERT INTO form (
    form_id, officer, kind, case_pseudonym, begun_at, kept_at, version, data_key_id,
    nonce, sealed
) VALUES ($1, $2, $3, $4, $5, $5, 1, $6, $7, $8);

-- update_form -- $1 form id, $2 case pseudonym, $3 at, $4 nonce, $5 sealed
UPDATE form
SET
    case_pseudonym = $2, kept_at = $3, version = version + 1, nonce = $4, sealed = $5
WHERE form_id = $1;

-- form_by_id -- with its key, locked to the end of the transaction; $1 form id
SELECT
    f.form_id, f.officer, f.kind, f.case_pseudonym, f.begun_at, f.kept_at, f.version,
    f.data_key_id, f.nonce, f.sealed, k.epoch, k.wrapped
FROM form AS f
INNER JOIN data_key AS k ON f.data_key_id = k.key_id
WHERE f.form_id = $1
FOR UPDATE OF f;

-- forms_of -- the one kept last first; $1 officer
SELECT form_id, kind, case_pseudonym, begun_at, kept_at, version
FROM form
WHERE officer = $1
ORDER BY kept_at DESC, form_id;

-- forget_forms -- and their keys; $1 last kept before
WITH gone AS (
    DELETE FROM form WHERE kept_at < $1 RETURNING data_key_id
), keys AS (
    DELETE FROM data_key WHERE key_id IN (SELECT data_key_id FROM gone)
)
SELECT count(*) FROM gone;

-- drop_form -- $1 officer, $2 form id
DELETE FROM form WHERE officer = $1 AND form_id = $2 RETURNING data_key_id;
