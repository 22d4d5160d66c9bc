-- lock_head -- the one head row, held until the batch commits
SELECT origin, size, root, checkpoint FROM ledger_head FOR UPDATE;

-- read_head -- the newest head
SELECT origin, size, root, checkpoint FROM ledger_head;

-- insert_head -- the empty ledger; $1 origin, $2 root, $3 checkpoint
INSERT INTO ledger_head (origin, size, root, checkpoint) VALUES ($1, 0, $2, $3);

-- move_head -- compare and set; $1 size before, $2 size, $3 root, $4 checkpoint
UPDATE ledger_head SET size = $2, root = $3, checkpoint = $4 WHERE size = $1;

-- insert_leaves -- $1 indexes, $2 leaves, $3 subjects
INSERT INTO ledger_leaf (index, leaf, subject)
SELECT index, leaf, subject
FROM unnest($1::bigint [], $2::bytea [], $3::bytea []) AS t (index, leaf, subject);

-- reread_leaves -- the leaves of a batch as stored; $1 first index
SELECT leaf FROM ledger_leaf WHERE index >= $1 ORDER BY index;

-- insert_nodes -- $1 levels, $2 indexes, $3 hashes
INSERT INTO ledger_node (level, index, hash)
SELECT level, index, hash
FROM unnest($1::smallint [], $2::bigint [], $3::bytea []) AS t (level, index, hash);

-- read_nodes -- hashes of complete subtrees; $1 levels, $2 indexes
SELECT n.level, n.index, n.hash
FROM unnest($1::smallint [], $2::bigint []) AS w (level, index)
INNER JOIN ledger_node AS n ON w.level = n.level AND w.index = n.index;

-- insert_checkpoint -- $1 size, $2 note
INSERT INTO ledger_checkpoint (size, note) VALUES ($1, $2);

-- insert_openings -- $1 subjects, $2 data key ids, $3 public nonces,
-- $4 public sealed, $5 pers nonces, $6 pers sealed
INSERT INTO ledger_opening (
    subject, data_key_id, public_nonce, public_sealed, pers_nonce, pers_sealed
)
SELECT subject, data_key_id, public_nonce, public_sealed, pers_nonce, pers_sealed
FROM unnest(
    $1::bytea [], $2::bytea [], $3::bytea [], $4::bytea [], $5::bytea [], $6::bytea []
) AS t (
    subject, data_key_id, public_nonce, public_sealed, pers_nonce, pers_sealed
);

-- read_logged -- leaves with their openings and wrapped keys; $1 subjects
SELECT
    l.index, l.leaf, l.subject, o.data_key_id, o.public_nonce, o.public_sealed,
    o.pers_nonce, o.pers_sealed, k.epoch, k.wrapped
FROM ledger_leaf AS l
INNER JOIN ledger_opening AS o ON l.subject = o.subject
LEFT JOIN data_key AS k ON o.data_key_id = k.key_id
WHERE l.subject = any($1::bytea []);

-- page_leaves -- every leaf in order; $1 from index, $2 how many
SELECT
    l.index, l.leaf, l.subject, o.data_key_id, o.public_nonce, o.public_sealed,
    o.pers_nonce, o.pers_sealed, k.epoch, k.wrapped
FROM ledger_leaf AS l
LEFT JOIN ledger_opening AS o ON l.subject = o.subject
LEFT JOIN data_key AS k ON o.data_key_id = k.key_id
WHERE l.index >= $1
ORDER BY l.index
LIMIT $2;

-- page_nodes -- every stored hash in order; $1 after level, $2 after index,
-- $3 how many
SELECT level, index, hash FROM ledger_node
WHERE (level, index) > ($1, $2)
ORDER BY level, index
LIMIT $3;

-- page_checkpoints -- every signed head in order; $1 after size, $2 how many
SELECT size, note FROM ledger_checkpoint
WHERE size > $1
ORDER BY size
LIMIT $2;

-- indexes_of -- where subjects stand; $1 subjects
SELECT subject, index FROM ledger_leaf WHERE subject = any($1::bytea []);

-- system_identity -- which database cluster this is
SELECT
    (SELECT system_identifier FROM pg_control_system())::text AS system_id,
    (SELECT timeline_id FROM pg_control_checkpoint()) AS timeline;
