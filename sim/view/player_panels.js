// What stands beside the ladder: for each run, what happens, why, by which rules, the header of a segment, and the
// variables of its connections; and all steps as a table.
"use strict";

// ---- Sentences -----------------------------------------------------------------------------------------------------

const stateName = (run, state) => inLanguage(run.states[state]);
const packetLabel = (packet) => inLanguage(view.absolute ? packet.absolute : packet.label);

// In predict mode, a departure doesn't say what becomes of the segment.
function isSecret(run, index) {
    const flight = run.flights[index], late = flight.arrival - flight.sent >= 5e8;
    return view.predict && run.at <= run.departs[index] + 1 && (flight.lost || flight.corrupted || late);
}

const clauseText = (rule) => rule.clause + (rule.requirement ? ", " + rule.requirement : "");
const answerText = (step) => [inLanguage(step.text), inLanguage(step.error)].filter(Boolean).join(" → ");

function stepText(run, step) {
    const flight = run.flights[step.flight], host = run.hostName(step.host), text = answerText(step);
    if (step.kind === "departure") {
        const packet = run.packets[flight.p], why = isSecret(run, step.flight) ? "" : inLanguage(flight.why);
        const said = phrase(flight.copy ? "copied" : "sends", run.hostName(packet.from), packetLabel(packet));
        return said + (why ? " · " + why : "");
    }
    if (step.kind === "arrival")
        return phrase("arrives", host, packetLabel(run.packets[flight.p])) + (text ? " · " + text : "");
    if (step.kind === "note") return text;
    return phrase(step.host === undefined ? "script" : step.kind, host, text);
}

function changeText(run, change) {
    const label = inLanguage(run.connectionOf.get(change[1])?.label).trim();
    const who = run.hostName(change[0]) + (label ? " " + label : "");
    return phrase("changes", who, stateName(run, change[3]), stateName(run, change[2]));
}

const changesText = (run, step) => (step.changes ?? []).map((change) => changeText(run, change)).join("; ");

// "with every rule", or which ones it goes without.
function runName(run) {
    const missing = run.hosts.map((host) => host.without.map((id) => run.ruleName(id)).join(", "));
    if (missing.every((rules) => rules === missing[0]))
        return missing[0] ? phrase("withoutRules", missing[0]) : phrase("everyRule");
    const lacking = run.hosts.filter((host, i) => missing[i]);
    return lacking.map((host) => phrase("goesWithout", host.name, missing[run.hosts.indexOf(host)])).join("; ");
}

// ---- What happens, and why -----------------------------------------------------------------------------------------

function showNow(run, where) {
    const step = run.step, changed = step ? changesText(run, step) : "";
    const happens = step ? `${where}: ${stepText(run, step)}` : phrase(view.at === 0 ? "start" : "nothing");
    part(run, "now").textContent = changed ? phrase("andChanges", happens, changed) : happens;
}

function showRules(run) {
    const box = empty(part(run, "rules")), step = run.step, ids = step?.rules ?? [];
    if (!ids.length) add(box, "p", step ? phrase("noRule") : "");
    for (const id of ids) {
        const rule = run.ruleOf.get(id), item = add(box, "div", null, {class: "rule"});
        if (!rule) continue;
        add(item, "b", rule.name);
        if (rule.clause) add(item, "span", " " + clauseText(rule));
        if (rule.does) add(item, "p", inLanguage(rule.does));
        if (rule.without) add(add(item, "p"), "span", phrase("without") + inLanguage(rule.without));
    }
}

function addScript(list, step) {
    if (!step?.line) return;
    add(list, "dt", phrase("line"));
    const place = add(list, "dd", phrase("lineNumber", step.line) + " ");
    if (step.code) add(place, "code", step.code);
}

function showCause(run) {
    const list = empty(part(run, "cause")), step = run.step;
    if (!step) return;
    if (step.by !== undefined) {
        add(list, "dt", phrase("cause"));
        link(add(list, "dd"), stepText(run, run.steps[step.by]), () => go(run.moment[step.by]));
    }
    addScript(list, step);
    if (step.flight === undefined) return;
    add(list, "dt", phrase("segment"));
    link(add(list, "dd"), phrase("details", run.packetOfFlight(step.flight).n), () => pick(run, step.flight, true));
}

