-- expect: no profile 'windows'; there are "rfc9293", "linux" and "freebsd"
settings { profile = "windows" }
local a = host "a"
