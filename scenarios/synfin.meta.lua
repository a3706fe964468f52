---@meta
-- The language of synfin's scenarios, for people and for editors with lua-language-server. This file is never run.
--
-- A scenario is a Lua file that declares hosts, links, programs, fates and claims, and is then run by
-- `synfin run FILE`. Everything here is a global of the scenario; none of it can be assigned. Variables of your own
-- are local. Lua's own `pairs`, `string`, `table`, `math` ... are there too, deterministic; `os`, `io`, `debug`,
-- `require` are not.

---A time in nanoseconds. Write `20 * ms`, `0.5 * s`; it is rounded to whole nanoseconds and is at most ten years.
---@alias Time number
---A number from 0 to 1, kept to six digits.
---@alias Probability number
---@alias Port integer 1 to 65535
---The exact set of flags, "SYN,ACK": FIN SYN RST PSH ACK URG ECE CWR; "none" for a segment without any.
---@alias Flags string
---A number, or one that is known when the step is done: `server.rcv_nxt + 10`, `seen.seq`.
---@alias Number integer|Operand

---A text in both languages; a plain string stands for both.
---@class Texts
---@field en? string
---@field zh? string

---@alias State
---| "CLOSED"
---| "LISTEN"
---| "SYN-SENT"
---| "SYN-RECEIVED"
---| "ESTABLISHED"
---| "FIN-WAIT-1"
---| "FIN-WAIT-2"
---| "CLOSE-WAIT"
---| "CLOSING"
---| "LAST-ACK"
---| "TIME-WAIT"

---How a step can end.
---@alias ErrorName
---| "connection refused"        # RST in SYN-RECEIVED, where the OPEN was an active one (3.10.7.4)
---| "connection reset"          # RST in any other state: in SYN-SENT (3.10.7.3), nobody listens there
---| "connection timed out"      # R2 was reached
---| "connection closing"        # CLOSE was called already
---| "connection does not exist" # the program never had one, or has heard already how it ended
---| "connection already exists" # these two endpoints have one
---| "end of stream"             # recv(n) met the peer's FIN before n octets
---| "no port left"
---| "user timeout"
---| "aborted"                   # abort() by this end
---| "host down"                 # this host itself has crashed

-- ---- Units ---------------------------------------------------------------------------------------------------------

---1, the unit of time.
ns = 1
---1000 ns
us = 1000
---1000 us
ms = 1000000
---1000 ms
s = 1000000000
---60 s
min = 60000000000
---1000 bits a second
kbit = 1000
mbit = 1000000
gbit = 1000000000
---1024 bytes
KiB = 1024
MiB = 1048576

-- ---- The scenario --------------------------------------------------------------------------------------------------

---@class ScenarioOptions
---@field title Texts|string
---@field about? Texts|string     A paragraph: what happens and what it teaches.
---@field question? Texts|string  The question that the scenario answers.
---@field source? string|string[] Where it comes from: "RFC 9293 figure 8".
---@field needs? string|string[]  The rules that save the day: `synfin run FILE --without RULE`, or `synfin explore`
---with it, shows the damage. `synfin prove-rules` holds the scenarios of scenarios/proofs to it.
---@field bounds? Bounds          How far `synfin explore`, without budgets of its own, and `synfin prove-rules` go.
---@field measure? Measure        What grows without the rule: for rules without which nobody is harmed, and for harm
---that only real time shows. Then `synfin prove-rules` runs the scenario instead of exploring it: once, or 100 times
---where links have luck or faults are declared, with the same luck.
---@field harmless? Texts|string  A rule without which nothing gets worse at all: why. Not together with `measure`.
---@field wireshark? Wireshark   What Wireshark says of the captures that `--pcap` writes, without other options.
---`build/tests/test_wireshark FILE` holds the scenario to it.

---@class Wireshark
---@field completeness Completeness|Completeness[]|table<string, Completeness|Completeness[]>  Of every TCP stream; or a
---list, one for each stream in Wireshark's order (`tcp.stream`). Where captures differ, either for each host that sees a
---stream: `{ client = "Complete, WITH_DATA (47)", server = "Incomplete (43)" }`.
---@field guesses? WiresharkGuess[]  Where Wireshark's marks (`tcp.analysis`: retransmission, duplicate ACK, out of
---order, lost segment) differ from what happened. It sees one end alone, knows no forgers and no connections that follow
---each other between the same ports, and tells what is late from what is repeated by the time that has passed.

