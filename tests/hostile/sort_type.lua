-- expect: attempt to compare
-- What can't be compared.
table.sort({ 1, 'x', {} })
