-- expect: link: back: no option 'back'; it takes delay
local client = host "client"
local server = host "server"
link(client, server) { back = { back = {} } }
