-- is_letter_kept -- whether this ledger has an entry about a letter or its end;
-- $1 subject
SELECT count(*) FROM ledger_leaf WHERE subject = $1;

-- letters_kept -- how much waits for a member, in all and from one sender; $1
-- recipient, $2 sender
SELECT
    count(*) AS letters,
    coalesce(sum(length), 0)::bigint AS bytes,
    count(*) FILTER (WHERE sender = $2) AS letters_of_sender,
    coalesce(sum(length) FILTER (WHERE sender = $2), 0)::bigint AS bytes_of_sender
FROM mailbox_letter
WHERE recipient = $1;

-- insert_mailbox_letter -- $1 digest, $2 recipient, $3 sender, $4 label, $5 sealed,
-- $6 length, $7 deposited at
INSERT INTO mailbox_letter (
    digest, recipient, sender, label, sealed, length, deposited_at
) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- delete_mailbox_letter -- collected or expired; $1 digest
DELETE FROM mailbox_letter WHERE digest = $1;

-- insert_mailbox_entry -- $1 subject, $2 outcome, $3 member, $4 noted at
INSERT INTO mailbox_entry (subject, outcome, member, noted_at)
VALUES ($1, $2, $3, $4);

-- letters_for -- the next letters of a member, in order; $1 recipient, $2 how many
SELECT digest, label, sealed FROM mailbox_letter
WHERE recipient = $1
ORDER BY number
LIMIT $2;

-- recipient_of_letter -- $1 digest
SELECT recipient FROM mailbox_letter WHERE digest = $1;

-- letters_expired -- $1 deposited before, $2 how many
SELECT digest, recipient FROM mailbox_letter
WHERE deposited_at < $1
ORDER BY deposited_at
LIMIT $2;

-- insert_relayed -- $1 digests of envelopes, $2 letter, $3 mailbox, $4 index,
-- $5 evidence, $6 stored at
INSERT INTO relayed (digest, letter, member, index, evidence, stored_at)
SELECT d.digest, $2, $3, $4, $5, $6
FROM unnest($1::bytea []) AS d (digest)
ON CONFLICT DO NOTHING;

-- letter_heads -- the smallest and the newest ones; $1 member, $2 how many newest
(SELECT size FROM letter_head WHERE member = $1 ORDER BY size LIMIT 1)
UNION
(SELECT size FROM letter_head WHERE member = $1 ORDER BY size DESC LIMIT $2)
ORDER BY size;

-- insert_letter_head -- $1 member, $2 size
INSERT INTO letter_head (member, size) VALUES ($1, $2)
ON CONFLICT DO NOTHING;

-- drop_letter_heads -- $1 member, $2 the size that it has named
DELETE FROM letter_head WHERE member = $1 AND size < $2;

-- outbox_of -- what waits to one recipient, of these envelopes; $1 recipient,
-- $2 digests
SELECT digest, fence, attempts, lane, number FROM outbox
WHERE recipient = $1 AND state = 'waiting' AND digest = any($2::bytea [])
ORDER BY number;

-- bring_again -- what lies in the mailbox for one recipient is due again; $1
-- recipient, $2 now
UPDATE outbox SET next_try_at = $2
WHERE
    recipient = $1 AND state = 'waiting' AND next_try_at > $2
    AND last_problem = 'relayed';
