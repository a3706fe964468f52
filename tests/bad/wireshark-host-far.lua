-- expect: completeness: no host 'xyzzy'; name hosts of the scenario
scenario { title = "t", wireshark = { completeness = { xyzzy = "Incomplete, SYN_SENT (1)" } } }
local server = host "server"
server:runs { exit() }
