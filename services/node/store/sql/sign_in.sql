-- tries -- what failed of a subject, locked to the end of the transaction; $1 subject
SELECT failures, last_at, locked_until FROM sign_in_tries
WHERE subject = $1
FOR UPDATE;

-- keep_tries -- $1 subject, $2 failures, $3 last_at, $4 locked_until
INSERT INTO sign_in_tries (subject, failures, last_at, locked_until)
VALUES ($1, $2, $3, $4)
ON CONFLICT (subject) DO UPDATE
    SET
        failures = excluded.failures, last_at = excluded.last_at,
        locked_until = excluded.locked_until;

-- forget_tries -- after a success, and what is long past; $1 subjects, $2 before
DELETE FROM sign_in_tries WHERE subject = any($1::bytea []) OR last_at < $2;

-- lock_subject -- two tries of one subject at once wait for one another, also for
-- the first row; $1 number made of the subject
SELECT pg_advisory_xact_lock($1::bigint);

-- insert_sign_in_event -- $1 officer, $2 what, $3 method, $4 done by, $5 at
INSERT INTO sign_in_event (officer, what, method, done_by, at)
VALUES ($1, $2, $3, $4, $5);

-- sign_in_events -- newest first; $1 officer or empty, $2 before this number,
-- $3 how many
SELECT number, officer, what, method, done_by, at FROM sign_in_event
WHERE number < $2 AND ($1::text = '' OR officer = $1)
ORDER BY number DESC
LIMIT $3;

-- sign_in_history -- when an officer signed in last, and what failed since;
-- $1 officer
SELECT
    last_one.at AS previous_at,
    (
        SELECT count(*) FROM sign_in_event AS f
        WHERE f.officer = $1 AND f.what = 'failed' AND f.number > last_one.number
    ) AS failures
FROM (
    SELECT number, at FROM sign_in_event
    WHERE officer = $1 AND what = 'signed_in'
    UNION ALL
    SELECT 0, NULL
    ORDER BY number DESC
    LIMIT 1
) AS last_one;

-- credential -- with the key that opens it; $1 officer
SELECT
    c.pseudonym, c.user_handle, c.totp_step, c.language, c.enrolled_at,
    c.data_key_id, c.nonce, c.sealed, k.epoch, k.wrapped
FROM sign_in_credential AS c
INNER JOIN data_key AS k ON c.data_key_id = k.key_id
WHERE c.pseudonym = $1;

