-- expect: wireshark-host.lua:2: scenario: wireshark: completeness: no host 'sever'; did you mean 'server'?
scenario { title = "t", wireshark = { completeness = { sever = "Incomplete, SYN_SENT (1)" } } }
local server = host "server"
server:runs { exit() }
