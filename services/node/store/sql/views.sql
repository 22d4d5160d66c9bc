-- views_of -- in the order in which they were kept; $1 officer
SELECT v.view_id, v.nonce, v.sealed FROM saved_view AS v
WHERE v.officer = $1
ORDER BY v.kept_at, v.view_id;

-- keep_view -- nothing new if it stands there, nothing where there are enough; $1 view
-- id, $2 officer, $3 kept_at, $4 nonce, $5 sealed, $6 how many an officer may have
INSERT INTO saved_view (view_id, officer, kept_at, nonce, sealed)
SELECT $1, $2, $3, $4, $5
WHERE (SELECT count(*) FROM saved_view AS v WHERE v.officer = $2) < $6::bigint
ON CONFLICT (view_id) DO NOTHING;

-- one_at_a_time -- an officer's views are kept one after another; $1 officer
SELECT pg_advisory_xact_lock(hashtext('saved_view'), hashtext($1));

-- drop_view -- $1 view id, $2 officer
DELETE FROM saved_view WHERE view_id = $1 AND officer = $2;

-- drop_views_of -- $1 officer
DELETE FROM saved_view WHERE officer = $1;
