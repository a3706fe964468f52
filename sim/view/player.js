// The player: what the steps mean together, the panels, the keys. Everything it shows is in the element #data: the trace's model as sim/view/html_data.c writes it. A text
// there is a string, or an array [English, Chinese]. Whatever a scenario says reaches the page through textContent.
//
//   hosts        name, address, listens at the start, without: rules
//   connections  id, host, label (what tells it from others), local and remote endpoint
//   packets      n: the timeline's number, from, to: hosts, header fields, answers, repeats, acknowledges: numbers n
//   flights      a copy of a packet under way: p: index of the packet, sent, arrival: ns, lost, why
//   steps        t: ns, kind, host, c: connection, flight, text, by: the step that caused it, line and code of the
//                script, rules: ids, changes: [host, connection, state] each
//   tcbs         [step, connection, gone, state, ISS, SND.UNA ...]: a connection's variables behind a step
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);

const view = {language: data.language, at: 0, scale: "compressed", absolute: false, predict: false, picked: -1,
    playing: 0, remembering: 0, page: 0};

const byId = (id) => document.getElementById(id);
const inLanguage = (text) => (Array.isArray(text) ? text[view.language] : text) ?? "";
const phrase = (key, ...values) => phrases[key][view.language].replace(/\{(\d)\}/g, (all, i) => values[i] ?? "");
const empty = (element) => (element.replaceChildren(), element);

function add(parent, name, text, attributes) {
    const element = document.createElement(name);
    if (text !== undefined && text !== null) element.textContent = text;
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    parent.append(element);
    return element;
}

function link(parent, text, action) {
    const button = add(parent, "button", text, {type: "button", class: "link"});
    button.addEventListener("click", action);
    return button;
}

// ---- What the steps mean together ----------------------------------------------------------------------------------

const CLOSED = 0, LISTEN = 1, SYN_SENT = 2, DOWN = data.states.length - 1;
const rules = new Map(data.rules.map((rule) => [rule.id, rule]));
const connections = new Map(data.connections.map((connection) => [connection.id, connection]));
const packetOf = new Map(data.packets.map((packet) => [packet.n, packet]));
const departs = [], arrives = [];      // by flight: its steps
const firstFlight = new Map();         // by packet's number
const listener = data.hosts.map((host) => [[-1, host.listens ? LISTEN : CLOSED]]);  // by host: [step, state] each
const states = new Map();              // by connection: the same
const tcbs = new Map();                // by connection: those of data.tcbs
const followed = data.hosts.map(() => []);  // by host: [step, connection] each: which one the page shows
let digits = 0;                        // of the fraction of a second

const lastBefore = (list, step) => {   // the last entry whose first member is at most `step`
    let low = 0, high = list.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (list[middle][0] <= step) low = middle + 1; else high = middle;
    }
    return list[low - 1];
};

function follow(connection, step) {
    const host = connections.get(connection)?.host;
    if (host === undefined) return;
    const list = followed[host], last = list[list.length - 1];
    if (!last || last[1] !== connection) list.push([step, connection]);
}

// Says of a change which state it leaves.
function readChange(change, step) {
    const [host, connection, state] = change, base = listener[host][listener[host].length - 1][1];
    if (connection === 0) {
        change.push(base);
        listener[host].push([step, state]);
        if (state !== DOWN) return;
        for (const [id, list] of states)
            if (connections.get(id)?.host === host) list.push([step, CLOSED]);
        return;
    }
    if (!states.has(connection)) states.set(connection, []);
    const list = states.get(connection);
    change.push(list.length ? list[list.length - 1][1] : base === LISTEN && state !== SYN_SENT ? LISTEN : CLOSED);
    list.push([step, state]);
    follow(connection, step);
}

function readSteps() {
    data.flights.forEach((flight, i) => {
        const number = data.packets[flight.p].n;
        if (!firstFlight.has(number)) firstFlight.set(number, i);
    });
    data.steps.forEach((step, i) => {
        if (step.kind === "departure") departs[step.flight] = i;
        if (step.kind === "arrival") arrives[step.flight] = i;
        for (const change of step.changes ?? []) readChange(change, i);
        if (step.c) follow(step.c, i);
        let fraction = 9, rest = step.t % 1e9;
        while (fraction > digits && rest % 10 === 0) { rest /= 10; fraction--; }
        digits = Math.max(digits, fraction);
    });
    for (const tcb of data.tcbs) {
        if (!tcbs.has(tcb[1])) tcbs.set(tcb[1], []);
        tcbs.get(tcb[1]).push(tcb);
    }
    for (const list of tcbs.values()) list.sort((a, b) => a[0] - b[0]);
}

