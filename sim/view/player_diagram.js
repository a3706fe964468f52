// The state diagram of RFC 9293, figure 5, with who is where and the edges that are taken now.
"use strict";

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

// `kind`: "", " taken", or " taken other", which is in no figure. Edges that go both ways stand apart.
function drawEdge(svg, from, to, kind, tips, title) {
    const [ax, ay] = PLACES[from], [bx, by] = placeOfState(to, from);
    const dx = bx - ax, dy = by - ay, length = Math.hypot(dx, dy) || 1;
    const border = Math.min(BOX_W / 2 / (Math.abs(dx) || .001), BOX_H / 2 / (Math.abs(dy) || .001));
    const shift = EDGES.some(([a, b]) => a === to && b === from) ? 7 : 0;
    const sx = -dy / length * shift, sy = dx / length * shift, back = border + 3 / length;
    const line = draw(svg, "line", {class: "edge" + kind, "marker-end": `url(#${kind ? tips.taken : tips.plain})`,
        x1: ax + dx * border + sx, y1: ay + dy * border + sy, x2: bx - dx * back + sx, y2: by - dy * back + sy});
    if (title) draw(line, "title", {}, title);
}

function drawTips(svg, tips) {
    const definitions = draw(svg, "defs", {});
    for (const [kind, size] of [["plain", 7], ["taken", 4]]) {
        const marker = draw(definitions, "marker", {id: tips[kind], viewBox: "0 0 10 10", refX: 9, refY: 5,
            markerWidth: size, markerHeight: size, orient: "auto"});
        draw(marker, "path", {class: "tip " + kind, d: "M0 0 L10 5 L0 10 Z"});
    }
}

function drawBox(svg, run, state, [x, y], who) {
    const box = (kind, inset) => draw(svg, "rect", {class: kind, x: x - BOX_W / 2 + inset, y: y - BOX_H / 2 + inset,
        width: BOX_W - 2 * inset, height: BOX_H - 2 * inset, rx: 4 - inset / 2});
    box("box" + (who.length ? " here" : ""), 0);
    if (who.length) box("s" + state, 2);
    draw(svg, "text", {x, y: y + 4, "text-anchor": "middle"}, stateName(run, state));
    if (!who.length) return;
    paintText(svg, who.join(", "), 128, {class: "who halo", x, y: y + BOX_H / 2 + 11, "text-anchor": "middle"});
}

// The names of the hosts by the state in which each is; `old`: those whose connection has ended.
function whoIsWhere(run) {
    const here = run.at - 1, who = PLACES.map(() => []), old = [];
    run.hosts.forEach((host, i) => {
        const id = lastBefore(run.followed[i], here)?.[1], base = lastBefore(run.listener[i], here)[1];
        const state = id === undefined || base === run.down ? base : run.connectionState(id, here);
        if (state === run.down) return;
        const ended = state === CLOSED && id !== undefined && here >= 0;
        (ended ? old : who[state]).push(host.name);
    });
    return {who, old};
}

// Draws the edges; those taken now last. What is to be said of these.
function drawEdges(svg, run, tips) {
    const changes = (run.step?.changes ?? []).filter(([, , to, from]) =>
        to !== run.down && from !== run.down && to !== from);
    for (const [from, to, text] of EDGES)
        if (!changes.some((change) => change[3] === from && change[2] === to)) drawEdge(svg, from, to, "", tips, text);
    return changes.map((change) => {
        const [, , to, from] = change, edge = EDGES.find(([a, b]) => a === from && b === to);
        drawEdge(svg, from, to, edge ? " taken" : " taken other", tips);
        return `${changeText(run, change)} (${edge ? edge[2] : phrase("notInFigure")})`;
    });
}

function showDiagram(run) {
    const suffix = run.number ? "-beside" : "", tips = {plain: "tip" + suffix, taken: "tip-taken" + suffix};
    const svg = draw(empty(part(run, "diagram")), "svg", {viewBox: "0 0 400 430", role: "img",
        "aria-labelledby": `diagram-title${suffix} diagram-text${suffix}`});
    const {who, old} = whoIsWhere(run);
    drawTips(svg, tips);
    const said = drawEdges(svg, run, tips);
    PLACES.forEach((place, state) => drawBox(svg, run, state, place, who[state]));
    drawBox(svg, run, CLOSED, OLD_CLOSED, old);
    const states = who.map((names, state) => names.length ? `${names.join(", ")}: ${stateName(run, state)}` : "");
    if (old.length) states.push(`${old.join(", ")}: ${stateName(run, CLOSED)}`);
    part(run, "diagram-text").textContent = (said.length ? said : states.filter(Boolean)).join("; ");
}
