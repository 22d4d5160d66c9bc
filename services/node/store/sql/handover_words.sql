-- insert_handover_word -- $1 event, $2 referral, $3 said_at, $4 known_by,
-- $5 signed_by, $6 unsigned_reason, $7 by_code
INSERT INTO handover_word (
    event_id, referral_id, said_at, known_by, signed_by, unsigned_reason, by_code
) VALUES ($1, $2, $3, $4, $5, $6, $7);