const seconds = (t) => {
    const whole = String(Math.floor(t / 1e9));
    return digits ? whole + "." + String(t % 1e9).padStart(9, "0").slice(0, digits) : whole;
};
const hostName = (host) => host === undefined ? "?" : data.hosts[host].name;
const stateName = (state) => inLanguage(data.states[state]);
const packetLabel = (packet) => inLanguage(view.absolute ? packet.absolute : packet.label);
const connectionState = (id, step) => lastBefore(states.get(id) ?? [], step)?.[1] ?? CLOSED;

// In predict mode, a departure doesn't say what becomes of the segment.
function isSecret(index, at) {
    const flight = data.flights[index], late = flight.arrival - flight.sent >= 5e8;
    return view.predict && at <= departs[index] + 1 && (flight.lost || flight.corrupted || late);
}

function stepText(step, at) {
    const flight = data.flights[step.flight], host = hostName(step.host);
    const text = [inLanguage(step.text), inLanguage(step.error)].filter(Boolean).join(" → ");
    if (step.kind === "departure") {
        const packet = data.packets[flight.p], why = isSecret(step.flight, at) ? "" : inLanguage(flight.why);
        return phrase(flight.copy ? "copied" : "sends", hostName(packet.from), packetLabel(packet)) + (why ? " · " + why : "");
    }
    if (step.kind === "arrival")
        return phrase("arrives", host, packetLabel(data.packets[flight.p])) + (text ? " · " + text : "");
    if (step.kind === "note") return text;
    return phrase(step.host === undefined ? "script" : step.kind, host, text);
}

const changeText = (change) => {
    const label = inLanguage(connections.get(change[1])?.label).trim();
    return phrase("changes", hostName(change[0]) + (label ? " " + label : ""), stateName(change[3]), stateName(change[2]));
};

// ---- The panels ----------------------------------------------------------------------------------------------------

function showRules(step) {
    const box = empty(byId("rules")), ids = step?.rules ?? [];
    if (!ids.length) add(box, "p", step ? phrase("noRule") : "");
    for (const id of ids) {
        const rule = rules.get(id), part = add(box, "div", null, {class: "rule"});
        if (!rule) continue;
        add(part, "b", rule.name);
        if (rule.clause) add(part, "span", " " + rule.clause + (rule.requirement ? ", " + rule.requirement : ""));
        if (rule.does) add(part, "p", inLanguage(rule.does));
        if (rule.without) add(add(part, "p"), "span", phrase("without") + inLanguage(rule.without));
    }
}

function addScript(list, step) {
    if (!step?.line) return;
    add(list, "dt", phrase("line"));
    const place = add(list, "dd", phrase("lineNumber", step.line) + " ");
    if (step.code) add(place, "code", step.code);
}

function showCause(step) {
    const list = empty(byId("cause"));
    if (!step) return;
    if (step.by !== undefined) {
        add(list, "dt", phrase("cause"));
        link(add(list, "dd"), stepText(data.steps[step.by], data.steps.length), () => go(step.by + 1));
    }
    addScript(list, step);
    if (step.flight === undefined) return;
    add(list, "dt", phrase("segment"));
    link(add(list, "dd"), phrase("details", data.packets[data.flights[step.flight].p].n), () => pick(step.flight, true));
}

const FLAGS = [["SYN", 2], ["FIN", 1], ["RST", 4], ["PSH", 8], ["ACK", 16], ["URG", 32], ["ECE", 64], ["CWR", 128]];
const signed = (number) => number > 0x7fffffff ? number - 0x100000000 : number;
const both = (number, relative) => relative === undefined ? String(number)
    : view.absolute ? `${number} (${signed(relative)})` : `${signed(relative)} (${number})`;

