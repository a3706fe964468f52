-- Every name of the API.
for _, name in ipairs {
  "ns", "us", "ms", "s", "min", "kbit", "mbit", "gbit", "KiB", "MiB",
  "scenario", "param", "ends", "print", "fill", "host", "link", "fate",
  "connect", "send", "recv", "recv_eof", "close", "sockets_close", "abort", "sleep", "sleep_until", "wait_state",
  "wait_closed", "listen", "unlisten", "note", "exit", "crash", "reboot", "link_down", "link_up", "times", "serve",
  "request", "inject", "observe", "seen", "always", "finally", "expect",
  "no_delay", "keep_alive", "user_timeout", "diffserv", "hop_limit", "covers", "faults", "fates", "settings",
} do assert(_ENV[name] ~= nil, name) end
local a = host "a"
a:runs { sleep(1) }
