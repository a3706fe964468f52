-- expect: scenario: needs: no rule 'time-wate'; did you mean 'time-wait'?
scenario { title = "t", needs = "time-wate" }
local client = host "client"
local server = host "server"
link(client, server)