function optionsText(packet) {
    const list = [], base = packet.rack === undefined || view.absolute ? 0 : packet.ack - packet.rack;
    if (packet.mss !== undefined) list.push("MSS " + packet.mss);
    if (packet.wscale !== undefined) list.push("window scale " + packet.wscale);
    if (packet.sackOk) list.push("SACK permitted");
    if (packet.ts) list.push(`timestamps ${packet.ts[0]}, ${packet.ts[1]}`);
    if (packet.userTimeout !== undefined) list.push("user timeout " + (packet.userTimeout & 0x7fff) + (packet.userTimeout & 0x8000 ? " min" : " s"));
    if (packet.cookie !== undefined) list.push(packet.cookie ? `Fast Open cookie, ${packet.cookie}` : "Fast Open request");
    for (let i = 0; i < (packet.sack?.length ?? 0); i += 2)
        list.push(`SACK ${signed((packet.sack[i] - base) >>> 0)}-${signed((packet.sack[i + 1] - base) >>> 0)}`);
    return list.join("; ");
}

function addPackets(list, key, number) {
    if (!number) return;
    add(list, "dt", phrase(key));
    link(add(list, "dd"), packetOf.has(number) ? packetLabel(packetOf.get(number)) : "#" + number,
        () => firstFlight.has(number) && pick(firstFlight.get(number), true));
}

function addHeader(list, packet) {
    const row = (key, value) => { add(list, "dt", phrase(key)); add(list, "dd", value); };
    const endpoint = (host, address) => [host === undefined ? "" : hostName(host), address].filter(Boolean).join(" ");
    row("from", endpoint(packet.from, packet.source));
    row("to", endpoint(packet.to, packet.destination));
    if (packet.injected) row("why", phrase("forged"));
    if (packet.icmp !== undefined) return;
    row("flags", FLAGS.filter(([, bit]) => packet.flags & bit).map(([name]) => name).join(", ") || phrase("none"));
    row("seq", both(packet.seq, packet.rseq));
    if (packet.flags & 16) row("ack", both(packet.ack, packet.rack));
    row("wnd", packet.scale ? `${packet.wnd} << ${packet.scale} = ${packet.wnd * 2 ** packet.scale}` : String(packet.wnd));
    if (packet.up !== undefined) row("up", String(packet.up));
    row("len", phrase("octets", packet.len) + (packet.data ? " " + packet.data : ""));
    row("options", optionsText(packet) || phrase("none"));
}

function showSegment() {
    byId("segment-part").hidden = view.picked < 0;
    if (view.picked < 0) return;
    const flight = data.flights[view.picked], packet = data.packets[flight.p], list = empty(byId("segment"));
    const step = data.steps[departs[view.picked]];
    byId("segment-title").textContent = packetLabel(packet);
    addHeader(list, packet);
    addPackets(list, "answers", packet.answers);
    addPackets(list, "repeats", packet.repeats);
    addPackets(list, "acknowledges", packet.acknowledges);
    if (flight.why && !isSecret(view.picked, view.at)) {
        add(list, "dt", phrase("why"));
        add(list, "dd", inLanguage(flight.why));
    }
    addScript(list, step);
    for (const id of step?.rules ?? []) {
        const rule = rules.get(id);
        if (!rule) continue;
        add(list, "dt", phrase("rulesHead"));
        const place = add(list, "dd", rule.name + (rule.clause ? ` (${rule.clause}${rule.requirement ? ", " + rule.requirement : ""})` : ""));
        if (rule.does) add(place, "p", inLanguage(rule.does));
    }
}

// In the order of data.tcbs, behind step, connection, gone and state.
const VARIABLES = ["ISS", "SND.UNA", "SND.NXT", "SND.WND", "IRS", "RCV.NXT", "RCV.WND", "unread", "cwnd", "ssthresh",
    "SRTT", "RTO", "TS.Recent", "Snd.Wind.Shift", "Rcv.Wind.Shift"];
const BASES = {"SND.UNA": 4, "SND.NXT": 4, "RCV.NXT": 8};

