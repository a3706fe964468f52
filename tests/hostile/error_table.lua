-- expect: the error value is: table
-- A table for an error.
error({})
