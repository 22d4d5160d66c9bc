-- expect_arrival -- the newest promise stands; $1 referral id, $2 expected_at
INSERT INTO arrival_expected (referral_id, expected_at) VALUES ($1, $2)
ON CONFLICT (referral_id) DO UPDATE SET expected_at = excluded.expected_at;

-- arrivals_between -- who is still awaited, the earliest first; $1 from when, $2 before
-- when, $3 how many, $4 states, $5 steps after which nobody waits
SELECT a.referral_id, a.expected_at FROM arrival_expected AS a
INNER JOIN referral AS r ON a.referral_id = r.referral_id
WHERE
    a.expected_at >= $1 AND a.expected_at < $2 AND r.state = any($4::text [])
    AND NOT EXISTS (
        SELECT 1 FROM event AS e
        WHERE e.referral_id = a.referral_id AND e.step = any($5::text [])
    )
ORDER BY a.expected_at, a.referral_id
LIMIT $3;