---@class WiresharkGuess
---@field packet integer|integer[]  Numbers in the timeline.
---@field why Texts|string          What makes Wireshark guess wrong.

---Wireshark's words for "Conversation completeness" (`tcp.completeness`). The number is the sum of what was seen: SYN
---1, SYN,ACK 2, ACK 4, text 8, FIN 16, RST 32. Sums that aren't below are "Incomplete (N)".
---@alias Completeness
---| "Incomplete (0)"                     # no SYN was seen
---| "Incomplete, SYN_SENT (1)"
---| "Incomplete, CLIENT_ESTABLISHED (3)"
---| "Incomplete, ESTABLISHED (7)"
---| "Incomplete, DATA (15)"
---| "Complete, NO_DATA (23)"             # with FIN; by RST it is 39, with both 55
---| "Complete, WITH_DATA (31)"           # with FIN; by RST it is 47, with both 63
---| string

---What a search may spend. Each has the default that it has in every proof.
---@class Bounds
---@field drop? integer         0 to 200 segments are lost. 1.
---@field duplicate? integer    0 to 200 segments are doubled. 1.
---@field overtake? integer     0 to 200 segments are overtaken by later ones. 1.
---@field fire? integer         0 to 200 repetitions while a segment of that connection is in flight. 0.
---@field depth? integer        Actions of the longest schedule; 0: any length. 0.
---@field long_silence? boolean 2 MSL, user timeout, R2 and quiet time may end while segments are in flight. false.

---@alias Measure
---| "segments" # that were sent
---| "octets"   # of text that were sent, repetitions too
---| "time"     # until nothing is left to happen
---| "claims"   # that are broken: harm that only real time shows

---Says what the scenario is. Once a file.
---@param options ScenarioOptions
function scenario(options) end

---A value that the command line can change: `--set loss=0.1`. It has the type of its default. Numbers may bear a unit:
---`--set delay=20ms`.
---@generic T: number|string|boolean
---@param name string letters, digits, - and _
---@param default T
---@return T
function param(name, default) end

---@class SettingsOptions
---@field set? string[]     "loss=0.1", as behind --set: the value of a param() that stands below. Of two, the first holds.
---@field without? string[] "time-wait", "server:time-wait", as behind --without.
---@field profile? Profile  Of hosts that name none, as behind --profile; it stands in front of the hosts.

---What a command line would say, inside the scenario; the command line has the last word. `synfin check --save` writes
---it in front of the scenario's text, so that what is saved needs neither --set nor --without.
---@param options SettingsOptions
function settings(options) end

---The run ends at this time at the latest. Without it, it ends when nothing is left to happen; a run that reaches one
---hour of virtual time fails.
---@param time Time
function ends(time) end

---Writes to standard error.
---@param ... any
function print(...) end

---Text of that many octets, at most 1 MiB, in which each block of eight says where it stands: "0000000 0000008 ...".
---@param length integer
---@return string
function fill(length) end

-- ---- Hosts and links -----------------------------------------------------------------------------------------------

---@alias Profile
---| "rfc9293" # the default
---| "linux"   # 6.18
---| "freebsd"

