// The ladder and the state diagram, as SVG. Behind player.js, whose names it uses.
"use strict";

// ---- The ladder ----------------------------------------------------------------------------------------------------

const SVG = "http://www.w3.org/2000/svg";
const BUCKET = 600, LANES = 3, LANE = 9;
const ladder = {width: 0, height: 0, x: [], y: [], buckets: [], long: [], labelled: [], typical: 40, beside: 175};

function draw(parent, name, attributes, text) {
    const element = document.createElementNS(SVG, name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
}

const median = (numbers) => numbers.length ? numbers.sort((a, b) => a - b)[numbers.length >> 1] : 0;

// Where each step stands, by the scale of time.
function placeSteps() {
    const flights = data.flights.filter((flight) => flight.arrival > flight.sent).map((flight) => flight.arrival - flight.sent);
    const typical = median(flights) || 1e6, end = data.steps.length ? data.steps[data.steps.length - 1].t : 0;
    const linear = Math.min(48 / typical, 6e6 / (end || 1));
    let y = 20, before = 0;
    ladder.y = data.steps.map((step, i) => {
        const gap = step.t - before;
        before = step.t;
        if (view.scale === "linear") return 24 + step.t * linear;
        if (view.scale === "event") return y += 26;
        const near = Math.min(gap, 2 * typical) / typical * 44, far = gap > 2 * typical ? 14 * Math.log2(gap / (2 * typical)) : 0;
        return y += Math.max(i ? 17 : 4, near + far);
    });
    ladder.typical = view.scale === "linear" ? typical * linear : 40;
    ladder.height = (ladder.y[ladder.y.length - 1] ?? 0) + 90;
}

// The place of any time between the steps.
function placeOf(t) {
    let low = 0, high = data.steps.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (data.steps[middle].t < t) low = middle + 1; else high = middle;
    }
    if (low === 0) return ladder.y[0] ?? 20;
    if (low === data.steps.length) return ladder.height - 40;
    const a = data.steps[low - 1].t, b = data.steps[low].t;
    return ladder.y[low - 1] + (ladder.y[low] - ladder.y[low - 1]) * (t - a) / (b - a);
}

function placeHosts() {
    const count = data.hosts.length, room = byId("scroll").clientWidth - 2;
    const left = Math.max(240, Math.min(340, room * .31)), right = left - 55;
    ladder.width = Math.max(room, left + right + Math.max(0, count - 1) * 230);
    ladder.beside = left - LANES * LANE - 70;
    ladder.x = data.hosts.map((host, i) => count < 2 ? left : left + i * (ladder.width - left - right) / (count - 1));
}

function addItem(y0, y1, step, paint) {
    const item = {y0, y1, step, paint}, first = Math.max(0, Math.floor(y0 / BUCKET)), last = Math.floor(y1 / BUCKET);
    if (last - first > 8) {
        ladder.long.push(item);
        return;
    }
    for (let i = first; i <= last; i++) (ladder.buckets[i] ??= []).push(item);
}

// "abc…": what fits; wide characters count double.
function fit(text, pixels) {
    let room = pixels / 6.6, end = 0;
    const characters = [...text];
    for (; end < characters.length; end++) {
        room -= characters[end].codePointAt(0) > 0x2e80 ? 1.9 : 1;
        if (room < 0) return characters.slice(0, Math.max(0, end - 1)).join("") + "…";
    }
    return text;
}

function paintText(parent, text, pixels, attributes) {
    const short = fit(text, pixels), element = draw(parent, "text", attributes, short);
    if (short !== text) draw(element, "title", {}, text);
    return element;
}

