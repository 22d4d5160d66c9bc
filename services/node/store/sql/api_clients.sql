-- insert_api_client -- $1 client id, $2 name, $3 key hash, $4 officer, $5 scopes,
-- $6 created_at, $7 created_by, $8 expires_at, $9 spki or null; a key or a
-- certificate
INSERT INTO api_client (
    client_id, name, key_hash, officer, scopes, created_at, created_by, expires_at,
    spki, revoked_by
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '');

-- api_client_by_key -- with its officer as the node knows them now; $1 key hash
SELECT
    a.client_id, a.name, a.officer, a.scopes, a.created_at, a.created_by,
    a.expires_at, a.revoked_at, a.revoked_by, a.used_on, a.spki, o.role, o.unit, o.active
FROM api_client AS a
INNER JOIN officer AS o ON a.officer = o.pseudonym
WHERE a.key_hash = $1;

-- api_client_by_id -- the same; $1 client id
SELECT
    a.client_id, a.name, a.officer, a.scopes, a.created_at, a.created_by,
    a.expires_at, a.revoked_at, a.revoked_by, a.used_on, a.spki, o.role, o.unit, o.active
FROM api_client AS a
INNER JOIN officer AS o ON a.officer = o.pseudonym
WHERE a.client_id = $1;

-- api_client_by_spki -- the same, unless it was taken back; $1 SHA-256 of the public key
SELECT
    a.client_id, a.name, a.officer, a.scopes, a.created_at, a.created_by,
    a.expires_at, a.revoked_at, a.revoked_by, a.used_on, a.spki, o.role, o.unit,
    o.active
FROM api_client AS a
INNER JOIN officer AS o ON a.officer = o.pseudonym
WHERE a.spki = $1 AND a.revoked_at IS NULL;

-- list_api_clients -- newest first, those that ended too; $1 how many, $2 how many
-- to leave out
SELECT
    a.client_id, a.name, a.officer, a.scopes, a.created_at, a.created_by,
    a.expires_at, a.revoked_at, a.revoked_by, a.used_on, a.spki, o.role, o.unit, o.active
FROM api_client AS a
INNER JOIN officer AS o ON a.officer = o.pseudonym
ORDER BY a.created_at DESC, a.client_id
LIMIT $1 OFFSET $2;

-- use_api_client -- once a day; $1 client id, $2 day
UPDATE api_client SET used_on = $2
WHERE client_id = $1 AND (used_on IS NULL OR used_on < $2);

-- revoke_api_client -- one that ended stays as it is; $1 client id, $2 at, $3 by
UPDATE api_client SET revoked_at = $2, revoked_by = $3
WHERE client_id = $1 AND revoked_at IS NULL
RETURNING officer;

-- revoke_api_clients_of -- all of an officer's; $1 officer, $2 at, $3 by
UPDATE api_client SET revoked_at = $2, revoked_by = $3
WHERE officer = $1 AND revoked_at IS NULL;
