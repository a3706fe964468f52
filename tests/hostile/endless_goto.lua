-- expect: used up its budget of 2 million steps
-- A loop without a loop statement.
::again:: goto again