---@class HostOptions
---@field profile? Profile          Whose habits the host has; its other options stand above them. --profile NAME chooses
---for all hosts that name none. The values below are those of rfc9293.
---@field isn? integer|integer[]    One for every connection, or a list for the first ones; the others by RFC 6528.
---@field address? string|string[]  "10.0.0.1" or "2001:db8::1", up to four.
---@field ports? Port[]             { first, last }: what connect() chooses from, in order.
---@field mss? integer              The MSS to offer: 1460 for IPv4, 1440 for IPv6.
---@field syn_queue? SynQueue       What is kept of a SYN until somebody answers for it: "backlog".
---@field msl? Time                 Maximum segment lifetime, above 0: 2 min.
---@field r2? Time                  When retransmission is given up, above 0: 100 s.
---@field r2_syn? Time              The same for a SYN: 180 s (MUST-23: at least, but a scenario may be in a hurry).
---@field rto? Time|RtoOptions      Retransmission timeout before there is a measurement: 1 s.
---@field receive_buffer? integer   Octets, 1 to 65535, with window scale to 2^30: 65535.
---@field send_buffer? integer      Octets, 1 to 2^30: 2^20.
---@field user_timeout? Time        Whole milliseconds: off, which is 0.
---@field fin_wait_2? Time          How long FIN-WAIT-2 lasts after sockets_close(): for ever, which is 0.
---@field options? TcpOption[]      What SYNs offer beside MSS, which they always do: none.
---@field scale? integer            The window scale to offer, 0 to 14: the smallest that shows all of the receive buffer.
---@field delayed_ack? Time         How long the ACK of text waits for company: 200 ms; 0: not at all.
---@field nagle? boolean            Nagle's algorithm: true.
---@field keep_alive? boolean|KeepAlive  false. A table switches it on.
---@field ecn? Ecn                  "off".
---@field initial_window? integer   Segments of the first congestion window: 10.
---@field congestion_control? boolean  true; without it, only the peer's window holds text back.
---@field challenge_limit? integer  Challenge ACKs of a connection in one interval, 1 to 255: 10.
---@field challenge_interval? Time  Above 0: 5 s.
---@field drop_syn_fin? boolean     A segment with SYN and FIN is dropped in every state: false.
---@field plain_syn? integer        From this repetition on, a SYN offers nothing but MSS, 1 to 255; 0 is never: 0.
---@field ttl? integer              Time to live or hop limit of IP packets, 1 to 255: 64.
---@field dscp? integer             Diffserv code point of IP packets, 0 to 63: 0.
---@field without? string|string[]  Rules that this host's TCP goes without; `synfin rules` lists them.

---"backlog": a connection in SYN-RECEIVED; beyond the listener's backlog, SYNs are dropped. "cache": a small entry; beyond
---the backlog, the oldest is dropped. "cookies": nothing but a cookie in the SYN,ACK's sequence number, which an ACK
---brings back; the SYN's options are lost but for a rough MSS, and the SYN,ACK is never repeated. "cookies-when-full": as
---"backlog", with cookies beyond it.
---@alias SynQueue "backlog"|"cache"|"cookies"|"cookies-when-full"

---@class RtoOptions
---@field initial? Time 1 s
---@field min? Time 1 s
---@field max? Time 60 s

---@class KeepAlive
---@field idle? Time      Silence before the first probe: 2 h.
---@field interval? Time  Between probes: 75 s.
---@field probes? integer Unanswered ones that end the connection, 1 to 255: 9.

---@alias TcpOption
---| "window-scale" # RFC 7323
---| "sack"         # RFC 2018
---| "timestamps"   # RFC 7323
---| "user-timeout" # RFC 5482; sent once there is a user timeout

---@alias Ecn
---| "off"
---| "accept" # a SYN that asks for ECN is answered with it (RFC 3168)
---| "ask"    # and SYNs of this host ask

---A host. As an operand of inject, its fields are those of its newest connection when the step is done.
---@class Host
---@field snd_una Operand
---@field snd_nxt Operand
---@field snd_wnd Operand
---@field iss Operand
---@field rcv_nxt Operand
---@field rcv_wnd Operand
---@field irs Operand
---@field ts_recent Operand
---@field local_port Operand
---@field remote_port Operand
---@overload fun(options: HostOptions): Host
local Host = {}

---A new host; the table of its options, if there is one, stands directly behind:
---`local client = host "client" { isn = 100 }`.
---@param name string unique, at most 32 bytes
---@return Host
function host(name) end

---The host runs a program from the start on. It may run several at once.
---@param program Program
---@param options? { at_boot?: boolean } at_boot: and again after each reboot
function Host:runs(program, options) end

---What a listener has room for. `backlog` (128) bounds the connections that are half-open; a SYN beyond is dropped. Without
---`accept`, the application takes each connection as soon as it is established. With it, it takes one only while fewer
---than `accept` of the port's programs run; the others wait, as many as `backlog` again. When these places are taken,
---too, the ACK that would establish one more is dropped, and the client believes itself connected.
---@class ListenOptions
---@field address? integer which of the host's own addresses, from 1; else all of them
---@field backlog? integer 1 to 65535
---@field accept? integer  1 to 65535
---@field fast_open? boolean TCP Fast Open: cookies are given, and the text of a SYN that shows a right one is taken: false

---The host listens on a port: `server:serves(80) { recv(5), send "200 OK", close() }`. The program that stands behind
---is run once for each connection that is accepted. Where a program ends without close(), its connection stays open.
---@param port Port
---@param options? ListenOptions
---@return fun(program: Program)
function Host:serves(port, options) end

