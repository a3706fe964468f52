-- expect: the error value is: nil
-- Nothing for an error.
error()