function variableRows(tcb) {
    const value = (i) => tcb[i + 4], rows = [];
    VARIABLES.forEach((name, i) => {
        let number = value(i);
        if (name === "unread") number = (tcb[9] - tcb[11]) >>> 0;
        if (i >= 12 && number === 0) return;
        if (name === "unread" && (number === 0 || number > 0x7fffffff)) return;
        const shown = BASES[name] && !view.absolute && tcb[BASES[name]] !== undefined
            ? String(signed((number - tcb[BASES[name]]) >>> 0)) : String(number);
        const unit = name === "SRTT" || name === "RTO" ? (number / 1000) + " ms" : shown;
        rows.push([name === "unread" ? phrase("unread") : name, unit]);
    });
    return rows;
}

const rowsAt = (id, step) => {
    const tcb = lastBefore(tcbs.get(id) ?? [], step), gone = !tcb || tcb[2] === 1;
    const state = connectionState(id, step), gloss = view.language === 1 ? data.gloss[state] : "";
    return [["STATE", stateName(state) + (gloss ? ` ${gloss}` : "")], ...(gone ? [] : variableRows(tcb))];
};

function shownHosts(step) {
    const flight = data.flights[step?.flight], packet = flight && data.packets[flight.p];
    if (data.hosts.length <= 3) return data.hosts.map((host, i) => i);
    return [...new Set([packet?.from, packet?.to, step?.host].filter((host) => host !== undefined))];
}

function showVariables(step) {
    const box = empty(byId("variables")), here = view.at - 1;
    for (const host of shownHosts(step)) {
        const id = step?.c && connections.get(step.c)?.host === host ? step.c : lastBefore(followed[host], here)?.[1];
        const connection = connections.get(id), table = add(box, "table");
        add(table, "caption", hostName(host) + (connection?.remote ? `: ${connection.local} → ${connection.remote}` : ""));
        const head = add(add(table, "thead"), "tr"), body = add(table, "tbody");
        add(head, "th", phrase("variable"), {scope: "col"});
        add(head, "th", phrase("value"), {scope: "col"});
        const base = lastBefore(listener[host], here)[1];
        const now = id === undefined ? [["STATE", stateName(base)]] : rowsAt(id, here);
        const before = new Map(id === undefined ? [["STATE", stateName(lastBefore(listener[host], here - 1)?.[1] ?? base)]]
            : rowsAt(id, here - 1));
        for (const [name, value] of now) {
            const row = add(body, "tr", null, step && before.get(name) !== value ? {class: "changed"} : {});
            add(row, "th", name, {scope: "row"});
            add(row, "td", value);
        }
    }
}

// ---- The table -----------------------------------------------------------------------------------------------------

const PAGE = 100;

function showTable() {
    if (!byId("table-part").open) return;
    const table = empty(byId("table")), most = view.predict ? view.at : data.steps.length;
    const head = add(add(table, "thead"), "tr"), body = add(table, "tbody");
    for (const key of ["stepHead", "timeHead", "eventHead", "statesHead", "rulesHead"]) add(head, "th", phrase(key), {scope: "col"});
    const from = view.page * PAGE, to = Math.min(most, from + PAGE);
    for (let i = from; i < to; i++) {
        const step = data.steps[i], row = add(body, "tr", null, i === view.at - 1 ? {"aria-current": "step"} : {});
        link(add(row, "th", null, {scope: "row"}), String(i + 1), () => go(i + 1));
        add(row, "td", seconds(step.t));
        add(row, "td", stepText(step, view.at));
        add(row, "td", (step.changes ?? []).map(changeText).join("; "));
        add(row, "td", (step.rules ?? []).map((id) => rules.get(id)?.name ?? "").join(", "));
    }
    byId("earlier").disabled = from === 0;
    byId("later").disabled = to >= most;
    byId("table-range").textContent = most ? phrase("range", Math.min(from + 1, to), to, most) : "";
}

function turnPage(by) {
    view.page = Math.max(0, view.page + by);
    showTable();
}

// ---- Going about ---------------------------------------------------------------------------------------------------

function scrollTo() {
    const scroll = byId("scroll"), y = view.at > 0 ? ladder.y[view.at - 1] : 0, room = scroll.clientHeight;
    if (y < scroll.scrollTop + 60 || y > scroll.scrollTop + room - 120) scroll.scrollTop = Math.max(0, y - room * .4);
    const flight = data.steps[view.at - 1]?.flight, x = flight === undefined ? undefined : ladder.x[data.packets[data.flights[flight].p].from];
    if (x !== undefined && (x < scroll.scrollLeft || x > scroll.scrollLeft + scroll.clientWidth)) scroll.scrollLeft = Math.max(0, x - 200);
}

