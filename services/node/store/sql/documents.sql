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

-- insert_printed_file -- what the file of a copy is known by, told by whoever
-- printed it; $1 file digest, $2 digest, $3 copy, $4 printed by
INSERT INTO printed_file (file_digest, digest, copy)
SELECT $1, d.digest, d.copy
FROM document_copy AS d
WHERE d.digest = $2 AND d.copy = $3 AND d.printed_by = $4
RETURNING copy;

-- known_file -- the document that a file is a copy of; $1 file digest
SELECT d.digest, d.kind, min(d.printed_at) AS issued_at, count(*) AS copies
FROM printed_file AS f
INNER JOIN document_copy AS d ON f.digest = d.digest
WHERE f.file_digest = $1
GROUP BY d.digest, d.kind;
