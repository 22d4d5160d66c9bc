-- insert_upload -- the same upload again is nothing new; $1 upload id, $2 attachment
-- id, $3 event id, $4 case id, $5 category, $6 size, $7 officer, $8 started_at,
-- $9 nonce, $10 sealed
INSERT INTO attachment_upload (
    upload_id, attachment_id, event_id, case_id, category, size, added_by,
    started_at, nonce, sealed
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (upload_id) DO NOTHING;

-- upload_by_id -- with the key of its case; $1 upload id
SELECT
    u.upload_id, u.attachment_id, u.event_id, u.case_id, u.category, u.size,
    u.added_by, u.nonce, u.sealed, k.epoch, k.wrapped,
    EXISTS (
        SELECT 1 FROM attachment AS a WHERE a.attachment_id = u.attachment_id
    ) AS finished
FROM attachment_upload AS u
INNER JOIN data_key AS k ON u.case_id = k.owner AND k.scope = 'case'
WHERE u.upload_id = $1;

-- uploads_open -- how many an officer has begun and not finished; $1 officer
SELECT count(*) FROM attachment_upload AS u
WHERE
    u.added_by = $1
    AND NOT EXISTS (
        SELECT 1 FROM attachment AS a WHERE a.attachment_id = u.attachment_id
    );

-- insert_chunks -- a chunk that is there stays; $1 content id, $2 numbers, $3 sealed
INSERT INTO attachment_chunk (content_id, number, sealed)
SELECT $1::bytea, c.number, c.sealed
FROM unnest($2::integer [], $3::bytea []) AS c (number, sealed)
ON CONFLICT (content_id, number) DO NOTHING;

-- chunks_held -- how many chunks are there, without a gap; $1 content id
SELECT coalesce(max(number) + 1, 0) FROM attachment_chunk WHERE content_id = $1;

-- chunks_from -- $1 content id, $2 first number, $3 how many
SELECT number, sealed FROM attachment_chunk
WHERE content_id = $1 AND number >= $2 AND number < $2 + $3
ORDER BY number;

-- delete_chunks -- $1 content id
DELETE FROM attachment_chunk WHERE content_id = $1;

-- uploads_before -- begun before an instant; $1 instant, $2 how many
SELECT
    u.upload_id, u.attachment_id,
    EXISTS (
        SELECT 1 FROM attachment AS a WHERE a.attachment_id = u.attachment_id
    ) AS finished
FROM attachment_upload AS u
WHERE u.started_at < $1
ORDER BY u.started_at
LIMIT $2;

-- delete_upload -- $1 upload id
DELETE FROM attachment_upload WHERE upload_id = $1;

-- insert_attachment -- $1 attachment id, $2 case id, $3 category, $4 key scope,
-- $5 source, $6 added by, $7 added at, $8 media type, $9 size, $10 state,
-- $11 remote id, $12 referral id, $13 next_try_at, $14 nonce, $15 sealed
INSERT INTO attachment (
    attachment_id, case_id, category, key_scope, source, added_by, added_at,
    media_type, size, state, remote_id, referral_id, next_try_at, nonce, sealed
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- attachments_of -- those of a case whose key is here, in order; $1 case id
SELECT
    a.attachment_id, a.case_id, a.category, a.key_scope, a.source, a.added_by,
    a.added_at, a.media_type, a.size, a.state, a.remote_id, a.referral_id,
    a.attempts, a.last_problem, a.nonce, a.sealed, k.epoch, k.wrapped
FROM attachment AS a
INNER JOIN data_key AS k ON a.case_id = k.owner AND a.key_scope = k.scope
WHERE a.case_id = $1
ORDER BY a.number;

-- attachment_by_id -- if its key is here; $1 attachment id
SELECT
    a.attachment_id, a.case_id, a.category, a.key_scope, a.source, a.added_by,
    a.added_at, a.media_type, a.size, a.state, a.remote_id, a.referral_id,
    a.attempts, a.last_problem, a.nonce, a.sealed, k.epoch, k.wrapped
FROM attachment AS a
INNER JOIN data_key AS k ON a.case_id = k.owner AND a.key_scope = k.scope
WHERE a.attachment_id = $1;

-- attachments_due -- to be fetched now, of every member the one that is due longest, so
-- that the files of one hide none of another; $1 now, $2 how many, $3 members from whom
-- something is being fetched
SELECT
    a.attachment_id, a.case_id, a.category, a.key_scope, a.source, a.added_by,
    a.added_at, a.media_type, a.size, a.state, a.remote_id, a.referral_id,
    a.attempts, a.last_problem, a.nonce, a.sealed, k.epoch, k.wrapped
FROM (
    SELECT DISTINCT ON (d.source) d.attachment_id
    FROM attachment AS d
    INNER JOIN data_key AS h ON d.case_id = h.owner AND d.key_scope = h.scope
    WHERE
        d.state = 'fetching' AND d.next_try_at <= $1
        AND d.source <> all($3::text [])
    ORDER BY d.source, d.next_try_at, d.number
) AS f
INNER JOIN attachment AS a ON f.attachment_id = a.attachment_id
INNER JOIN data_key AS k ON a.case_id = k.owner AND a.key_scope = k.scope
ORDER BY a.next_try_at, a.number
LIMIT $2;

-- next_fetch_at -- when the next one that waits is due; $1 now
SELECT min(a.next_try_at)
FROM attachment AS a
INNER JOIN data_key AS k ON a.case_id = k.owner AND a.key_scope = k.scope
WHERE a.state = 'fetching' AND a.next_try_at > $1;

-- settle_attachment -- it is whole, or refused for good; $1 attachment id, $2 state,
-- $3 problem or null
UPDATE attachment SET state = $2, last_problem = $3, next_try_at = NULL
WHERE attachment_id = $1 AND state = 'fetching';

-- put_off_attachment -- tried again later; $1 attachment id, $2 next_try_at,
-- $3 problem, $4 attempts
UPDATE attachment SET next_try_at = $2, last_problem = $3, attempts = $4
WHERE attachment_id = $1 AND state = 'fetching';

-- attachments_erased -- with chunks that no key opens any more; $1 how many
SELECT a.attachment_id FROM attachment AS a
WHERE
    NOT EXISTS (
        SELECT 1 FROM data_key AS k
        WHERE
            a.case_id = k.owner
            AND k.scope IN (a.key_scope, 'kept:' || a.key_scope)
    )
    AND EXISTS (
        SELECT 1 FROM attachment_chunk AS c
        WHERE c.content_id = a.attachment_id AND c.number = 0
    )
LIMIT $1;

-- insert_attachment_out -- $1 remote id, $2 attachment id, $3 referral id,
-- $4 recipient
INSERT INTO attachment_out (remote_id, attachment_id, referral_id, recipient)
VALUES ($1, $2, $3, $4);

-- release_attachment -- from now on it is served; $1 remote id, $2 nonce, $3 sealed
UPDATE attachment_out SET nonce = $2, sealed = $3 WHERE remote_id = $1;

-- attachments_out_of -- what an offer encloses; $1 referral id
SELECT
    o.remote_id, o.recipient, o.nonce AS out_nonce, o.sealed AS out_sealed,
    a.attachment_id, a.size, a.nonce, a.sealed, k.epoch, k.wrapped
FROM attachment_out AS o
INNER JOIN attachment AS a ON o.attachment_id = a.attachment_id
INNER JOIN data_key AS k ON a.case_id = k.owner AND a.key_scope = k.scope
WHERE o.referral_id = $1
ORDER BY o.remote_id;

-- attachment_served -- what a recipient may fetch: released, and not taken back;
-- $1 remote id, $2 recipient
SELECT
    o.remote_id, o.recipient, o.nonce AS out_nonce, o.sealed AS out_sealed,
    a.attachment_id, a.size, a.nonce, a.sealed, k.epoch, k.wrapped
FROM attachment_out AS o
INNER JOIN attachment AS a ON o.attachment_id = a.attachment_id
INNER JOIN data_key AS k ON a.case_id = k.owner AND a.key_scope = k.scope
WHERE
    o.remote_id = $1 AND o.recipient = $2 AND o.sealed IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM recall_due AS r
        WHERE r.referral_id = o.referral_id AND a.category = any(r.categories)
    );