// Browsers stop listening to a page that changes its address too often.
function remember() {
    clearTimeout(view.remembering);
    view.remembering = setTimeout(() => {
        const hash = `#step=${view.at}&lang=${view.language === 1 ? "zh" : "en"}`
            + (view.scale === "compressed" ? "" : "&time=" + view.scale);
        if (location.hash !== hash) history.replaceState(null, "", hash);
    }, 250);
}

function show() {
    const step = data.steps[view.at - 1], count = data.steps.length;
    const changed = (step?.changes ?? []).map(changeText).join("; ");
    byId("scrub").value = view.at;
    const where = phrase("of", view.at, count) + (step ? ` · ${seconds(step.t)} s` : "");
    byId("where").textContent = where;
    byId("scrub").setAttribute("aria-valuetext", where);
    byId("now").textContent = step ? `${where}: ${stepText(step, view.at)}` + (changed ? `. ${changed}` : "") : phrase("start");
    byId("first").disabled = byId("back").disabled = view.at === 0;
    byId("last").disabled = byId("forward").disabled = view.at === count;
    showCause(step);
    showRules(step);
    showVariables(step);
    showDiagram(step);
    showSegment();
    view.page = Math.floor(Math.max(0, view.at - 1) / PAGE);
    showTable();
    byId("end").textContent = view.predict && view.at < count ? "" : inLanguage(data.end);
    showFailures();
    scrollTo();
    paint();
    remember();
}

function go(at) {
    view.at = Math.max(0, Math.min(data.steps.length, at));
    show();
}

function pick(flight, focus) {
    view.picked = flight;
    showSegment();
    if (focus) byId("segment-title").focus();
}

function stop() {
    clearInterval(view.playing);
    view.playing = 0;
    byId("play").textContent = phrase("play");
}

function start() {
    if (view.at === data.steps.length) view.at = 0;
    byId("play").textContent = phrase("pause");
    view.playing = setInterval(() => {
        go(view.at + 1);
        if (view.at === data.steps.length) stop();
    }, 1000 / Number(byId("speed").value));
}

const toggle = () => view.playing ? stop() : start();

function setScale(scale) {
    view.scale = scale;
    byId("scale").value = scale;
    build();
    show();
}

function setPredict(on) {
    view.predict = byId("predict").checked = on;
    show();
}

// ---- Words ---------------------------------------------------------------------------------------------------------

function showFailures() {
    const hidden = view.predict && view.at < data.steps.length;
    byId("failed").textContent = hidden ? "" : data.claims.map((claim) =>
        phrase("failed", inLanguage(claim.claim)) + (claim.detail ? " – " + inLanguage(claim.detail) : "")).join("; ");
}

function showHelp() {
    const list = empty(byId("help-keys"));
    for (const [keys, what] of [["Space", "keySpace"], ["← → ↑ ↓", "keyArrows"], ["Home, End", "keyEnds"], ["Enter", "keyEnter"],
        ["P", "keyPredict"], ["L", "keyLanguage"], ["?", "keyHelp"]]) {
        add(add(list, "dt"), "code", keys);
        add(list, "dd", phrase(what));
    }
}

function setLanguage(language) {
    view.language = language;
    document.documentElement.lang = language === 1 ? "zh-Hans" : "en";
    for (const element of document.querySelectorAll("[data-say]")) element.textContent = phrase(element.dataset.say);
    for (const element of document.querySelectorAll("[data-label]")) {
        element.setAttribute("aria-label", phrase(element.dataset.label));
        if (element.localName === "button") element.title = phrase(element.dataset.label);
    }
    byId("play").textContent = phrase(view.playing ? "pause" : "play");
    byId("language").textContent = language === 1 ? "English" : "中文";
    byId("language").lang = language === 1 ? "en" : "zh-Hans";
    byId("title").textContent = inLanguage(data.title) || data.file || "synfin";
    byId("question").textContent = inLanguage(data.question);
    const about = empty(byId("about-text"));
    add(about, "p", inLanguage(data.about));
    for (const source of data.sources ?? []) add(about, "p", source);
    byId("about").hidden = !data.about && !data.sources?.length;
    byId("without").textContent = data.hosts.filter((host) => host.without.length).map((host) =>
        phrase("goesWithout", host.name, host.without.map((id) => rules.get(id)?.name ?? "").join(", "))).join("; ");
    const again = empty(byId("again"));
    if (data.command) { again.append(phrase("again")); add(again, "code", data.command); }
    showHelp();
    build();
    show();
}

