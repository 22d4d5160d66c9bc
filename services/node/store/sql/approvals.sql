-- insert_approval -- $1 approval id, $2 kind, $3 case id, $4 digest, $5 asked_by,
-- $6 asked_unit, $7 asked_at, $8 expires_at, $9 nonce, $10 sealed
INSERT INTO approval (
    approval_id, kind, case_id, digest, asked_by, asked_unit, asked_at, expires_at,
    nonce, sealed
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- insert_approval_answer -- a second answer is a conflict; $1 approval id, $2 event,
-- $3 answer, $4 answered_by, $5 answered_at, $6 nonce, $7 sealed
INSERT INTO approval_answer (
    approval_id, event_id, answer, answered_by, answered_at, nonce, sealed
) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- insert_approval_use -- a second use is a conflict; $1 approval id, $2 event,
-- $3 used_at
INSERT INTO approval_use (approval_id, event_id, used_at) VALUES ($1, $2, $3);

-- approval_by_id -- $1 approval id
SELECT
    a.approval_id, a.kind, a.case_id, c.pseudonym, a.digest, a.asked_by, a.asked_unit,
    a.asked_at, a.expires_at, a.nonce, a.sealed, n.answer, n.answered_by,
    n.answered_at, n.nonce AS answer_nonce, n.sealed AS answer_sealed, u.used_at,
    u.event_id AS used_by
FROM approval AS a
INNER JOIN cases AS c ON a.case_id = c.case_id
LEFT JOIN approval_answer AS n ON a.approval_id = n.approval_id
LEFT JOIN approval_use AS u ON a.approval_id = u.approval_id
WHERE a.approval_id = $1;

-- approvals_waiting -- not answered, not expired and asked by somebody else, as far as
-- the officer may answer, the oldest first; $1 officer, $2 now, $3 only of this unit, or
-- null, $4 how many, $5 how many to leave out, $6 kinds to answer wherever asked,
-- $7 kinds to answer in the own unit only, $8 that unit
SELECT
    a.approval_id, a.kind, a.case_id, c.pseudonym, a.digest, a.asked_by, a.asked_unit,
    a.asked_at, a.expires_at, a.nonce, a.sealed, NULL AS answer, NULL AS answered_by,
    NULL::timestamptz AS answered_at, NULL::bytea AS answer_nonce,
    NULL::bytea AS answer_sealed, NULL::timestamptz AS used_at, NULL::bytea AS used_by
FROM approval AS a
INNER JOIN cases AS c ON a.case_id = c.case_id
WHERE
    a.expires_at >= $2 AND a.asked_by <> $1
    AND ($3::text IS NULL OR a.asked_unit = $3)
    AND (
        a.kind = any($6::text [])
        OR (a.kind = any($7::text []) AND a.asked_unit = $8)
    )
    AND NOT EXISTS (
        SELECT 1 FROM approval_answer AS n WHERE n.approval_id = a.approval_id
    )
ORDER BY a.number
LIMIT $4 OFFSET $5;

-- approvals_of_case -- the newest first; $1 case id, $2 how many, $3 how many to leave
-- out
SELECT
    a.approval_id, a.kind, a.case_id, c.pseudonym, a.digest, a.asked_by, a.asked_unit,
    a.asked_at, a.expires_at, a.nonce, a.sealed, n.answer, n.answered_by,
    n.answered_at, n.nonce AS answer_nonce, n.sealed AS answer_sealed, u.used_at,
    u.event_id AS used_by
FROM approval AS a
INNER JOIN cases AS c ON a.case_id = c.case_id
LEFT JOIN approval_answer AS n ON a.approval_id = n.approval_id
LEFT JOIN approval_use AS u ON a.approval_id = u.approval_id
WHERE a.case_id = $1
ORDER BY a.number DESC
LIMIT $2 OFFSET $3;

-- approvals_asked_by -- the newest first; $1 officer, $2 how many, $3 how many to leave
-- out
SELECT
    a.approval_id, a.kind, a.case_id, c.pseudonym, a.digest, a.asked_by, a.asked_unit,
    a.asked_at, a.expires_at, a.nonce, a.sealed, n.answer, n.answered_by,
    n.answered_at, n.nonce AS answer_nonce, n.sealed AS answer_sealed, u.used_at,
    u.event_id AS used_by
FROM approval AS a
INNER JOIN cases AS c ON a.case_id = c.case_id
LEFT JOIN approval_answer AS n ON a.approval_id = n.approval_id
LEFT JOIN approval_use AS u ON a.approval_id = u.approval_id
WHERE a.asked_by = $1
ORDER BY a.number DESC
LIMIT $2 OFFSET $3;
