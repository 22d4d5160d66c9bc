-- insert_admission -- $1 id, $2 kind, $3 officer, $4 role, $5 unit, $6 name, $7 scopes,
-- $8 key hash or null, $9 spki or null, $10 expires_at or null, $11 asked by,
-- $12 asked at, $13 ends at, $14 looks
INSERT INTO admission (
    admission_id, kind, officer, role, unit, name, scopes, key_hash, spki, expires_at,
    asked_by, asked_at, ends_at, looks
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- admissions_waiting -- the oldest first; $1 now, $2 how many
SELECT
    admission_id, kind, officer, role, unit, name, scopes, key_hash, spki, expires_at,
    asked_by, asked_at, ends_at, looks, answer, answered_at
FROM admission
WHERE answer IS NULL AND ends_at > $1
ORDER BY asked_at, admission_id
LIMIT $2;

-- admission -- with its answer, locked to the end of the transaction; $1 id
SELECT
    admission_id, kind, officer, role, unit, name, scopes, key_hash, spki, expires_at,
    asked_by, asked_at, ends_at, looks, answer, answered_at
FROM admission
WHERE admission_id = $1
FOR UPDATE;

-- answer_admission -- once; $1 id, $2 answer, $3 by, $4 at
UPDATE admission SET answer = $2, answered_by = $3, answered_at = $4
WHERE admission_id = $1 AND answer IS NULL;

-- withdraw_admissions -- what waits of these kinds for an officer; $1 officer, $2 kinds,
-- $3 by, $4 at
UPDATE admission SET answer = 'withdrawn', answered_by = $3, answered_at = $4
WHERE officer = $1 AND kind = any($2::text []) AND answer IS NULL;

-- newest_sheet -- $1 officer, $2 looks
SELECT
    admission_id, kind, officer, role, unit, name, scopes, key_hash, spki, expires_at,
    asked_by, asked_at, ends_at, looks, answer, answered_at
FROM admission
WHERE kind = 'export' AND officer = $1 AND looks = $2
ORDER BY asked_at DESC
LIMIT 1;