function flightEnds(index) {
    const flight = data.flights[index], packet = data.packets[flight.p];
    const x0 = ladder.x[packet.from], to = packet.to ?? packet.from;
    const x1 = to === packet.from ? x0 + (packet.from > 0 ? -90 : 90) : ladder.x[to];
    const y0 = departs[index] === undefined ? placeOf(flight.sent) : ladder.y[departs[index]];
    if (flight.lost) return {x0, y0, x1: x0 + (x1 - x0) * .62, y1: y0 + ladder.typical * .62};
    return {x0, y0, x1, y1: arrives[index] === undefined ? Math.max(placeOf(flight.arrival), y0 + 4) : ladder.y[arrives[index]]};
}

function paintHead(group, x, y, angle) {
    draw(group, "path", {class: "head", d: "M0 0 L-10 -4.5 L-10 4.5 Z", transform: `translate(${x} ${y}) rotate(${angle})`});
}

function paintFlight(parent, index) {
    const flight = data.flights[index], packet = data.packets[flight.p], from = departs[index], to = arrives[index];
    const {x0, y0, x1, y1} = flightEnds(index), here = view.at - 1;
    const current = here === from || here === to;
    const group = draw(parent, "g", {class: "pick" + (current ? " current" : "")});
    // What is under way is drawn as far as it has come.
    const hidden = view.predict && from <= here && !(flight.lost ? here > from : to <= here);
    const part = hidden ? Math.min(.94, Math.max(.15, (ladder.y[here] - y0) / (y1 - y0 || 1))) : 1;
    const x = x0 + (x1 - x0) * part, y = y0 + (y1 - y0) * part, angle = Math.atan2(y1 - y0, x1 - x0) * 180 / Math.PI;
    const line = {x1: x0, y1: y0, x2: x, y2: y};
    draw(group, "line", {class: "flight" + (flight.copy ? " copy" : ""), ...line});
    if (flight.lost && !hidden)
        draw(group, "path", {class: "flight lost", d: `M${x - 6} ${y - 6} l12 12 m0 -12 l-12 12`});
    else if (!flight.lost && !hidden && to !== undefined)
        paintHead(group, x1, y1, angle);
    const turn = x1 < x0 ? angle + 180 : angle, length = Math.hypot(x1 - x0, y1 - y0);
    // Where one sees it leave; and where it would stand if it weren't lost, as long as nobody is to know.
    const place = length > 900 ? 160 / length : hidden && flight.lost ? .5 / .62 : .5;
    draw(group, "title", {}, packetLabel(packet));
    if (current || ladder.labelled[index]) paintText(group, packetLabel(packet), Math.max(length, 200) - 30, {class: "halo", "text-anchor": "middle",
        transform: `translate(${x0 + (x1 - x0) * place} ${y0 + (y1 - y0) * place - 4}) rotate(${turn})`});
    draw(group, "line", {class: "hit", ...line});
    group.addEventListener("click", () => pick(index));
}

// The side of a host's line on which its own events are told.
const isLeft = (host) => host === 0;
const beside = (host) => ladder.x[host] + (isLeft(host) ? -1 : 1) * ((LANES + 1) * LANE + 5);

function paintRow(parent, index, y) {
    const step = data.steps[index], kind = step.kind, world = step.host === undefined;
    const mark = {call: "▸ ", timer: "◷ ", note: "✱ ", signal: "◂ ", wait: "◂ ", arrival: "· "}[kind] ?? "";
    const text = [inLanguage(step.text), inLanguage(step.error)].filter(Boolean).join(" → ");
    const bad = step.error || step.dropped || kind === "host" || kind === "wait";
    const group = draw(parent, "g", {class: "pick" + (view.at - 1 === index ? " current" : "")});
    const x = world ? ladder.width / 2 : beside(step.host);
    paintText(group, mark + text, world ? ladder.width / 2 : ladder.beside, {x, y: y + 4, "text-anchor": world ? "middle"
        : isLeft(step.host) ? "end" : "start", class: "halo" + (bad ? " bad" : kind === "note" || kind === "timer" ? " note" : "")});
    group.addEventListener("click", () => go(index + 1));
}

