-- expect: settings: without
settings { without = { "server:time-wayt" } }
