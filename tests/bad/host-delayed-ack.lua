-- expect: delayed_ack is less than 500 * ms (MUST-40); 0 acknowledges at once
local a = host "a" { delayed_ack = 500 * ms }
