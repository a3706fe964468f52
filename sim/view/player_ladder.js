// The ladder, as SVG: of two runs the one beside the other, on one scale of time.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const BUCKET = 600, LANES = 3, LANE = 9;
// `y`: by moment. `left`, `x`, `beside`, `labelled`: by run, where it begins, its hosts' places, the room for words
// beside a host, and which flights bear a label. `buckets`: what is drawn in each stretch of height; `long`: in many.
const ladder = {width: 0, height: 0, y: [], typical: 40, left: [], x: [], beside: [], labelled: [], buckets: [],
    long: []};

function draw(parent, name, attributes, text) {
    const element = document.createElementNS(SVG, name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
}

const median = (numbers) => numbers.length ? numbers.sort((a, b) => a - b)[numbers.length >> 1] : 0;

// ---- Places --------------------------------------------------------------------------------------------------------

// Where each moment stands, by the scale of time.
function placeMoments() {
    const flights = runs.flatMap((run) => run.flights).filter((flight) => flight.arrival > flight.sent);
    const typical = median(flights.map((flight) => flight.arrival - flight.sent)) || 1e6;
    const linear = Math.min(48 / typical, 6e6 / (times[last] || 1));
    let y = 20;
    ladder.y = times.map((t, at) => {
        const gap = at ? t - times[at - 1] : 0;
        if (at === 0) return 0;
        if (view.scale === "linear") return 24 + t * linear;
        if (view.scale === "event") return y += 26;
        const near = Math.min(gap, 2 * typical) / typical * 44;
        const far = gap > 2 * typical ? 14 * Math.log2(gap / (2 * typical)) : 0;
        return y += Math.max(at > 1 ? 17 : 4, near + far);
    });
    ladder.typical = view.scale === "linear" ? typical * linear : 40;
    ladder.height = ladder.y[last] + 90;
}

// The place of any time between the moments.
function placeOf(t) {
    let low = 1, high = last + 1;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (times[middle] < t) low = middle + 1; else high = middle;
    }
    if (low === 1) return ladder.y[1] ?? 20;
    if (low > last) return ladder.height - 40;
    const a = times[low - 1], b = times[low];
    return ladder.y[low - 1] + (ladder.y[low] - ladder.y[low - 1]) * (t - a) / (b - a);
}

const placeOfStep = (run, step) => ladder.y[run.moment[step]];

function placeHosts() {
    const room = (byId("scroll").clientWidth - 2) / runs.length, narrow = runs.length > 1 ? 190 : 240;
    const left = Math.max(narrow, Math.min(340, room * .31)), right = left - 55;
    const widths = runs.map((run) => Math.max(room, left + right + Math.max(0, run.hosts.length - 1) * 230));
    runs.forEach((run, i) => {
        const begin = i ? ladder.left[i - 1] + widths[i - 1] : 0, gaps = run.hosts.length - 1;
        ladder.left[i] = begin;
        ladder.beside[i] = left - LANES * LANE - 70;
        ladder.x[i] = run.hosts.map((host, k) => begin + left + (gaps > 0 ? k * (widths[i] - left - right) / gaps : 0));
    });
    ladder.left[runs.length] = ladder.width = widths.reduce((sum, width) => sum + width, 0);
}

// `moment`: from when on it is past.
function addItem(y0, y1, moment, paint) {
    const item = {y0, y1, moment, paint}, first = Math.max(0, Math.floor(y0 / BUCKET)), end = Math.floor(y1 / BUCKET);
    if (end - first > 8) {
        ladder.long.push(item);
        return;
    }
    for (let i = first; i <= end; i++) (ladder.buckets[i] ??= []).push(item);
}

// ---- Text ----------------------------------------------------------------------------------------------------------

// By the first class, as player.css has them; others have 12px.
const FONTS = {name: "600 14px", who: "600 10px", run: "600 12px"};
const family = getComputedStyle(document.body).fontFamily;
const ruler = document.createElement("canvas").getContext("2d");

// "abc…": what fits in the reader's font.
function fit(text, pixels, kind) {
    ruler.font = `${FONTS[kind] ?? "12px"} ${family}`;
    if (ruler.measureText(text).width <= pixels) return text;
    const characters = [...text], start = (length) => characters.slice(0, length).join("") + "…";
    let low = 0, high = characters.length;
    while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (ruler.measureText(start(middle)).width <= pixels) low = middle; else high = middle - 1;
    }
    return start(low);
}

