-- What an officer was ever assigned is found by its name. Before the code: an index.

CREATE INDEX assignment_of_officer ON assignment (officer) WHERE officer IS NOT NULL;
