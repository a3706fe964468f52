-- expect: host "a": scale = 14 shows a receive_buffer of 1000 as a window of 0; the scale of such a buffer is at most 9
host "a" { options = { "window-scale" }, receive_buffer = 1000, scale = 14 }