// ---- The header of a segment ---------------------------------------------------------------------------------------

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
    if (packet.userTimeout !== undefined)
        list.push("user timeout " + (packet.userTimeout & 0x7fff) + (packet.userTimeout & 0x8000 ? " min" : " s"));
    if (packet.cookie !== undefined)
        list.push(packet.cookie ? `Fast Open cookie, ${packet.cookie}` : "Fast Open request");
    for (let i = 0; i < (packet.sack?.length ?? 0); i += 2)
        list.push(`SACK ${signed((packet.sack[i] - base) >>> 0)}-${signed((packet.sack[i + 1] - base) >>> 0)}`);
    return list.join("; ");
}

function addPacket(run, list, key, number) {
    if (!number) return;
    const packet = run.packetOf.get(number), flight = run.firstFlight.get(number);
    add(list, "dt", phrase(key));
    link(add(list, "dd"), packet ? packetLabel(packet) : "#" + number,
        () => flight !== undefined && pick(run, flight, true));
}

function addHeader(run, list, packet) {
    const row = (key, value) => { add(list, "dt", phrase(key)); add(list, "dd", value); };
    const endpoint = (host, address) =>
        [host === undefined ? "" : run.hostName(host), address].filter(Boolean).join(" ");
    const flags = FLAGS.filter(([, bit]) => packet.flags & bit).map(([name]) => name).join(", ");
    const shifted = `${packet.wnd} << ${packet.scale} = ${packet.wnd * 2 ** packet.scale}`;
    row("from", endpoint(packet.from, packet.source));
    row("to", endpoint(packet.to, packet.destination));
    if (packet.injected) row("why", phrase("forged"));
    if (packet.icmp !== undefined) return;
    row("flags", flags || phrase("none"));
    row("seq", both(packet.seq, packet.rseq));
    if (packet.flags & 16) row("ack", both(packet.ack, packet.rack));
    row("wnd", packet.scale ? shifted : String(packet.wnd));
    if (packet.up !== undefined) row("up", String(packet.up));
    row("len", phrase("octets", packet.len) + (packet.data ? " " + packet.data : ""));
    row("options", optionsText(packet) || phrase("none"));
}

function addRulesOf(run, list, step) {
    for (const id of step?.rules ?? []) {
        const rule = run.ruleOf.get(id);
        if (!rule) continue;
        add(list, "dt", phrase("rulesHead"));
        const place = add(list, "dd", rule.name + (rule.clause ? ` (${clauseText(rule)})` : ""));
        if (rule.does) add(place, "p", inLanguage(rule.does));
    }
}

function showSegment(run) {
    part(run, "segment-part").hidden = run.picked < 0;
    if (run.picked < 0) return;
    const flight = run.flights[run.picked], packet = run.packets[flight.p], list = empty(part(run, "segment"));
    const step = run.steps[run.departs[run.picked]];
    part(run, "segment-title").textContent = packetLabel(packet);
    addHeader(run, list, packet);
    for (const key of ["answers", "repeats", "acknowledges"]) addPacket(run, list, key, packet[key]);
    if (flight.why && !isSecret(run, run.picked)) {
        add(list, "dt", phrase("why"));
        add(list, "dd", inLanguage(flight.why));
    }
    addScript(list, step);
    addRulesOf(run, list, step);
}

// ---- Variables -----------------------------------------------------------------------------------------------------

// In the order of a run's tcbs, behind step, connection, gone and state.
const VARIABLES = ["ISS", "SND.UNA", "SND.NXT", "SND.WND", "IRS", "RCV.NXT", "RCV.WND", "unread", "cwnd", "ssthresh",
    "SRTT", "RTO", "TS.Recent", "Snd.Wind.Shift", "Rcv.Wind.Shift"];
const BASES = {"SND.UNA": 4, "SND.NXT": 4, "RCV.NXT": 8};

function variableRows(tcb) {
    const rows = [];
    VARIABLES.forEach((name, i) => {
        let number = tcb[i + 4];
        if (name === "unread") number = (tcb[9] - tcb[11]) >>> 0;
        if (i >= 12 && number === 0) return;
        if (name === "unread" && (number === 0 || number > 0x7fffffff)) return;
        const shown = BASES[name] && !view.absolute && tcb[BASES[name]] !== undefined
            ? String(signed((number - tcb[BASES[name]]) >>> 0)) : String(number);
        const timed = name === "SRTT" || name === "RTO";
        rows.push([name === "unread" ? phrase("unread") : name, timed ? (number / 1000) + " ms" : shown]);
    });
    return rows;
}

