local delay = param("delay", 20 * ms)
local loss = param("loss", 0)
local name = param("name", "client")
local polite = param("polite", true)
local a, b = host(name), host "server"
link(a, b) { delay = delay, loss = loss }
a:runs { sleep(1) }
finally("the delay is 5 ms", function (w) return delay == 5 * ms end)
finally("the loss is a quarter", function (w) return loss == 0.25 end)
finally("the visitor is called guest", function (w) return w.guest.up and name == "guest" end)
finally("nobody is polite", function (w) return polite == false end)
