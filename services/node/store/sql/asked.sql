-- insert_asked -- $1 subject of the leaf, $2 epoch, $3 sealed digest
INSERT INTO asked_act (subject, epoch, sealed) VALUES ($1, $2, $3);

-- asked_for -- $1 subject of the leaf
SELECT
    epoch,
    sealed
FROM asked_act
WHERE subject = $1;

-- forget_asked -- $1 how long it is kept
DELETE FROM asked_act
WHERE asked_at < now() - $1::interval;
