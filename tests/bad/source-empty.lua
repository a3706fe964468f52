-- expect: scenario: source is a table; it must be a list of 1 to 16 strings
scenario { title = "t", source = {} }
local client = host "client"
local server = host "server"
link(client, server)
