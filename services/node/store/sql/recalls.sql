-- insert_disclosure -- $1 referral id, $2 case id, $3 recipient, $4 purpose,
-- $5 category, $6 basis kind, $7 basis id, $8 released_at
INSERT INTO disclosure (
    referral_id, case_id, recipient, purpose, category, basis_kind, basis_id,
    released_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- insert_consent_copy -- $1 referral id, $2 case id, $3 consent id
INSERT INTO consent_copy (referral_id, case_id, consent_id) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- disclosures_of -- what went out about a case; $1 case id
SELECT
    referral_id, case_id, recipient, purpose, category, basis_kind, basis_id,
    released_at
FROM disclosure WHERE case_id = $1
ORDER BY released_at, referral_id, category;

-- referrals_with_copy -- by which referrals one of these answers went to somebody
-- else than the member that it is about; $1 case id, $2 consent ids, $3 that member
SELECT DISTINCT c.referral_id
FROM consent_copy AS c
INNER JOIN referral AS r ON c.referral_id = r.referral_id
WHERE c.case_id = $1 AND c.consent_id = any($2::bytea []) AND r.peer <> $3
ORDER BY c.referral_id;

-- sealed_offers_of -- offers of a case whose parts are not opened yet; $1 case id
SELECT
    r.referral_id, r.peer, r.referral_type,
    array_agg(p.category ORDER BY p.part_id) AS categories
FROM referral AS r
INNER JOIN part_key AS p ON r.referral_id = p.referral_id
WHERE r.case_id = $1 AND r.side = 'giver'
GROUP BY r.referral_id
ORDER BY r.referral_id;

-- insert_recall_due -- $1 recall event, $2 referral id, $3 case id, $4 cause,
-- $5 reason, $6 consent ids, $7 categories, $8 ends_wish, $9 due_at
INSERT INTO recall_due (
    recall_event, referral_id, case_id, cause, reason, consent_ids, categories,
    ends_wish, due_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- recall_due_by_event -- $1 recall event
SELECT
    recall_event, referral_id, case_id, cause, reason, consent_ids, categories,
    ends_wish, due_at
FROM recall_due WHERE recall_event = $1;

-- recalls_due_of -- every recall that was owed for a case; $1 case id
SELECT
    recall_event, referral_id, case_id, cause, reason, consent_ids, categories,
    ends_wish, due_at
FROM recall_due WHERE case_id = $1
ORDER BY number;

-- is_recall_due -- whether a referral has a recall that is not said yet; $1
-- referral id
SELECT EXISTS (
    SELECT 1 FROM recall_due AS d
    WHERE
        d.referral_id = $1
        AND NOT EXISTS (SELECT 1 FROM event AS e WHERE e.event_id = d.recall_event)
) AS due;

-- recalls_to_make -- recalls that are owed, not said, and lawful now; $1 referral
-- types and $2 states from which they are, pair by pair, $3 how many
SELECT d.recall_event
FROM recall_due AS d
INNER JOIN referral AS r ON d.referral_id = r.referral_id
WHERE
    (r.referral_type, r.state) IN (
        SELECT t.referral_type, t.state
        FROM unnest($1::text [], $2::text []) AS t (referral_type, state)
    )
    AND NOT EXISTS (SELECT 1 FROM event AS e WHERE e.event_id = d.recall_event)
ORDER BY d.number
LIMIT $3;

-- insert_recall_taken -- $1 acknowledgement event, $2 recall event, $3 referral id,
-- $4 deleted, $5 kept, $6 grounds, $7 taken_at
INSERT INTO recall_taken (
    acknowledgement_event, recall_event, referral_id, deleted, kept, grounds, taken_at
) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- recall_taken_by_event -- $1 acknowledgement event
SELECT
    acknowledgement_event, recall_event, referral_id, deleted, kept, grounds, taken_at
FROM recall_taken WHERE acknowledgement_event = $1;

-- recalls_to_acknowledge -- recalls that were taken in and not answered; $1 referral
-- types and $2 states from which an answer is lawful, pair by pair, $3 how many
SELECT t.acknowledgement_event
FROM recall_taken AS t
INNER JOIN referral AS r ON t.referral_id = r.referral_id
WHERE
    (r.referral_type, r.state) IN (
        SELECT p.referral_type, p.state
        FROM unnest($1::text [], $2::text []) AS p (referral_type, state)
    )
    AND NOT EXISTS (
        SELECT 1 FROM event AS e WHERE e.event_id = t.acknowledgement_event
    )
ORDER BY t.number
LIMIT $3;

-- drop_data_key -- what is sealed under it opens no more; $1 owner, $2 scope,
-- $3 event, $4 dropped_at
WITH dropped AS (
    DELETE FROM data_key WHERE owner = $1 AND scope = $2
    RETURNING key_id, epoch
)

INSERT INTO key_drop (key_id, epoch, event_id, dropped_at)
SELECT d.key_id, d.epoch, $3, $4 FROM dropped AS d;

-- seal_data_key -- what is sealed under it is kept by law and read no more; $1
-- owner, $2 scope, $3 scope from now on
UPDATE data_key SET scope = $3 WHERE owner = $1 AND scope = $2;
