-- The sealing keys of a quarter are made by two, as the successor of a certificate is.
-- Before the code: the version before writes no such kind.

ALTER TABLE admission DROP CONSTRAINT admission_kind_check;
ALTER TABLE admission ADD CONSTRAINT admission_kind_check
CHECK (kind IN ('officer', 'invitation', 'program', 'export', 'key', 'sealing'));