---The operands of the host's connection of that number, from 1, existing or gone.
---@param number integer
---@return ConnectionOperands
function Host:connection(number) end

---@class ConnectionOperands
---@field snd_una Operand
---@field snd_nxt Operand
---@field snd_wnd Operand
---@field iss Operand
---@field rcv_nxt Operand
---@field rcv_wnd Operand
---@field irs Operand
---@field ts_recent Operand
---@field local_port Operand
---@field remote_port Operand

---A number that is looked up when the step is done. A whole number can be added to it and subtracted from it.
---@class Operand
---@operator add(integer): Operand
---@operator sub(integer): Operand

---@class LinkDirection
---@field delay? Time           Each packet takes this long: 0.
---@field jitter? Time          And up to this much longer: packets may overtake each other.
---@field loss? Probability     Each packet is lost on its own account.
---@field duplicate? Probability A second copy travels, too,
---@field duplicate_delay? Time  this much behind.
---@field reorder? Probability  A packet is held back
---@field reorder_delay? Time   by this much.
---@field burst? BurstOptions   Losses in bursts.
---@field rate? integer         Bits a second: `10 * mbit`.
---@field queue? integer        Bytes that may wait for the rate; what comes beyond is dropped.
---@field down? Time[][]        Periods { from, to } in which all is lost.
---@field corrupt? Probability  One to four bits of the packet are flipped; the receiver's checksums see to it.
---@field mtu? integer          Octets of an IP packet, 68 to 65535: a longer one is dropped, and its sender is told by
---                             ICMP packet too big, after the delay of the way back.
---@field icmp? boolean         false: he is not told (a black hole).
---@field unreachable? Unreachable  What a sender is told by ICMP while the link, or the host beyond it, is down: nothing.

---@class BurstOptions
---@field slot Time               Time is cut into slots;
---@field probability Probability each is bad with this probability,
---@field loss? Probability       and loses each packet sent in it with this one: 1.

---@alias Unreachable
---| "network"
---| "host"
---| "protocol"
---| "port"
---| "prohibited" # administratively

---@class LinkOptions: LinkDirection
---@field back? LinkDirection What differs in the direction from the second host to the first.

---Joins two hosts; without options the link is ideal: `link(client, server) { delay = 20 * ms }`.
---@param a Host
---@param b Host
---@return fun(options: LinkOptions)
function link(a, b) end

-- ---- Which packets, and what becomes of them -----------------------------------------------------------------------

---Which packets. What is left out matches all.
---@class Selector
---@field from? Host
---@field to? Host
---@field flags? Flags
---@field connection? integer The sender's connection of that number, from 1; with `from` alone.
---@field nth? integer        Only the nth packet that matches the rest.
---@field text? boolean       With text, or without.
---@field length? integer     With exactly so many octets of text.
---@field icmp? true|IcmpError ICMP errors, of any kind or of one. Without it, a selector sees segments alone.

---@alias IcmpError
---| "network-unreachable"
---| "host-unreachable"
---| "source-route-failed"
---| "time-exceeded"
---| "parameter-problem"
---| "protocol-unreachable"
---| "port-unreachable"
---| "packet-too-big"
---| "administratively-prohibited"
---| "source-quench"

---One of drop, unreachable, hold, delay, duplicate and corrupt; duplicate and corrupt go with hold and delay as well.
---@class FateOptions: Selector
---@field drop? true
---@field hold? Time       Arrives this much later than it would.
---@field delay? Time      Takes this long instead of the link's delay.
---@field duplicate? integer So many further copies, up to 8 ...
---@field spacing? Time      ... one this much behind the other.
---@field unreachable? Unreachable Dropped, and its sender is told so by ICMP.
---@field corrupt? true|integer|integer[] Flips a bit or up to four, numbered from 0 in the order in which the IP packet is
---sent: with IPv4 the text of a segment without options begins at bit 320. true: luck says which.

---Decides what becomes of some packets, whatever luck the link has. The first fate that matches a packet decides.
---@param options FateOptions
function fate(options) end

