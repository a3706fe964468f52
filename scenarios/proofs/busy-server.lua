-- For "synfin explore" and "synfin prove-rules": three visitors come to a server that serves one and lets one wait.

scenario {
  title = { en = "More visitors than places to wait", zh = "访客多于等候的名额" },
  source = { "RFC 4987 2" },
  needs = "accept-queue-bounds-established",
  bounds = { drop = 0, overtake = 0 },
}

local client = host "client" { isn = { 100, 200, 300 } }
local server = host "server" { isn = { 1000, 2000, 3000 } }
link(client, server) { delay = 20 * ms }

client:runs {
  connect(server, 80), close(),
  connect(server, 80), close(),
  connect(server, 80), close(),
}
server:serves(80, { backlog = 1, accept = 1 }) {
  sleep(1 * s), send("OK", { may_fail = true }), close { may_fail = true },
}

always({ en = "one visitor is served and one waits at most", zh = "至多一位在接待、一位在等候" }, function (w)
  local here = 0
  for _, connection in ipairs(w.server.connections) do
    local open = connection.state == "ESTABLISHED" or connection.state == "CLOSE-WAIT"
    if connection.accepted and open then here = here + 1 end
  end
  return here <= 2, { en = here .. " are there", zh = "共有 " .. here .. " 位" }
end)