function placeRows() {
    const bottom = new Map();
    data.steps.forEach((step, i) => {
        if (step.kind === "departure" || (!step.text && !step.error)) return;
        const side = step.host ?? -1, y = Math.max(ladder.y[i], bottom.get(side) ?? 0);
        bottom.set(side, y + 15);
        addItem(y - 12, y + 8, i, (parent) => paintRow(parent, i, y));
    });
}

function placeTimes() {
    let shown = -1, bottom = -99;
    data.steps.forEach((step, i) => {
        if (step.t === shown || ladder.y[i] < bottom + 13) return;
        const y = bottom = ladder.y[i], gap = step.t - Math.max(shown, 0), above = i ? ladder.y[i - 1] : y;
        shown = step.t;
        addItem(y - 12, y + 4, i, (parent) => draw(parent, "text", {class: "time", x: 6, y: y + 4}, seconds(step.t)));
        if (view.scale === "linear" || gap < 5e8 || y - above < 16) return;
        addItem(above, y, i, (parent) => draw(parent, "line", {class: "gap", x1: 60, x2: ladder.width - 10,
            y1: (above + y) / 2, y2: (above + y) / 2}));
    });
}

function addBar(host, lane, state, from, to) {
    const y0 = from < 0 ? 0 : ladder.y[from], y1 = to === undefined ? ladder.height : ladder.y[to];
    if (y1 <= y0) return;
    const side = isLeft(host) ? -1 : 1, x = ladder.x[host] + (side < 0 ? -(lane + 1) * LANE - 1 : lane * LANE + 1);
    addItem(y0, y1, from, (parent) => {
        // What has not happened yet is not shown in predict mode.
        const hidden = view.predict && (to === undefined || to >= view.at);
        const end = hidden ? Math.max(y0, ladder.y[view.at - 1] ?? 0) : y1;
        draw(draw(parent, "rect", {class: "s" + state, x, y: y0, width: LANE - 1, height: Math.max(end - y0, 1)}), "title", {},
            stateName(state));
        if (end - y0 > 9 * stateName(state).length * .8) {
            draw(parent, "text", {class: "state", "text-anchor": "middle",
                transform: `translate(${x + (side < 0 ? 1 : 7)} ${y0 + Math.min((end - y0) / 2, 70)}) rotate(${side * 90})`}, stateName(state));
        }
    });
}

// Connections that exist at the same time stand side by side.
function placeBars() {
    const free = data.hosts.map(() => new Array(LANES).fill(-1));
    for (const [id, list] of states) {
        const host = connections.get(id)?.host;
        if (host === undefined) continue;
        const begin = list[0][0], end = list.find(([step, state]) => step > begin && state <= LISTEN)?.[0] ?? Infinity;
        let lane = free[host].findIndex((until) => until <= begin);
        if (lane < 0) lane = LANES - 1;
        free[host][lane] = end;
        list.forEach(([step, state], i) => {
            if (state > LISTEN) addBar(host, lane, state, step, list[i + 1]?.[0]);
        });
    }
    listener.forEach((list, host) => list.forEach(([step, state], i) => {
        if (state !== CLOSED) addBar(host, LANES, state, step, list[i + 1]?.[0]);
    }));
}

// Where segments stand closer than letters, some go without their label.
function placeLabels() {
    const last = new Map();
    ladder.labelled = data.flights.map((flight, i) => {
        const packet = data.packets[flight.p], way = packet.from + ">" + packet.to, {y0, y1} = flightEnds(i), y = (y0 + y1) / 2;
        if (Math.abs(y - (last.get(way) ?? -99)) < 11) return false;
        last.set(way, y);
        return true;
    });
}

function build() {
    placeHosts();
    placeSteps();
    ladder.buckets = [];
    ladder.long = [];
    placeBars();
    data.flights.forEach((flight, i) => {
        const {y0, y1} = flightEnds(i), step = departs[i] ?? 0;
        addItem(Math.min(y0, y1) - 20, Math.max(y0, y1) + 20, step, (parent) => paintFlight(parent, i));
    });
    placeLabels();
    placeRows();
    placeTimes();
    byId("tall").style.height = ladder.height + "px";
    byId("tall").style.width = ladder.width + "px";
    paintNames();
    paint();
}

