-- expect: serves: address is 0; it must be a whole number from 1 to 4
local server = host "server"
server:serves(80, { address = 0 }) { close() }
