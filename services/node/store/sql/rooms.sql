-- room_of_envelopes -- what was received of members and no act of a person here has
-- followed in its referral; $1 members, $2 since, wire clock, $3 this member
SELECT
    m.member, w.number, w.bytes
FROM unnest($1::text []) AS m (member)
CROSS JOIN LATERAL (
    SELECT
        count(*) AS number,
        coalesce(sum(
            octet_length(r.header) + octet_length(r.stanza)
            + octet_length(r.ciphertext) + octet_length(r.evidence)
        ), 0)::bigint AS bytes
    FROM envelope_received AS r
    WHERE
        r.sender = m.member AND r.received_at >= $2
        -- One look each, by the keys: never all events at once.
        AND (
            SELECT EXISTS (
                SELECT 1 FROM event AS o
                WHERE
                    o.referral_id = e.referral_id AND o.referral_no > e.referral_no
                    AND o.author = $3 AND o.actor_role <> 'node'
            )
            FROM event AS e
            WHERE e.subject = r.digest
        ) IS NOT TRUE
) AS w;

-- room_of_files -- files of members of which a chunk is here; $1 members, $2 the
-- attachment that is not counted, or nothing
SELECT
    m.member, f.number, f.bytes
FROM unnest($1::text []) AS m (member)
CROSS JOIN LATERAL (
    SELECT
        count(*) AS number, coalesce(sum(a.size), 0)::bigint AS bytes
    FROM attachment AS a
    WHERE
        a.source = m.member AND a.remote_id IS NOT NULL AND a.attachment_id <> $2
        AND (
            SELECT true FROM attachment_chunk AS c
            WHERE c.content_id = a.attachment_id AND c.number = 0
        )
) AS f;