// ---- Listening -----------------------------------------------------------------------------------------------------

function readFragment() {
    const wanted = new URLSearchParams(location.hash.slice(1)), step = Number(wanted.get("step") ?? view.at);
    if (Number.isInteger(step)) view.at = Math.max(0, Math.min(data.steps.length, step));
    if (wanted.get("lang") === "zh") view.language = 1;
    if (wanted.get("lang") === "en") view.language = 0;
    const scale = wanted.get("time");
    if (["compressed", "linear", "event"].includes(scale)) view.scale = byId("scale").value = scale;
}

// A key that the element with the focus wants for itself is left to it.
function wants(element, key) {
    const name = element?.localName;
    if (name === "select") return true;
    if (name === "input" && element.type === "range") return key !== " " && key.length > 1 && key !== "Enter";
    const acts = name === "button" || name === "input" || name === "summary";
    if (key === " " || key === "Enter") return acts;
    return element?.id === "table-box" || (element?.id === "scroll" && (key === "ArrowUp" || key === "ArrowDown"));
}

function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || byId("help").open) return;
    if (wants(document.activeElement, event.key)) return;
    const actions = {" ": toggle, ArrowRight: () => go(view.at + 1), ArrowDown: () => go(view.at + 1),
        ArrowLeft: () => go(view.at - 1), ArrowUp: () => go(view.at - 1), Home: () => go(0), End: () => go(data.steps.length),
        "?": () => byId("help").showModal(), p: () => setPredict(!view.predict), l: () => setLanguage(1 - view.language),
        Enter: () => data.steps[view.at - 1]?.flight !== undefined && pick(data.steps[view.at - 1].flight, true)};
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    if (!action) return;
    event.preventDefault();
    if (view.playing && event.key !== " ") stop();
    action();
}

function listen() {
    const click = (id, action) => byId(id).addEventListener("click", action);
    const user = (action) => () => { if (view.playing) stop(); action(); };
    click("first", user(() => go(0)));
    click("back", user(() => go(view.at - 1)));
    click("play", toggle);
    click("forward", user(() => go(view.at + 1)));
    click("last", user(() => go(data.steps.length)));
    click("language", () => setLanguage(1 - view.language));
    click("help-open", () => byId("help").showModal());
    click("help-close", () => byId("help").close());
    click("segment-close", () => { view.picked = -1; showSegment(); byId("scroll").focus(); });
    click("earlier", () => turnPage(-1));
    click("later", () => turnPage(1));
    byId("table-part").addEventListener("toggle", showTable);
    byId("scrub").addEventListener("input", user(() => go(Number(byId("scrub").value))));
    byId("speed").addEventListener("change", () => { if (view.playing) { stop(); start(); } });
    byId("scale").addEventListener("change", () => setScale(byId("scale").value));
    byId("numbers").addEventListener("change", () => { view.absolute = byId("numbers").value === "absolute"; show(); });
    byId("predict").addEventListener("change", () => setPredict(byId("predict").checked));
    document.addEventListener("keydown", onKey);
    let asked = 0;
    byId("scroll").addEventListener("scroll", () => {
        cancelAnimationFrame(asked);
        asked = requestAnimationFrame(() => { paint(); paintNames(); });
    });
    addEventListener("resize", build);
    addEventListener("hashchange", () => { readFragment(); setLanguage(view.language); });
    // On paper, everything: as far as a browser can draw at once.
    addEventListener("beforeprint", () => paint(0, Math.min(ladder.height, 60000)));
    addEventListener("afterprint", () => paint());
}

addEventListener("DOMContentLoaded", () => {
    readSteps();
    byId("scrub").max = data.steps.length;
    readFragment();
    listen();
    setLanguage(view.language);
});
