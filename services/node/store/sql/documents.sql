-- insert_document_copy -- the next number of this document; $1 digest, $2 case id,
-- $3 kind, $4 alias, $5 given to, $6 printed by, $7 printed_at
INSERT INTO document_copy (
    digest, copy, case_id, kind, alias, given_to, printed_by, printed_at
)
SELECT
    $1, coalesce(max(d.copy), 0) + 1, $2, $3, $4, $5, $6, $7
FROM document_copy AS d WHERE d.digest = $1
RETURNING copy;

-- document_copies -- of a case, the newest first; $1 case id
SELECT digest, copy, kind, alias, given_to, printed_by, printed_at
FROM document_copy WHERE case_id = $1
ORDER BY printed_at DESC, kind, copy DESC;

-- known_documents -- what was issued under a code; $1 alias
SELECT digest, kind, min(printed_at) AS issued_at, count(*) AS copies
FROM document_copy WHERE alias = $1
GROUP BY digest, kind;