function paintText(parent, text, pixels, attributes) {
    const short = fit(text, pixels, attributes.class.split(" ")[0]), element = draw(parent, "text", attributes, short);
    if (short !== text) draw(element, "title", {}, text);
    return element;
}

// ---- Segments ------------------------------------------------------------------------------------------------------

function flightEnds(run, index) {
    const flight = run.flights[index], packet = run.packets[flight.p], x = ladder.x[run.number];
    const x0 = x[packet.from], to = packet.to ?? packet.from;
    const x1 = to === packet.from ? x0 + (packet.from > 0 ? -90 : 90) : x[to];
    const departs = run.departs[index], arrives = run.arrives[index];
    const y0 = departs === undefined ? placeOf(flight.sent) : placeOfStep(run, departs);
    if (flight.lost) return {x0, y0, x1: x0 + (x1 - x0) * .62, y1: y0 + ladder.typical * .62};
    const y1 = arrives === undefined ? Math.max(placeOf(flight.arrival), y0 + 4) : placeOfStep(run, arrives);
    return {x0, y0, x1, y1};
}

function paintHead(group, x, y, angle) {
    const place = `translate(${x} ${y}) rotate(${angle})`;
    draw(group, "path", {class: "head", d: "M0 0 L-10 -4.5 L-10 4.5 Z", transform: place});
}

// How far it is drawn: in predict mode, what is under way as far as it has come.
function partShown(run, index, {y0, y1}) {
    const here = run.at - 1, from = run.departs[index], to = run.arrives[index];
    const hidden = view.predict && from <= here && !(run.flights[index].lost ? here > from : to <= here);
    return hidden ? Math.min(.94, Math.max(.15, (ladder.y[view.at] - y0) / (y1 - y0 || 1))) : 1;
}

function paintLabel(group, run, index, ends, part) {
    const {x0, y0, x1, y1} = ends, length = Math.hypot(x1 - x0, y1 - y0);
    const angle = Math.atan2(y1 - y0, x1 - x0) * 180 / Math.PI, turn = x1 < x0 ? angle + 180 : angle;
    // Where one sees it leave; and where it would stand if it weren't lost, as long as nobody is to know.
    const place = length > 900 ? 160 / length : part < 1 && run.flights[index].lost ? .5 / .62 : .5;
    const at = `translate(${x0 + (x1 - x0) * place} ${y0 + (y1 - y0) * place - 4}) rotate(${turn})`;
    paintText(group, packetLabel(run.packetOfFlight(index)), Math.max(length, 200) - 30,
        {class: "halo", "text-anchor": "middle", transform: at});
}

function paintFlight(parent, run, index) {
    const flight = run.flights[index], ends = flightEnds(run, index), {x0, y0, x1, y1} = ends;
    const current = run.step?.flight === index;
    const group = draw(parent, "g", {class: "pick" + (current ? " current" : "")});
    const part = partShown(run, index, ends), x = x0 + (x1 - x0) * part, y = y0 + (y1 - y0) * part;
    const line = {x1: x0, y1: y0, x2: x, y2: y};
    draw(group, "line", {class: "flight" + (flight.copy ? " copy" : ""), ...line});
    if (flight.lost && part === 1)
        draw(group, "path", {class: "flight lost", d: `M${x - 6} ${y - 6} l12 12 m0 -12 l-12 12`});
    else if (!flight.lost && part === 1 && run.arrives[index] !== undefined)
        paintHead(group, x1, y1, Math.atan2(y1 - y0, x1 - x0) * 180 / Math.PI);
    draw(group, "title", {}, packetLabel(run.packetOfFlight(index)));
    if (current || ladder.labelled[run.number][index]) paintLabel(group, run, index, ends, part);
    draw(group, "line", {class: "hit", ...line});
    group.addEventListener("click", () => pick(run, index));
}

function placeFlights(run) {
    run.flights.forEach((flight, i) => {
        const {y0, y1} = flightEnds(run, i), moment = run.moment[run.departs[i] ?? 0];
        addItem(Math.min(y0, y1) - 20, Math.max(y0, y1) + 20, moment, (parent) => paintFlight(parent, run, i));
    });
}

// Where segments stand closer than letters, some go without their label.
function placeLabels(run) {
    const lowest = new Map();
    ladder.labelled[run.number] = run.flights.map((flight, i) => {
        const packet = run.packets[flight.p], way = packet.from + ">" + packet.to;
        const {y0, y1} = flightEnds(run, i), y = (y0 + y1) / 2;
        if (Math.abs(y - (lowest.get(way) ?? -99)) < 11) return false;
        lowest.set(way, y);
        return true;
    });
}

