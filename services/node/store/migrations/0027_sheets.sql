-- A sheet of looks leaves by two: what an auditor asks for waits among the admissions.
-- Before the code: the version before writes no looks and reads by column names.

ALTER TABLE admission DROP CONSTRAINT admission_kind_check;
ALTER TABLE admission ADD CONSTRAINT admission_kind_check
CHECK (kind IN ('officer', 'invitation', 'program', 'export'));

-- Which looks a sheet is to hold, as one text that is compared; empty for the others.
ALTER TABLE admission ADD COLUMN looks text NOT NULL DEFAULT '';

CREATE INDEX admission_of_sheet ON admission (officer, looks, asked_at)
WHERE kind = 'export';