function paintNames() {
    const svg = draw(empty(byId("names")), "svg", {width: ladder.width, height: 34});
    data.hosts.forEach((host, i) => {
        paintText(svg, host.name, 220, {class: "name", x: ladder.x[i], y: 15, "text-anchor": "middle"});
        draw(svg, "text", {class: "time", x: ladder.x[i], y: 30, "text-anchor": "middle"}, host.address ?? "");
    });
    svg.style.marginLeft = -byId("scroll").scrollLeft + "px";
}

// Draws what can be seen, or from `top` to `bottom`.
function paint(top, bottom) {
    const scroll = byId("scroll"), margin = 300;
    const from = Math.max(0, top ?? scroll.scrollTop - margin);
    const to = Math.min(Math.max(ladder.height, scroll.clientHeight), bottom ?? scroll.scrollTop + scroll.clientHeight + margin);
    const box = byId("drawing"), svg = document.createElementNS(SVG, "svg");
    const attributes = {width: ladder.width, height: to - from, viewBox: `0 ${from} ${ladder.width} ${to - from}`, "aria-hidden": "true"};
    for (const key in attributes) svg.setAttribute(key, attributes[key]);
    for (const x of ladder.x) draw(svg, "line", {class: "axis", x1: x, x2: x, y1: from, y2: to});
    const seen = new Set(ladder.long.filter((item) => item.y1 >= from && item.y0 <= to));
    for (let i = Math.floor(from / BUCKET); i <= Math.floor(to / BUCKET); i++)
        for (const item of ladder.buckets[i] ?? []) seen.add(item);
    const past = draw(svg, "g", {}), future = draw(svg, "g", {class: "future"});
    if (view.at > 0) {
        const y = ladder.y[view.at - 1];
        draw(past, "line", {class: "cursor", x1: 0, x2: ladder.width, y1: y, y2: y});
    }
    for (const item of seen) {
        if (item.step < view.at) item.paint(past);
        else if (!view.predict) item.paint(future);
    }
    box.style.top = from + "px";
    box.replaceChildren(svg);
}

// ---- The state diagram ---------------------------------------------------------------------------------------------

const PLACES = [[200, 20], [200, 84], [328, 140], [72, 140], [200, 200], [72, 262], [72, 336], [328, 262], [200, 320],
    [328, 336], [200, 400]];
const OLD_CLOSED = [328, 400];  // where connections end
// [from, to, what happens]
const EDGES = [
    [0, 1, "passive OPEN"], [1, 0, "CLOSE"], [0, 2, "active OPEN / snd SYN"], [2, 0, "CLOSE"],
    [1, 3, "rcv SYN / snd SYN,ACK"], [1, 2, "SEND / snd SYN"], [2, 3, "rcv SYN / snd SYN,ACK"],
    [2, 4, "rcv SYN,ACK / snd ACK"], [3, 4, "rcv ACK of SYN"], [3, 1, "rcv RST"], [3, 5, "CLOSE / snd FIN"],
    [4, 5, "CLOSE / snd FIN"], [4, 7, "rcv FIN / snd ACK"], [5, 6, "rcv ACK of FIN"], [5, 8, "rcv FIN / snd ACK"],
    [5, 10, "rcv FIN, ACK of FIN / snd ACK"], [6, 10, "rcv FIN / snd ACK"], [8, 10, "rcv ACK of FIN"],
    [7, 9, "CLOSE / snd FIN"], [9, 0, "rcv ACK of FIN"], [10, 0, "2 MSL timeout"],
];
const BOX_W = 104, BOX_H = 24;
const placeOfState = (state, from) => state === CLOSED && (from === 9 || from === 10) ? OLD_CLOSED : PLACES[state];