// ---- What happens at a host ----------------------------------------------------------------------------------------

const MARKS = {call: "▸ ", timer: "◷ ", note: "✱ ", signal: "◂ ", wait: "◂ ", arrival: "· "};

// The side of a host's line on which its own events are told.
const isLeft = (host) => host === 0;

function paintRow(parent, run, index, y) {
    const step = run.steps[index], kind = step.kind, world = step.host === undefined;
    const bad = step.error || step.dropped || kind === "host" || kind === "wait";
    const current = run.step === step;
    const group = draw(parent, "g", {class: "pick" + (current ? " current" : "")});
    const begin = ladder.left[run.number], width = ladder.left[run.number + 1] - begin;
    const side = isLeft(step.host) ? -1 : 1, room = world ? width / 2 : ladder.beside[run.number];
    const x = world ? begin + width / 2 : ladder.x[run.number][step.host] + side * ((LANES + 1) * LANE + 5);
    paintText(group, (MARKS[kind] ?? "") + answerText(step), room, {x, y: y + 4,
        "text-anchor": world ? "middle" : side < 0 ? "end" : "start",
        class: "halo" + (bad ? " bad" : kind === "note" || kind === "timer" ? " note" : "")});
    group.addEventListener("click", () => go(run.moment[index]));
}

function placeRows(run) {
    const bottom = new Map();
    run.steps.forEach((step, i) => {
        if (step.kind === "departure" || (!step.text && !step.error)) return;
        const side = step.host ?? -1, y = Math.max(placeOfStep(run, i), bottom.get(side) ?? 0);
        bottom.set(side, y + 15);
        addItem(y - 12, y + 8, run.moment[i], (parent) => paintRow(parent, run, i, y));
    });
}

function placeTimes(run) {
    const left = ladder.left[run.number], right = ladder.left[run.number + 1];
    let shown = -1, bottom = -99;
    run.steps.forEach((step, i) => {
        const y = placeOfStep(run, i);
        if (step.t === shown || y < bottom + 13) return;
        const gap = step.t - Math.max(shown, 0), above = i ? placeOfStep(run, i - 1) : y;
        const label = {class: "time", x: left + 6, y: y + 4};
        bottom = y;
        shown = step.t;
        addItem(y - 12, y + 4, run.moment[i], (parent) => draw(parent, "text", label, seconds(step.t)));
        if (view.scale === "linear" || gap < 5e8 || y - above < 16) return;
        const line = {class: "gap", x1: left + 60, x2: right - 10, y1: (above + y) / 2, y2: (above + y) / 2};
        addItem(above, y, run.moment[i], (parent) => draw(parent, "line", line));
    });
}

// ---- States --------------------------------------------------------------------------------------------------------

function paintBar(parent, run, host, lane, state, y0, y1) {
    const side = isLeft(host) ? -1 : 1, height = y1 - y0, name = stateName(run, state);
    const x = ladder.x[run.number][host] + (side < 0 ? -(lane + 1) * LANE - 1 : lane * LANE + 1);
    const bar = draw(parent, "rect", {class: "s" + state, x, y: y0, width: LANE - 1, height: Math.max(height, 1)});
    draw(bar, "title", {}, name);
    if (height <= 9 * name.length * .8) return;
    const place = `translate(${x + (side < 0 ? 1 : 7)} ${y0 + Math.min(height / 2, 70)}) rotate(${side * 90})`;
    draw(parent, "text", {class: "state", "text-anchor": "middle", transform: place}, name);
}

// From one step to another; `from` -1: from the start; no `to`: to the end.
function addBar(run, host, lane, state, from, to) {
    const y0 = from < 0 ? 0 : placeOfStep(run, from), y1 = to === undefined ? ladder.height : placeOfStep(run, to);
    if (y1 <= y0) return;
    addItem(y0, y1, from < 0 ? 0 : run.moment[from], (parent) => {
        // What has not happened yet is not shown in predict mode.
        const hidden = view.predict && (to === undefined || to >= run.at);
        paintBar(parent, run, host, lane, state, y0, hidden ? Math.max(y0, ladder.y[view.at]) : y1);
    });
}

