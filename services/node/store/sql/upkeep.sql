-- sizes -- bytes of the database, and of these of the files that belong to cases
SELECT
    pg_database_size(current_database()) AS database_bytes,
    pg_total_relation_size('attachment_chunk') AS files_bytes;

-- note_upkeep -- $1 what, $2 when, wire clock, $3 officer
INSERT INTO upkeep (what, done_at, done_by) VALUES ($1, $2, $3);

-- newest_upkeep -- what was noted last of each kind
SELECT DISTINCT ON (what) what, done_at, done_by FROM upkeep
ORDER BY what, number DESC;

-- contacts -- when each member's node was last heard from
SELECT member, heard_at, skew_ms, measured_at, protocol_version
FROM peer_contact ORDER BY member;

-- keep_contacts -- $1 members, $2 heard at, $3 milliseconds ahead, $4 measured at,
-- $5 versions of the protocol
INSERT INTO peer_contact (member, heard_at, skew_ms, measured_at, protocol_version)
SELECT c.member, c.heard_at, c.skew_ms, c.measured_at, c.protocol_version
FROM unnest(
    $1::text [], $2::timestamptz [], $3::bigint [], $4::timestamptz [], $5::integer []
) AS c (member, heard_at, skew_ms, measured_at, protocol_version)
ON CONFLICT (member) DO UPDATE
    SET
        heard_at = excluded.heard_at, skew_ms = excluded.skew_ms,
        measured_at = excluded.measured_at,
        protocol_version = excluded.protocol_version;

-- unreached -- the members that the last try did not reach, how often in a row, why,
-- and since when the oldest envelope waits; wire clock
SELECT
    d.recipient AS member, d.failures, d.last_problem AS problem,
    min(o.waits_since) AS waits_since
FROM destination AS d
LEFT JOIN outbox AS o ON d.recipient = o.recipient AND o.state = 'waiting'
GROUP BY d.recipient
ORDER BY d.recipient;

-- directory_leaves_at -- $1 their indexes
SELECT index, leaf FROM directory_leaf WHERE index = any($1);
