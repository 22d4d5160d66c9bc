-- say_closed -- once an id; $1 request id, $2 said at, $3 until when or null, $4 types,
-- $5 reason, $6 officer, $7 unit
INSERT INTO closed_to_new (
    request_id, said_at, ends_at, types, reason, done_by, unit
) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (request_id) DO NOTHING;

-- said_by_request -- $1 request id
SELECT c.said_at, c.ends_at, c.types, c.reason, c.done_by
FROM closed_to_new AS c WHERE c.request_id = $1;

-- newest_closed -- what stands
SELECT c.said_at, c.ends_at, c.types, c.reason, c.done_by
FROM closed_to_new AS c ORDER BY c.number DESC LIMIT 1;

-- keep_peer_closed -- what is heard later stands; $1 member, $2 heard at, $3 since,
-- $4 until when or null, $5 types, $6 reason
INSERT INTO peer_closed (member, heard_at, since, ends_at, types, reason)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (member) DO UPDATE
    SET
        heard_at = excluded.heard_at, since = excluded.since,
        ends_at = excluded.ends_at, types = excluded.types,
        reason = excluded.reason
    WHERE peer_closed.heard_at <= excluded.heard_at;

-- peers_closed -- what every member said last
SELECT p.member, p.heard_at, p.since, p.ends_at, p.types, p.reason
FROM peer_closed AS p;