---What may go wrong when `synfin check` runs the scenario many times; `synfin run` ignores it. Each run has only some of
---these kinds, and luck of its own; a packet that a fate() speaks of is left alone.
---@class FaultOptions
---@field loss? number           Probability, for each packet.
---@field duplicate? number      Probability that a copy follows, after 1 ms up to half an MSL (at most a minute).
---@field reorder? number        Probability that the packet is held back for as long.
---@field corrupt? number         Probability that one to four of its bits are flipped.
---@field delay? [Time, Time]    Each packet is later by a time between these two.
---@field crash? Host|Host[]     These may crash, once each, and boot again.
---@field heals? Time            30 s: from then on nothing goes wrong any more, and all must come to a good end.

---@param options FaultOptions
function faults(options) end

---@class PlannedFate
---@field from? Host|string
---@field to? Host|string
---@field key? string       The packet, as `check` names it: "1f3a9c22 SYN,ACK 0 1 0 0" is connection, flags,
---                         SEG.SEQ - ISS, SEG.ACK - IRS, length, how often the very same was sent before.
---@field drop? true
---@field hold? Time
---@field duplicate? integer
---@field spacing? Time
---@field corrupt? integer|integer[] These bits are flipped ...
---@field copy? integer     ... of this copy, from 1; else of the packet itself.
---@field crash? Host|string Instead of all these: this host crashes ...
---@field at? Time           ... then ...
---@field boots? Time        ... and boots again.

---What becomes of these packets, and to all others what would without any luck. `synfin check --save` writes it: the
---scenario then fails as the run did, for `run` and for `check`, whatever the seed.
---@param list PlannedFate[]
function fates(list) end

-- ---- Programs ------------------------------------------------------------------------------------------------------

---What connect(), send() ... make: a step of a program. It does nothing by itself. A function of the scenario may be a
---step, too: it may look at the world and print. Such a scenario can be run and checked, not explored.
---@class Step

---A list of steps, done one after the other. A step that waits, waits as long as it takes; one that still waits when the
---run ends fails the claim `programs-finish`. An error that the step's options do not allow ends the program and fails
---the claim `programs-end-as-they-say`. The end of a program does nothing to its connection: it stays as it is, open if
---it was, and TCP goes on answering for it; only exit() closes what the host has open.
---@alias Program (Step|fun(w: World))[]

---@class Outcome
---@field fails? ErrorName   The step must end in this error; the program goes on.
---@field may_fail? boolean  An error ends the program, and that is all right.

---@class ConnectOptions: Outcome
---@field wait? boolean false: goes on at once instead of waiting for ESTABLISHED
---@field from? Port    the local port; else one of the host's `ports`
---@field fast_open? boolean TCP Fast Open: the SYN asks for a cookie, or shows the one that the host has for this server
---@field text? string   with fast_open: what is sent first; with the SYN, if there is a cookie
---@field address? integer  which of the host's own addresses, from 1; else the first that suits the server

---OPEN, active. The new connection is what the steps that follow are about.
---@param server Host
---@param port Port
---@param options? ConnectOptions
---@return Step
function connect(server, port, options) end

---@class SendOptions: Outcome
---@field urgent? boolean SEND with the URGENT flag: the peer's user is told that urgent text is on its way.

---SEND. Waits until all of it has found room in the send buffer.
---@param text string
---@param options? SendOptions
---@return Step
function send(text, options) end

---RECEIVE: waits until so many octets have come, and takes them. What came before the peer's FIN can still be taken
---when the connection is gone, if it ended in order.
---@param octets integer
---@param options? Outcome
---@return Step
function recv(octets, options) end

---RECEIVE until the peer's FIN.
---@param options? Outcome
---@return Step
function recv_eof(options) end

---CLOSE as RFC 9293 has it: nothing more will be sent; receiving goes on. After a connection that has ended in order it
---does nothing.
---@param options? Outcome
---@return Step
function close(options) end

---close() as the sockets have it: nothing more will be read either; unread or later text is answered by RST.
---@param options? Outcome
---@return Step
function sockets_close(options) end

---ABORT: RST, and the connection is gone.
---@param options? Outcome
---@return Step
function abort(options) end

---Switches Nagle's algorithm off for the program's connection: true; or on again.
---@param off boolean
---@param options? Outcome
---@return Step
function no_delay(off, options) end

---Switches keep-alives on for the program's connection, or off. Idle time, interval and probes are the host's.
---@param on boolean
---@param options? Outcome
---@return Step
function keep_alive(on, options) end

---Gives the program's connection a user timeout: from then on, the peer's option changes nothing (RFC 5482 3.1).
---@param time Time whole milliseconds; 0 switches it off
---@param options? Outcome
---@return Step
function user_timeout(time, options) end

