-- expect: %p
-- Addresses differ from run to run.
string.format('%p', {})
