-- expect: a?[31mred?
-- Text that would steer the terminal.
error('a\27[31mred\7')
