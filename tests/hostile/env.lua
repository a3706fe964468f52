-- expect: 'loadstring'
-- What older versions had.
setfenv = setfenv or loadstring('return 1')
