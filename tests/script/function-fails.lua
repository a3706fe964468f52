local client, server = host "client", host "server"
link(client, server)
client:runs { function (w) local x = w.client.opend end }
