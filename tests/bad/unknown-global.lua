-- expect: there is no 'clinet'; did you mean 'client'?
local client = host "client"
clinet:runs { connect(client, 80) }