-- keep_credential -- in place of the one before; $1 officer, $2 user handle,
-- $3 totp step, $4 language, $5 enrolled_at, $6 data key id, $7 nonce, $8 sealed
INSERT INTO sign_in_credential (
    pseudonym, user_handle, totp_step, language, enrolled_at, data_key_id, nonce,
    sealed
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (pseudonym) DO UPDATE
    SET
        user_handle = excluded.user_handle, totp_step = excluded.totp_step,
        language = excluded.language, enrolled_at = excluded.enrolled_at,
        data_key_id = excluded.data_key_id, nonce = excluded.nonce,
        sealed = excluded.sealed;

-- use_totp_step -- whoever comes second with a step changes no row; $1 officer,
-- $2 step
UPDATE sign_in_credential SET totp_step = $2 WHERE pseudonym = $1 AND totp_step < $2;

-- keep_language -- $1 officer, $2 language
UPDATE sign_in_credential SET language = $2 WHERE pseudonym = $1;

-- drop_credential -- $1 officer
DELETE FROM sign_in_credential WHERE pseudonym = $1 RETURNING data_key_id;

-- drop_keys -- $1 data key ids
DELETE FROM data_key WHERE key_id = any($1::bytea []);

-- keep_invitation -- in place of the one before; $1 officer, $2 code hash,
-- $3 user handle, $4 expires_at, $5 data key id, $6 nonce, $7 sealed
INSERT INTO sign_in_invitation (
    pseudonym, code_hash, user_handle, expires_at, data_key_id, nonce, sealed
) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (pseudonym) DO UPDATE
    SET
        code_hash = excluded.code_hash, user_handle = excluded.user_handle,
        expires_at = excluded.expires_at, data_key_id = excluded.data_key_id,
        nonce = excluded.nonce, sealed = excluded.sealed;

-- invitation -- with its officer, locked to the end of the transaction;
-- $1 code hash
SELECT
    i.pseudonym, i.code_hash, i.user_handle, i.expires_at, i.data_key_id, i.nonce,
    i.sealed, k.epoch, k.wrapped, o.role, o.unit, o.active
FROM sign_in_invitation AS i
INNER JOIN officer AS o ON i.pseudonym = o.pseudonym
LEFT JOIN data_key AS k ON i.data_key_id = k.key_id
WHERE i.code_hash = $1
FOR UPDATE OF i;

-- drop_invitation -- $1 officer
DELETE FROM sign_in_invitation WHERE pseudonym = $1 RETURNING data_key_id;

-- insert_session -- $1 token hash, $2 officer, $3 method, $4 signed in at
INSERT INTO officer_session (
    token_hash, pseudonym, method, signed_in_at, last_seen, locked_at, wrong_proofs,
    reauthenticated_at
) VALUES ($1, $2, $3, $4, $4, NULL, 0, $4);

-- session_by_token -- with its officer as the node knows them now; $1 token hash
SELECT
    s.token_hash, s.pseudonym, s.method, s.signed_in_at, s.last_seen, s.locked_at,
    s.wrong_proofs, s.reauthenticated_at, o.role, o.unit, o.active,
    coalesce(c.language, '') AS language
FROM officer_session AS s
INNER JOIN officer AS o ON s.pseudonym = o.pseudonym
LEFT JOIN sign_in_credential AS c ON s.pseudonym = c.pseudonym
WHERE s.token_hash = $1;

-- touch_session -- $1 token hash, $2 seen at
UPDATE officer_session SET last_seen = $2
WHERE token_hash = $1 AND locked_at IS NULL AND last_seen < $2;

-- lock_session -- $1 token hash, $2 locked at
UPDATE officer_session SET locked_at = coalesce(locked_at, $2)
WHERE token_hash = $1;

-- count_proof -- a proof is counted before it is looked at; $1 token hash
UPDATE officer_session SET wrong_proofs = wrong_proofs + 1
WHERE token_hash = $1
RETURNING wrong_proofs;

-- prove_session -- open, and proved anew; $1 token hash, $2 at
UPDATE officer_session
SET locked_at = NULL, wrong_proofs = 0, last_seen = $2, reauthenticated_at = $2
WHERE token_hash = $1;

-- end_session -- $1 token hash
DELETE FROM officer_session WHERE token_hash = $1;

-- end_sessions_of -- all but one; $1 officer, $2 token hash that stays, or empty
DELETE FROM officer_session WHERE pseudonym = $1 AND token_hash <> $2;

-- end_old_sessions -- $1 signed in before
DELETE FROM officer_session WHERE signed_in_at < $1;

-- insert_challenge -- $1 challenge, $2 token hash or null, $3 expires_at
INSERT INTO passkey_challenge (challenge, token_hash, expires_at)
VALUES ($1, $2, $3);

-- take_challenge -- once; $1 challenge
DELETE FROM passkey_challenge WHERE challenge = $1
RETURNING challenge, token_hash, expires_at;

-- drop_old_challenges -- $1 expired by
DELETE FROM passkey_challenge WHERE expires_at <= $1;

-- insert_passkey -- $1 credential id, $2 officer, $3 public key, $4 sign count,
-- $5 added_at, $6 nonce, $7 sealed
INSERT INTO passkey (
    credential_id, pseudonym, public_key, sign_count, added_at, used_at, nonce, sealed
) VALUES ($1, $2, $3, $4, $5, NULL, $6, $7);

-- passkey_by_id -- locked to the end of the transaction; $1 credential id
SELECT
    credential_id, pseudonym, public_key, sign_count, added_at, used_at, nonce, sealed
FROM passkey
WHERE credential_id = $1
FOR UPDATE;

-- passkeys_of -- oldest first; $1 officer
SELECT
    credential_id, pseudonym, public_key, sign_count, added_at, used_at, nonce, sealed
FROM passkey
WHERE pseudonym = $1
ORDER BY added_at, credential_id;

-- use_passkey -- $1 credential id, $2 sign count, $3 used_at
UPDATE passkey SET sign_count = $2, used_at = $3 WHERE credential_id = $1;

-- drop_passkey -- $1 officer, $2 credential id
DELETE FROM passkey WHERE pseudonym = $1 AND credential_id = $2;

-- drop_passkeys_of -- $1 officer
DELETE FROM passkey WHERE pseudonym = $1;
