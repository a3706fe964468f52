-- expect: __mode
-- Entries that vanish whenever the collector likes.
setmetatable({}, { __mode = 'k' })
