// A run of ten thousand steps plays as smoothly as a short one: each move and each redraw is held against a budget of
// milliseconds.
"use strict";

const path = require("path"), {pathToFileURL} = require("url");

const FILE = "tests/pictures/ten-thousand-steps.lua";
const LEAST_STEPS = 10000;
// Counted is what the page's main thread works, from the event until the next frame is handed over: script, style,
// layout and paint, but not the time that a busy machine lets it wait. A screen shows 60 frames a second, 16.7 ms each.
// A move takes one of them, or one and a half, where others use the same cores and caches (measured in 2026), so half of
// all moves have three. 100 ms is what people still take for at once: nine moves of ten keep to it, and half of the
// redraws, which nobody does in a row. A page that draws all it has, and not what can be seen, takes several times as
// long.
const FRAME = 1000 / 60, AT_ONCE = 100;
const MOVE = {median: 3 * FRAME, most: AT_ONCE}, REDRAW = {median: AT_ONCE, most: 3 * AT_ONCE};

// In the page: a key, or another value of a control; then two frames, of which the first shows what it did.
function act({key, id, value}) {
    if (key) document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
    if (id) {
        document.getElementById(id).value = value;
        document.getElementById(id).dispatchEvent(new Event(id === "scrub" ? "input" : "change"));
    }
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}

// What is done, how often, and within which budget, in a run of `count` steps.
const deeds = (count) => [
    ["to the middle", 1, REDRAW, () => ({id: "scrub", value: count >> 1})],
    ["a step forward", 50, MOVE, () => ({key: "ArrowRight"})],
    ["a step back", 50, MOVE, () => ({key: "ArrowLeft"})],
    ["the scrubber, anywhere", 50, MOVE, (i) => ({id: "scrub", value: i * 7919 % count})],
    ["to the end and to the start", 20, MOVE, (i) => ({key: i % 2 ? "Home" : "End"})],
    ["another scale of time", 9, REDRAW, (i) => ({id: "scale", value: ["linear", "event", "compressed"][i % 3]})],
    ["another language", 6, REDRAW, () => ({key: "l"})],
];

// The milliseconds that the page's main thread has worked.
async function worked(session) {
    const {metrics} = await session.send("Performance.getMetrics");
    return 1000 * metrics.find(({name}) => name === "ThreadTime").value;
}

async function measure(page, session, times, deed) {
    const took = [];
    for (let i = 0; i < times; i++) {
        const before = await worked(session);
        await page.evaluate(act, deed(i));
        took.push(await worked(session) - before);
    }
    return took.sort((a, b) => a - b);
}

module.exports = async (place) => {
    const file = path.join(place.folder, "ten-thousand-steps.html");
    await place.synfin(FILE, "--quiet", "--html", file);
    const page = await place.browser.newPage({viewport: {width: 1400, height: 1000}});
    await page.goto(pathToFileURL(file).href);
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", {timeDomain: "threadTicks"});
    const count = await page.evaluate(() => Number(document.getElementById("scrub").max));
    if (count < LEAST_STEPS) place.fault(FILE, `${count} steps are too few`);
    for (const [what, times, budget, deed] of deeds(count)) {
        const took = await measure(page, session, times, deed);
        const median = took[times >> 1], most = took[Math.ceil(times * .9) - 1];
        console.log(`    ${what}: half within ${median.toFixed(1)} ms, nine of ten within ${most.toFixed(1)} ms`);
        if (median > budget.median) place.fault(FILE, `${what}: half take over ${budget.median.toFixed(1)} ms`);
        if (most > budget.most) place.fault(FILE, `${what}: one of ten takes over ${budget.most} ms`);
    }
    await page.close();
    return `${count} steps`;
};