// Connections that exist at the same time stand side by side.
function placeBars(run) {
    const free = run.hosts.map(() => new Array(LANES).fill(-1));
    for (const [id, list] of run.statesOf) {
        const host = run.connectionOf.get(id)?.host;
        if (host === undefined) continue;
        const begin = list[0][0], end = list.find(([step, state]) => step > begin && state <= LISTEN)?.[0] ?? Infinity;
        let lane = free[host].findIndex((until) => until <= begin);
        if (lane < 0) lane = LANES - 1;
        free[host][lane] = end;
        list.forEach(([step, state], i) => {
            if (state > LISTEN) addBar(run, host, lane, state, step, list[i + 1]?.[0]);
        });
    }
    run.listener.forEach((list, host) => list.forEach(([step, state], i) => {
        if (state !== CLOSED) addBar(run, host, LANES, state, step, list[i + 1]?.[0]);
    }));
}

// ---- All of it -----------------------------------------------------------------------------------------------------

function build() {
    placeHosts();
    placeMoments();
    ladder.buckets = [];
    ladder.long = [];
    for (const run of runs) {
        placeBars(run);
        placeFlights(run);
        placeLabels(run);
        placeRows(run);
        placeTimes(run);
    }
    byId("tall").style.height = ladder.height + "px";
    byId("tall").style.width = ladder.width + "px";
    paintNames();
    paint();
}

function paintNames() {
    const above = runs.length > 1 ? 20 : 0;
    const svg = draw(empty(byId("names")), "svg", {width: ladder.width, height: 34 + above,
        viewBox: `0 0 ${ladder.width} ${34 + above}`});
    for (const run of runs) {
        const left = ladder.left[run.number], width = ladder.left[run.number + 1] - left;
        if (above) paintText(svg, runName(run), width - 20, {class: "run", x: left + 6, y: 15});
        run.hosts.forEach((host, i) => {
            const x = ladder.x[run.number][i];
            paintText(svg, host.name, 220, {class: "name", x, y: above + 15, "text-anchor": "middle"});
            draw(svg, "text", {class: "time", x, y: above + 30, "text-anchor": "middle"}, host.address ?? "");
        });
    }
    svg.style.marginLeft = -byId("scroll").scrollLeft + "px";
}

function paintAxes(svg, from, to) {
    for (const run of runs) {
        for (const x of ladder.x[run.number]) draw(svg, "line", {class: "axis", x1: x, x2: x, y1: from, y2: to});
        const left = ladder.left[run.number];
        if (run.number) draw(svg, "line", {class: "border", x1: left, x2: left, y1: from, y2: to});
    }
}

// The ladder between two heights.
function drawPart(from, to) {
    const svg = document.createElementNS(SVG, "svg");
    const attributes = {width: ladder.width, height: to - from, viewBox: `0 ${from} ${ladder.width} ${to - from}`,
        "aria-hidden": "true"};
    for (const key in attributes) svg.setAttribute(key, attributes[key]);
    paintAxes(svg, from, to);
    const seen = new Set(ladder.long.filter((item) => item.y1 >= from && item.y0 <= to));
    for (let i = Math.floor(from / BUCKET); i <= Math.floor(to / BUCKET); i++)
        for (const item of ladder.buckets[i] ?? []) seen.add(item);
    const past = draw(svg, "g", {}), future = draw(svg, "g", {class: "future"}), now = ladder.y[view.at];
    if (view.at > 0) draw(past, "line", {class: "cursor", x1: 0, x2: ladder.width, y1: now, y2: now});
    for (const item of seen) {
        if (item.moment <= view.at) item.paint(past);
        else if (!view.predict) item.paint(future);
    }
    return svg;
}

// Draws what can be seen.
function paint() {
    const scroll = byId("scroll"), margin = 300, from = Math.max(0, scroll.scrollTop - margin);
    const end = Math.max(ladder.height, scroll.clientHeight);
    const to = Math.min(end, scroll.scrollTop + scroll.clientHeight + margin);
    byId("drawing").style.top = from + "px";
    byId("drawing").replaceChildren(drawPart(from, to));
}

// On paper, everything, as far as a browser can draw at once; in strips, between which a page may end.
function paintForPaper() {
    const STRIP = 120, MOST = 60000, strips = [];
    for (let from = 0; from < Math.min(ladder.height, MOST); from += STRIP)
        strips.push(drawPart(from, Math.min(from + STRIP, ladder.height)));
    byId("drawing").style.top = "0";
    byId("drawing").replaceChildren(...strips);
}
