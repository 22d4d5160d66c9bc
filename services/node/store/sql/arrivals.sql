-- expect_arrival -- the newest promise stands; $1 referral id, $2 expected_at
INSERT INTO arrival_expected (referral_id, expected_at) VALUES ($1, $2)
ON CONFLICT (referral_id) DO UPDATE SET expected_at = excluded.expected_at;

-- arrivals_between -- the earliest first; $1 from when, $2 before when, $3 how many
SELECT a.referral_id, a.expected_at FROM arrival_expected AS a
WHERE a.expected_at >= $1 AND a.expected_at < $2
ORDER BY a.expected_at, a.referral_id
LIMIT $3;