function drawEdge(svg, from, to, kind, title) {
    const [ax, ay] = PLACES[from], [bx, by] = placeOfState(to, from), dx = bx - ax, dy = by - ay, length = Math.hypot(dx, dy) || 1;
    const border = Math.min(BOX_W / 2 / (Math.abs(dx) || .001), BOX_H / 2 / (Math.abs(dy) || .001));
    const pairs = EDGES.some(([a, b]) => a === to && b === from), shift = pairs ? 7 : 0, sx = -dy / length * shift, sy = dx / length * shift;
    const line = draw(svg, "line", {class: "edge" + kind, x1: ax + dx * border + sx, y1: ay + dy * border + sy,
        x2: bx - dx * (border + 3 / length) + sx, y2: by - dy * (border + 3 / length) + sy,
        "marker-end": kind ? "url(#tip-taken)" : "url(#tip)"});
    if (title) draw(line, "title", {}, title);
}

function drawTips(svg) {
    const definitions = draw(svg, "defs", {});
    for (const [id, size] of [["tip", 7], ["tip-taken", 4]]) {
        const marker = draw(definitions, "marker", {id, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: size,
            markerHeight: size, orient: "auto"});
        draw(marker, "path", {d: "M0 0 L10 5 L0 10 Z"});
    }
}

function drawBox(svg, state, place, who) {
    const [x, y] = place;
    draw(svg, "rect", {class: "box" + (who.length ? " here" : ""), x: x - BOX_W / 2, y: y - BOX_H / 2, width: BOX_W, height: BOX_H, rx: 4});
    if (who.length)
        draw(svg, "rect", {class: "s" + state, x: x - BOX_W / 2 + 2, y: y - BOX_H / 2 + 2, width: BOX_W - 4, height: BOX_H - 4, rx: 3});
    draw(svg, "text", {x, y: y + 4, "text-anchor": "middle"}, stateName(state));
    if (who.length) paintText(svg, who.join(", "), 128, {class: "who halo", x, y: y + BOX_H / 2 + 11, "text-anchor": "middle"});
}

function showDiagram(step) {
    const svg = draw(empty(byId("diagram")), "svg", {viewBox: "0 0 400 430", role: "img", "aria-labelledby": "diagram-title diagram-text"});
    const here = view.at - 1, who = PLACES.map(() => []), old = [], taken = step?.changes ?? [];
    data.hosts.forEach((host, i) => {
        const id = lastBefore(followed[i], here)?.[1], base = lastBefore(listener[i], here)[1];
        const state = id === undefined || base === DOWN ? base : connectionState(id, here);
        if (state === DOWN) return;
        const ended = state === CLOSED && id !== undefined && here >= 0;
        (ended ? old : who[state]).push(host.name);
    });
    drawTips(svg);
    const isTaken = (from, to) => taken.some((change) => change[3] === from && change[2] === to);
    for (const [from, to, text] of EDGES) if (!isTaken(from, to)) drawEdge(svg, from, to, "", text);
    const said = [];
    for (const change of taken) {
        const [, , to, from] = change, edge = EDGES.find(([a, b]) => a === from && b === to);
        if (to === DOWN || from === DOWN || to === from) continue;
        drawEdge(svg, from, to, edge ? " taken" : " taken other");
        said.push(changeText(change) + " (" + (edge ? edge[2] : phrase("notInFigure")) + ")");
    }
    PLACES.forEach((place, state) => drawBox(svg, state, place, who[state]));
    drawBox(svg, CLOSED, OLD_CLOSED, old);
    byId("diagram-text").textContent = said.length ? said.join("; ")
        : who.map((names, state) => names.length ? `${names.join(", ")}: ${stateName(state)}` : "").concat(
            old.length ? `${old.join(", ")}: ${stateName(CLOSED)}` : "").filter(Boolean).join("; ");
}
