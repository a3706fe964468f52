-- expect: '_G'
-- No table of the globals.
_G.print = nil
