-- expect: expected
local client = host "client" {
