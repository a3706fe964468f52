-- expect: scenario-half-told.lua:3: scenario is told twice
pcall(scenario, { title = "t", needs = { "time-wait", "retransmission" }, bounds = 1 })
scenario { title = "t", needs = "three-way-handshake" }
