-- directory_leaves -- the directory in order
SELECT leaf FROM directory_leaf ORDER BY index;

-- insert_directory_leaf -- $1 index, $2 leaf
INSERT INTO directory_leaf (index, leaf) VALUES ($1, $2);

-- newest_directory_head -- the head this node goes by
SELECT size, root, checkpoint FROM directory_head ORDER BY size DESC LIMIT 1;

-- insert_directory_head -- $1 size, $2 root, $3 checkpoint
INSERT INTO directory_head (size, root, checkpoint) VALUES ($1, $2, $3);

-- peer_head -- the newest head of a peer that was verified; $1 member
SELECT member, size, root, checkpoint FROM peer_head WHERE member = $1;

-- known_peers -- whose ledgers this node has seen
SELECT member FROM peer_head ORDER BY member;

-- lock_peer_head -- one at a time, also before the first is known; $1 member
SELECT pg_advisory_xact_lock(hashtext('peer_head'), hashtext($1));

-- keep_peer_head -- never goes back; $1 member, $2 size, $3 root, $4 checkpoint
INSERT INTO peer_head (member, size, root, checkpoint) VALUES ($1, $2, $3, $4)
ON CONFLICT (member) DO UPDATE
    SET size = excluded.size, root = excluded.root, checkpoint = excluded.checkpoint
    WHERE peer_head.size < excluded.size;

-- keep_contradiction -- each once, and only so many of one member, whatever it signs;
-- $1 member, $2 code, $3 known checkpoint, $4 size, $5 root, $6 checkpoint, $7 most
INSERT INTO peer_contradiction (
    member, code, known_checkpoint, size, root, checkpoint
)
SELECT $1, $2, $3, $4, $5, $6
WHERE (SELECT count(*) FROM peer_contradiction WHERE member = $1) < $7
ON CONFLICT DO NOTHING RETURNING member;

-- contradictions -- how many of each member's are kept, by code
SELECT
    member,
    code,
    count(*)::integer AS times,
    min(noticed_at) AS first_at,
    max(noticed_at) AS last_at
FROM peer_contradiction GROUP BY member, code ORDER BY member, code;