---What the program's connection sends from now on has this Diffserv code point. The connection begins with its host's
---`dscp`.
---@param code_point integer 0 to 63
---@param options? Outcome
---@return Step
function diffserv(code_point, options) end

---What the program's connection sends from now on has this time to live, or hop limit. The connection begins with its
---host's `ttl`.
---@param hops integer 1 to 255
---@param options? Outcome
---@return Step
function hop_limit(hops, options) end

---@param time Time
---@return Step
function sleep(time) end

---Sleeps until that time of the world's clock, which starts at 0.
---@param time Time
---@return Step
function sleep_until(time) end

---Waits until the connection is in that state; in a program that has had none yet, the host's newest connection.
---@param state State
---@param options? Outcome
---@return Step
function wait_state(state, options) end

---Waits until the connection is gone.
---@param options? Outcome
---@return Step
function wait_closed(options) end

---OPEN, passive: from now on each connection that is accepted on the port runs the program. Does not wait.
---@param port Port
---@param program Program
---@param options? ListenOptions|Outcome
---@return Step
function listen(port, program, options) end

---CLOSE of the listener.
---@param port Port
---@param options? Outcome
---@return Step
function unlisten(port, options) end

---Words on the timeline.
---@param text Texts|string
---@return Step
function note(text) end

---The host is one process, and it ends: all its programs, its listeners and, by the sockets' close(), its connections.
---@return Step
function exit() end

---The host forgets all its connections and falls silent.
---@param host Host
---@return Step
function crash(host) end

---The host runs again: its listeners, and its programs with `at_boot`. If it is up, it crashes first. For one MSL it
---keeps quiet (the rule quiet-time): it opens no connection and hears no SYN.
---@param host Host
---@return Step
function reboot(host) end

---From now on all that is sent between the two is lost.
---@param a Host
---@param b Host
---@return Step
function link_down(a, b) end

---@param a Host
---@param b Host
---@return Step
function link_up(a, b) end

---Does the steps so many times.
---@param count integer
---@param steps Program
---@return Step
function times(count, steps) end

---A built-in program for an accepted connection. "echo" sends back what it gets and "sink" drops it; { request, response }
---answers each `request` octets by `response` octets. All go on until the peer's FIN, then CLOSE.
---@param service "echo"|"sink"|{ request: integer, response: integer }
---@param options? Outcome
---@return Step
function serve(service, options) end

---The other side of serve: `times` times (1) sends and receives so many octets, then CLOSE.
---@param options { times?: integer, send: integer, recv: integer }
---@param outcome? Outcome
---@return Step
function request(options, outcome) end

---A forged segment has flags and seq; a forged ICMP error has icmp and quote instead, and no other field of a segment.
---@class InjectOptions
---@field from? Host           Whose address it bears; of an ICMP error, whom the quoted segment was sent to. Without it,
---                            whomever `to` has talked to last, or where the segment that was seen went.
---@field to Host
---@field by? Host             Whose link it takes: the attacker. Without it, `from` itself.
---@field icmp? IcmpError
---@field quote? Seen|Quote    The segment of `to` that the ICMP error is about.
---@field mtu? integer         With icmp = "packet-too-big": 68 to 65535.
---@field source_address? string      "224.0.0.1", "0.0.0.0": instead of the host's own, one that is no host's.
---@field destination_address? string "255.255.255.255": likewise; the packet reaches `to` all the same.
---@field flags? Flags
---@field seq? Number
---@field ack? Number          With the flag ACK, and only with it.
---@field wnd? Number          65535
---@field text? string
---@field source_port? Number  Both or neither; without them, those of the newest connection between the two.
---@field destination_port? Number
---@field delay? Time          Arrives so much later than the link would have it.
---@field compartment? integer Its security compartment (RFC 9293 A.1), 0 to 255; connections have 0. 0.
---@field timestamps? InjectTimestamps
---@field sack? Number[][]     One to four blocks { begin, end }, not in a SYN: { { server.snd_una + 5, server.snd_nxt } }.
---@field mss? integer         In a SYN: 0 to 65535.
---@field scale? integer       In a SYN: 0 to 255.
---@field sack_permitted? boolean In a SYN.
---@field cookie? string      A SYN's Fast Open option: 16 octets of cookie at most, none asks for one.

