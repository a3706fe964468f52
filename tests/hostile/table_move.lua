-- expect: used up its budget of 2 million steps
-- A loop of C of 2 to the 62nd rounds.
table.move({}, 1, 1 << 62, 2)
