-- Copies of a true case, a true offer that waits for another member and a true one
-- that waits for this one, with their clocks: what is sealed in them opens, because
-- the copies lead to the same events. Each is due a minute after the one before.
SET session_replication_role = 'replica';
CREATE TEMPORARY TABLE copies AS
SELECT
    n, decode('77' || lpad(to_hex(n), 30, '0'), 'hex') AS case_id,
    decode('88' || lpad(to_hex(n), 30, '0'), 'hex') AS given,
    decode('99' || lpad(to_hex(n), 30, '0'), 'hex') AS taken
FROM generate_series(1, :copies) AS n;
INSERT INTO cases
SELECT (jsonb_populate_record(c, jsonb_build_object(
    'case_id', n.case_id, 'pseudonym', 'copy-' || n.n
))).* FROM cases AS c CROSS JOIN copies AS n WHERE c.pseudonym = :'pseudonym';
INSERT INTO referral
SELECT (jsonb_populate_record(r, jsonb_build_object(
    'referral_id', n.given, 'case_id', n.case_id
))).* FROM referral AS r CROSS JOIN copies AS n WHERE r.referral_id = :'given';
INSERT INTO referral
SELECT (jsonb_populate_record(r, jsonb_build_object('referral_id', n.taken))).*
FROM referral AS r CROSS JOIN copies AS n WHERE r.referral_id = :'taken';
INSERT INTO event
SELECT (jsonb_populate_record(e, jsonb_build_object(
    'event_id', decode(md5(n.n || e.event_id::text), 'hex'),
    'subject', sha256(decode(md5(n.n || e.event_id::text), 'hex')),
    'case_id', NULL, 'case_seq', NULL,
    'referral_id', CASE e.referral_id WHEN :'given' THEN n.given ELSE n.taken END
))).* FROM event AS e CROSS JOIN copies AS n
WHERE e.referral_id IN (:'given', :'taken');
INSERT INTO timer
SELECT (jsonb_populate_record(t, jsonb_build_object(
    'timer_id', decode(md5(n.n || t.timer_id::text), 'hex'),
    'due_at', t.due_at + n.n * interval '1 minute',
    'referral_id', CASE t.referral_id WHEN :'given' THEN n.given ELSE n.taken END
))).*
FROM timer AS t CROSS JOIN copies AS n
WHERE t.referral_id IN (:'given', :'taken');
