-- Whose habits a host has: its own profile's, else --profile's, else what settings { } says.
settings { profile = "freebsd" }
local a = host "a"
local b = host "b" { profile = "rfc9293" }
local c = host "c" { profile = "linux", options = {}, receive_buffer = 20000 }
local d = host "d"
link(a, d)
link(b, d)
link(c, d)
d:serves(80) { sleep(1 * ms) }
local first = param("first", 65664)
a:runs { connect(d, 80) }
b:runs { connect(d, 80) }
c:runs { connect(d, 80) }
expect("windows", 1 * s, function (w)
  return w.a.connection(1).rcv_wnd == first and w.b.connection(1).rcv_wnd == 65535 and w.c.connection(1).rcv_wnd == 18980
end)
ends(2 * s)
