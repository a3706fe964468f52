-- expect: no luck
-- Its text is an error too.
error(setmetatable({}, { __tostring = function() error('no luck') end }))