function rowsAt(run, id, step) {
    const tcb = lastBefore(run.tcbsOf.get(id) ?? [], step), gone = !tcb || tcb[2] === 1;
    const state = run.connectionState(id, step), gloss = view.language === 1 ? run.gloss[state] : "";
    return [["STATE", stateName(run, state) + (gloss ? ` ${gloss}` : "")], ...(gone ? [] : variableRows(tcb))];
}

function shownHosts(run) {
    const step = run.step, packet = step?.flight === undefined ? undefined : run.packetOfFlight(step.flight);
    if (run.hosts.length <= 3) return run.hosts.map((host, i) => i);
    return [...new Set([packet?.from, packet?.to, step?.host].filter((host) => host !== undefined))];
}

function showHost(run, box, host) {
    const step = run.step, here = run.at - 1;
    const id = lastBefore(run.followed[host], here)?.[1];
    const connection = run.connectionOf.get(id), table = add(box, "table");
    const ends = connection?.remote ? `: ${connection.local} → ${connection.remote}` : "";
    add(table, "caption", run.hostName(host) + ends);
    const head = add(add(table, "thead"), "tr"), body = add(table, "tbody");
    add(head, "th", phrase("variable"), {scope: "col"});
    add(head, "th", phrase("value"), {scope: "col"});
    const listener = run.listener[host];
    const atListener = (at) => [["STATE", stateName(run, (lastBefore(listener, at) ?? listener[0])[1])]];
    const rows = (at) => id === undefined ? atListener(at) : rowsAt(run, id, at);
    const before = new Map(rows(here - 1));
    for (const [name, value] of rows(here)) {
        const row = add(body, "tr", null, step && before.get(name) !== value ? {class: "changed"} : {});
        add(row, "th", name, {scope: "row"});
        add(row, "td", value);
    }
}

function showVariables(run) {
    const box = empty(part(run, "variables"));
    for (const host of shownHosts(run)) showHost(run, box, host);
}

function showPanels(run, where) {
    part(run, "run-name").textContent = runs.length > 1 ? runName(run) : "";
    showNow(run, where);
    showCause(run);
    showRules(run);
    showVariables(run);
    showDiagram(run);
    showSegment(run);
}

// ---- The table -----------------------------------------------------------------------------------------------------

const PAGE = 100;

function addTableHead(table) {
    const head = add(table, "thead");
    if (runs.length > 1) {
        const row = add(head, "tr");
        add(row, "td", null, {colspan: 2});
        for (const run of runs) add(row, "th", runName(run), {scope: "colgroup", colspan: 3});
    }
    const row = add(head, "tr");
    for (const key of ["stepHead", "timeHead"]) add(row, "th", phrase(key), {scope: "col"});
    for (const run of runs)
        for (const key of ["eventHead", "statesHead", "rulesHead"]) add(row, "th", phrase(key), {scope: "col"});
}

function addMoment(body, at) {
    const row = add(body, "tr", null, at === view.at ? {"aria-current": "step"} : {});
    link(add(row, "th", null, {scope: "row"}), String(at), () => go(at));
    add(row, "td", seconds(times[at]));
    for (const run of runs) {
        const step = stepAt(run, at);
        add(row, "td", step ? stepText(run, step) : "");
        add(row, "td", step ? changesText(run, step) : "");
        add(row, "td", (step?.rules ?? []).map((id) => run.ruleName(id)).join(", "));
    }
}

function showTable() {
    if (!byId("table-part").open) return;
    const table = empty(byId("table")), most = view.predict ? view.at : last;
    const from = view.page * PAGE, to = Math.min(most, from + PAGE);
    addTableHead(table);
    const body = add(table, "tbody");
    for (let at = from + 1; at <= to; at++) addMoment(body, at);
    byId("earlier").disabled = from === 0;
    byId("later").disabled = to >= most;
    byId("table-range").textContent = most ? phrase("range", Math.min(from + 1, to), to, most) : "";
}

function turnPage(by) {
    view.page = Math.max(0, view.page + by);
    showTable();
}
