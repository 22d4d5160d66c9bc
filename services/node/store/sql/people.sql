-- officer -- $1 pseudonym
SELECT
    pseudonym, role, unit, active, added_at, added_by, changed_at, changed_by
FROM officer WHERE pseudonym = $1;

-- officers -- everybody
SELECT
    pseudonym, role, unit, active, added_at, added_by, changed_at, changed_by
FROM officer ORDER BY pseudonym;

-- keep_officer -- add or change; $1 pseudonym, $2 role, $3 unit, $4 active, $5 at,
-- $6 by whom
INSERT INTO officer (
    pseudonym, role, unit, active, added_at, added_by, changed_at, changed_by
) VALUES ($1, $2, $3, $4, $5, $6, $5, $6)
ON CONFLICT (pseudonym) DO UPDATE
    SET
        role = excluded.role, unit = excluded.unit, active = excluded.active,
        changed_at = excluded.changed_at, changed_by = excluded.changed_by;

-- insert_clock_move -- $1 case clock, $2 wire clock, $3 by whom
INSERT INTO clock_move (case_at, moved_at, moved_by) VALUES ($1, $2, $3);

-- insert_draft -- the same row is the same draft; $1 draft id, $2 source key,
-- $3 officer, $4 status, $5 interview consent, $6 imported_at, $7 data key id,
-- $8 nonce, $9 sealed
INSERT INTO draft (
    draft_id, source_key, officer, status, interview_consent, imported_at,
    data_key_id, nonce, sealed
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (source_key) DO NOTHING
RETURNING draft_id;

-- drafts_by_source -- which rows are drafts already; $1 source keys
SELECT
    d.source_key, d.draft_id, d.officer,
    CASE WHEN c.case_id IS NULL THEN d.status ELSE 'confirmed' END AS status
FROM draft AS d
LEFT JOIN draft_case AS c ON d.draft_id = c.draft_id
WHERE d.source_key = any($1::bytea []);

-- draft_by_id -- $1 draft id
SELECT
    d.draft_id, d.source_key, d.officer,
    CASE WHEN c.case_id IS NULL THEN d.status ELSE 'confirmed' END AS status,
    d.interview_consent, d.imported_at, c.case_id, d.data_key_id, d.nonce, d.sealed,
    k.epoch, k.wrapped
FROM draft AS d
INNER JOIN data_key AS k ON d.data_key_id = k.key_id
LEFT JOIN draft_case AS c ON d.draft_id = c.draft_id
WHERE d.draft_id = $1;

-- list_drafts -- $1 officer
SELECT
    d.draft_id, d.source_key, d.officer,
    CASE WHEN c.case_id IS NULL THEN d.status ELSE 'confirmed' END AS status,
    d.interview_consent, d.imported_at, c.case_id, d.data_key_id, d.nonce, d.sealed,
    k.epoch, k.wrapped
FROM draft AS d
INNER JOIN data_key AS k ON d.data_key_id = k.key_id
LEFT JOIN draft_case AS c ON d.draft_id = c.draft_id
WHERE d.officer = $1
ORDER BY d.number;

-- confirm_draft -- whoever comes second meets a conflict; $1 draft id, $2 case id
INSERT INTO draft_case (draft_id, case_id) VALUES ($1, $2);
