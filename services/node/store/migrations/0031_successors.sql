-- The successor of a node's certificate is made by two: what an administrator asks for
-- waits among the admissions. Before the code: the version before writes no such kind.

ALTER TABLE admission DROP CONSTRAINT admission_kind_check;
ALTER TABLE admission ADD CONSTRAINT admission_kind_check
CHECK (kind IN ('officer', 'invitation', 'program', 'export', 'key'));
