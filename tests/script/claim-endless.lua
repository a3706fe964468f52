local client, server = host "client", host "server"
link(client, server)
client:runs { sleep(1) }
finally("never", function (w) while true do end end)
