-- For "synfin explore": a SYN whose sender has gone is still in the network when he comes again.

scenario {
  title = { en = "A visitor comes again", zh = "访客再次来访" },
  about = {
    en = "A visitor sends a SYN, gives up at once, and opens another connection. Whatever the network does with the "
      .. "first SYN, the server believes in one connection alone.",
    zh = "访客发出 SYN，马上放弃，又重新打开一个连接。无论网络怎样处置第一个 SYN，服务器只承认一个连接。",
  },
  question = {
    en = "Is there any order of events in which an old SYN opens a connection?",
    zh = "有没有哪种时序，会让旧的 SYN 打开一个连接？",
  },
  source = { "RFC 9293 3.5, figure 8", "《关于TCP的握手与挥手》“三次握手的意义”" },
  needs = {
    "repeated-fin-is-a-fin",
    "three-way-handshake",
  },
}

local client = host "client" { isn = { 100, 900 } }
local server = host "server" { isn = { 300, 700 } }
link(client, server) { delay = 20 * ms }

client:runs {
  connect(server, 80, { wait = false }),
  abort(),
  connect(server, 80),
  close(),
  recv_eof(),
}
server:serves(80) { recv_eof { may_fail = true }, close { may_fail = true } }

finally({ en = "one visitor was accepted", zh = "只接受了一位访客" }, function (w)
  return w.server.accepted == 1, {
    en = w.server.accepted .. " visitors were accepted, and one came",
    zh = "来了一位访客，却接受了 " .. w.server.accepted .. " 位",
  }
end)
