local client, server = host "client", host "server"
link(client, server)
client:runs { sleep(1) }
local kept
expect("keeps it", 1, function (w) kept = w.client return true end)
finally("a view that was kept sees the present", function (w) return kept.name == "client" end)
