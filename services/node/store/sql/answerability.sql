-- cases_after -- every case in the order of its random id; $1 after case id,
-- $2 how many
SELECT case_id, pseudonym, answerable FROM cases
WHERE case_id > $1
ORDER BY case_id
LIMIT $2;

-- periods_of_cases -- when this member was answerable, whether the other end is
-- known to have the events that this member sent, and whether a call was all that
-- confirmed what began or ended each period; $1 case ids
SELECT
    a.case_id, a.since_event, a.since_at, a.since_step, a.from_member AS given_by,
    a.until_event, a.until_at, coalesce(a.until_step, '') AS until_step,
    coalesce(a.to_member, '') AS to_member,
    ended.digest IS NULL OR taken.digest IS NOT NULL AS taker_has_it,
    begun.digest IS NULL OR told.digest IS NOT NULL AS giver_has_it,
    coalesce(b.called, '') AS since_called,
    coalesce(w.called, '') AS until_called
FROM answerability AS a
LEFT JOIN event AS until ON a.until_event = until.event_id
LEFT JOIN envelope_sent AS ended ON until.subject = ended.digest
LEFT JOIN receipt AS taken ON ended.digest = taken.digest
LEFT JOIN event AS since ON a.since_event = since.event_id
LEFT JOIN envelope_sent AS begun ON since.subject = begun.digest
LEFT JOIN receipt AS told ON begun.digest = told.digest
LEFT JOIN handover_called AS b ON a.since_event = b.event_id
LEFT JOIN handover_called AS w ON a.until_event = w.event_id
WHERE a.case_id = any($1::bytea [])
ORDER BY a.case_id, a.number;

-- ends_of_cases -- the referrals of cases, each with its oldest envelope that waits
-- for a receipt, and what waits for an answer; $1 case ids
SELECT
    r.case_id, r.offer_event, r.side, r.peer, r.priority, r.state,
    sent.step AS sent_step, sent.recorded_at AS sent_at,
    accepted.recorded_at AS accepted_at, minutes.recorded_at AS minutes_at
FROM referral AS r
LEFT JOIN LATERAL (
    SELECT e.step, e.recorded_at FROM outbox AS o
    INNER JOIN event AS e ON o.digest = e.subject
    WHERE o.referral_id = r.referral_id AND o.state = 'waiting'
    ORDER BY o.number
    LIMIT 1
) AS sent ON true
LEFT JOIN LATERAL (
    SELECT e.recorded_at FROM event AS e
    WHERE
        e.referral_id = r.referral_id AND e.step = 'accept'
        AND r.state IN ('accepted', 'recalled', 'revoked', 'expired')
        AND NOT EXISTS (
            SELECT 1 FROM event AS answer
            WHERE
                answer.referral_id = r.referral_id
                AND (
                    answer.step = 'void'
                    OR (answer.step = 'release' AND r.state <> 'accepted')
                )
        )
    LIMIT 1
) AS accepted ON true
LEFT JOIN LATERAL (
    SELECT e.recorded_at FROM event AS e
    WHERE
        e.referral_id = r.referral_id AND e.step = 'minutes'
        AND r.state = 'minuted'
    ORDER BY e.referral_no DESC
    LIMIT 1
) AS minutes ON true
WHERE r.case_id = any($1::bytea [])
ORDER BY r.case_id, r.referral_id;