---What an ICMP error quotes. Ports as in the quoted segment; without them, those of the newest connection.
---@class Quote
---@field seq Number
---@field source_port? Number
---@field destination_port? Number

---@class InjectTimestamps
---@field val Number
---@field ecr? Number With the flag ACK alone. 0.

---Sends a forged segment or ICMP error.
---@param options InjectOptions
---@return Step
function inject(options) end

---Waits until a packet that matches is sent, anywhere. It becomes `seen`.
---@param selector Selector
---@return Step
function observe(selector) end

---The packet that this program's observe() saw last.
---@class Seen
---@field seq Operand
---@field ack Operand
---@field len Operand     octets of text
---@field wnd Operand
---@field end_seq Operand SEG.SEQ + SEG.LEN, where SYN and FIN count
---@field ts_val Operand  of its timestamps; 0 without them
---@field ts_ecr Operand
---@field source_port Operand
---@field destination_port Operand
seen = {}

-- ---- Claims --------------------------------------------------------------------------------------------------------

---A claim that holds after every event: a built-in property by its name, or a text and a function that returns true or
---false, and behind false, if it likes, what it found. Without that, the values that the function read are shown.
---@param text Texts|string
---@param claim? fun(w: World): boolean, (Texts|string)?
function always(text, claim) end

---A claim that holds when the run has ended.
---@param text Texts|string
---@param claim? fun(w: World): boolean, (Texts|string)?
function finally(text, claim) end

---A claim that holds at one time, behind all else that happens then.
---@param text Texts|string
---@param at Time
---@param claim fun(w: World): boolean, (Texts|string)?
function expect(text, at, claim) end

---A label for the coverage that `synfin check` prints: in how many runs this was true after some event. It never fails.
---@param text Texts|string
---@param seen fun(w: World): boolean
function covers(text, seen) end

---The world at one moment, read-only, and good inside the function alone. Its hosts are its fields: `w.server`.
---@class World
---@field now Time
---@field in_flight integer packets on their way
---@field host fun(name: string): HostView
---@field [string] HostView
local World = {}

---@class HostView
---@field name string
---@field up boolean
---@field accepted integer  connections that became ready for accept(), taken or not
---@field opened integer    connections ever, active and passive
---@field refused integer   connections that got "connection refused" or "connection reset"
---@field open integer      connections that exist now
---@field half_open integer connections in SYN-RECEIVED now
---@field connections ConnectionView[] in order of opening; nil beyond the last
---@field connection fun(number: integer): ConnectionView also of one that isn't there yet: CLOSED, and all zero
local HostView = {}

---@class ConnectionView
---@field state State       "CLOSED" when it is gone
---@field exists boolean
---@field passive boolean   it came from a listener
---@field accepted boolean  it became ready for accept(), taken or not
---@field established boolean it was, at some time
---@field peer_closed boolean the peer's FIN was reached
---@field resets integer
---@field timed_out boolean
---@field foreign_text boolean it got octets that its peer's incarnation did not send
---@field urgent boolean    its user was told of urgent text
---@field troubled boolean  its user was told of a delivery problem: R1, or an ICMP error
---@field received string   what its program has read so far, at most 1 MiB of it
---@field sent integer      octets that SEND took
---@field acknowledged integer octets of them
---@field iss integer
---@field irs integer
---@field snd_una integer
---@field snd_nxt integer
---@field snd_wnd integer
---@field rcv_nxt integer
---@field rcv_wnd integer
---@field rto Time
---@field srtt Time         smoothed round-trip time; 0 before there is a measurement
---@field cwnd integer      congestion window, octets
---@field ssthresh integer
---@field mss integer       the most text that it sends in a segment without options
---@field ts_recent integer
---@field snd_scale integer shift of the peer's windows
---@field rcv_scale integer shift of its own
---@field scaled boolean    window scale was agreed
---@field sack boolean      SACK was agreed
---@field timestamps boolean timestamps were agreed
---@field ecn boolean       ECN was agreed
---@field no_delay boolean
---@field keep_alive boolean
---@field user_timeout Time 0: none
---@field soft_error string the ICMP error that is remembered, "host-unreachable"; "" without one
---@field diffserv integer code point of what it sends
---@field diffserv_heard integer code point of the packet that arrived last
---@field hop_limit integer of what it sends
---@field local_port Port
---@field remote_port Port
local ConnectionView = {}
