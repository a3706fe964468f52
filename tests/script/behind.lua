-- A forged SYN puts TIME-WAIT behind a newer connection: there it runs out, or comes back and is replaced by a visit,
-- or its host crashes.
scenario { title = "TIME-WAIT behind a newer connection" }
local client = host "client" { isn = { 1, 600000 } }
local server = host "server" { msl = 400 * ms, isn = { 300, 700, 1100, 1500 }, without = "quiet-time" }
local attacker = host "attacker"
link(client, server) { delay = 10 * ms }
link(attacker, server) { delay = 10 * ms }
local way = param("way", "runs-out")

local function forged(flags, seq)
  return inject { from = client, to = server, by = attacker, flags = flags, seq = seq, source_port = 5000,
                  destination_port = 80 }
end
fate { from = client, flags = "RST", nth = 1, drop = true }

local first = { connect(server, 80, { from = 5000 }), recv_eof(), close(), wait_closed() }
local again = { sleep_until(400 * ms), connect(server, 80, { from = 5000 }), recv_eof(), close(), wait_closed() }
client:runs(first)
if way == "comes-back" then client:runs(again) end
server:serves(80) { close { may_fail = true }, recv_eof { may_fail = true } }

attacker:runs { sleep(200 * ms), forged("SYN", 500000) }
if way == "comes-back" then attacker:runs { sleep(250 * ms), forged("RST", 500001) } end
if way == "crash" then attacker:runs { sleep(250 * ms), crash(server) } end
ends(3 * s)

local function at(time, state, open)
  expect("at " .. time / ms, time, function (w)
    return w.server.connection(1).state == state and w.server.open == open
  end)
end
at(150 * ms, "TIME-WAIT", 1)
at(240 * ms, "TIME-WAIT", 2)
if way == "runs-out" then
  at(800 * ms, "TIME-WAIT", 2)
  at(900 * ms, "CLOSED", 1)
elseif way == "comes-back" then
  at(300 * ms, "TIME-WAIT", 1)
  at(415 * ms, "TIME-WAIT", 2)
  at(435 * ms, "CLOSED", 1)
  finally("the visit was served", function (w) return w.server.accepted == 2 end)
else
  at(300 * ms, "CLOSED", 0)
end
