-- expect: always: no property 'syncronized-ends-agree'; did you mean 'synchronized-ends-agree'?
local client = host "client"
local server = host "server"
link(client, server)
always "syncronized-ends-agree"
