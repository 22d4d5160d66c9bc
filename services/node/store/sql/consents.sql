-- insert_consent -- the same answer twice is one; $1 consent id, $2 case id, $3
-- holder, $4 purpose, $5 recipient, $6 categories, $7 status, $8 given_at,
-- $9 valid_until, $10 nonce, $11 sealed
INSERT INTO consent (
    consent_id, case_id, holder, purpose, recipient, categories, status, given_at,
    valid_until, nonce, sealed
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT DO NOTHING;

-- consents_of -- $1 case id
SELECT
    consent_id, case_id, holder, purpose, recipient, categories, status, given_at,
    valid_until, nonce, sealed
FROM consent WHERE case_id = $1
ORDER BY given_at, number;

-- insert_override -- not reviewed yet; $1 override id, $2 case id, $3 recipient,
-- $4 purpose, $5 category, $6 law, $7 first officer, $8 second officer,
-- $9 recorded_at, $10 review_by, $11 nonce, $12 sealed
INSERT INTO emergency_override (
    override_id, case_id, recipient, purpose, category, law, first_officer,
    second_officer, recorded_at, review_by, nonce, sealed
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- review_override -- $1 override id, $2 reviewed_at, $3 reviewed_by, $4 review
UPDATE emergency_override SET reviewed_at = $2, reviewed_by = $3, review = $4
WHERE override_id = $1;

-- overrides_of -- $1 case id
SELECT
    override_id, case_id, recipient, purpose, category, law, first_officer,
    second_officer, recorded_at, review_by, reviewed_at, reviewed_by, review, nonce,
    sealed
FROM emergency_override WHERE case_id = $1
ORDER BY recorded_at, override_id;
