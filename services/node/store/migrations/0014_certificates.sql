-- A program may prove itself by a client certificate in place of a key: it is known
-- by the SHA-256 of the certificate's public key (SubjectPublicKeyInfo), so that a
-- renewed certificate of the same key stays the same program. One key, one program.
ALTER TABLE api_client
ALTER COLUMN key_hash DROP NOT NULL,
ADD COLUMN spki bytea CHECK (length(spki) = 32),
ADD CONSTRAINT api_client_key_or_certificate
CHECK ((key_hash IS NULL) <> (spki IS NULL));
CREATE UNIQUE INDEX api_client_of_certificate ON api_client (spki)
WHERE revoked_at IS NULL;
