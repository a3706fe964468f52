-- expect: receive_buffer is 100000; more than 65535 octets can be shown to a peer only with options = { "window-scale" }
local a = host "a" { receive_buffer = 100000 }
