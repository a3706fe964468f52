-- expect: 'synfin rules' lists them
local a = host "a" { without = { "be-kind-to-strangers" } }
