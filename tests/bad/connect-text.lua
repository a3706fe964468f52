-- expect: connect: text goes with fast_open = true; without it, write send "..." behind connect
local a, b = host "a", host "b"
link(a, b) {}
a:runs { connect(b, 80, { text = "GET /" }) }
