// The player of some scenarios, opened from the disk: a keyboard leads through all of it (keyboard.js), nothing appears
// on its console, and axe-core finds no violation, in light and dark, in both languages, with everything open. A rule
// behind a scenario: the page plays the run with every rule and the one without it, beside each other.
"use strict";

const fs = require("fs"), path = require("path"), {pathToFileURL} = require("url");
const keyboard = require("./keyboard");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const SCENARIOS = ["handshake/three-way-handshake", "handshake/stale-duplicate-syn", "handshake/simultaneous-open",
    "handshake/fast-open", "handshake/syn-to-closed-port", "attacks/syn-flood", "attacks/forged-syn-ack",
    "network/path-mtu-discovery", "proofs/half-close", "proofs/simultaneous-close", "proofs/timed/flipped-bit",
    "handshake/stale-duplicate-syn three-way-handshake", "time-wait/last-ack-lost time-wait"];
const SCREEN = {width: 1400, height: 1000};
const PHONE = {width: 390, height: 800};

// In the page: what axe-core has against it as it stands.
async function violations() {
    const {violations} = await axe.run(document, {resultTypes: ["violations"]});
    return violations.flatMap(({id, help, nodes}) => nodes.map(({target}) => `${id} (${help}): ${target}`));
}

// In the page: texts of the drawings that nobody can read. axe-core leaves them out, since it doesn't know what is
// behind them: the paper, or a box that is drawn just before. 4.5 to 1 is what WCAG 1.4.3 demands of text.
function unreadable() {
    const {Color, getContrast} = axe.commons.color;
    const read = (text) => { const color = new Color(); color.parseString(text); return color; };
    const paper = read(getComputedStyle(document.body).backgroundColor);
    return [...document.querySelectorAll("svg text")].flatMap((text) => {
        const box = text.getBoundingClientRect(), edge = text.ownerSVGElement.getBoundingClientRect();
        const back = text.previousElementSibling, ink = read(getComputedStyle(text).fill);
        for (let element = text; element.localName !== "svg"; element = element.parentElement)
            ink.alpha *= getComputedStyle(element).opacity;
        const behind = back?.localName === "rect" && !text.matches(".state") ? read(getComputedStyle(back).fill) : paper;
        const contrast = getContrast(behind, ink), faults = [], says = text.firstChild?.data;
        if (contrast < 4.5) faults.push(`the contrast of "${says}" is ${contrast.toFixed(1)}`);
        if (box.left < edge.left || box.right > edge.right) faults.push(`"${says}" is cut off`);
        return faults;
    });
}

// In the page: its state is one that was meant.
const isOpen = () => ["about", "table-part", "help"].filter((id) => document.getElementById(id).open)
    .concat(document.getElementById("segment-part").hidden ? [] : ["segment"], document.documentElement.lang).join(" ");

// A page that has just been opened, with real keys where there are keys. Each state is named by what is open in it.
async function* states(page) {
    const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
    await press("Home");
    yield "en";
    do await press("ArrowRight"); while (!(await page.textContent("#cause")).includes("#"));
    await press("Enter");
    await page.click("#about summary");
    await page.click("#table-part summary");
    yield "about table-part segment en";
    await press("End", "l");
    yield "about table-part segment zh-Hans";
    await press("?");
    yield "about table-part help segment zh-Hans";
    await press("Escape", "Home", "p", "l", "?");
    await page.setViewportSize(PHONE);
    yield "about table-part help segment en";
    await press("Escape");
    yield "about table-part segment en";
}

async function readByAxe(page, colorScheme, fault) {
    await page.evaluate(axe);
    for await (const state of states(page)) {
        const open = await page.evaluate(isOpen);
        if (open !== state) fault(`${colorScheme}: "${state}" should be open, and "${open}" is`);
        for (const violation of await page.evaluate(violations))
            fault(`axe-core: ${violation}, ${colorScheme}, open: ${open}`);
        for (const text of await page.evaluate(unreadable)) fault(`${text}, ${colorScheme}, open: ${open}`);
    }
}

async function openPage(place, colorScheme, file, fragment, fault) {
    const page = await place.browser.newPage({colorScheme, viewport: SCREEN});
    page.on("console", (message) => fault(`on the console: ${message.text()}`));
    page.on("pageerror", (error) => fault(`error: ${error.message}`));
    await page.goto(pathToFileURL(file).href + fragment);
    return page;
}

module.exports = async (place) => {
    const scenarios = place.scenarios(SCENARIOS);
    await place.each(scenarios, async (scenario) => {
        const fault = (what) => place.fault(scenario, what);
        const name = path.join(place.folder, scenario.replaceAll(/[/ ]/g, "-")), [file, rule] = scenario.split(" ");
        const beside = rule ? ["--without", rule, "--both"] : [];
        await place.synfin(`scenarios/${file}.lua`, "--quiet", "--html", `${name}.html`, ...beside);
        for (const scheme of ["light", "dark"]) {
            const page = await openPage(place, scheme, `${name}.html`, "#step=7", fault);
            await page.screenshot({path: `${name}.${scheme}.png`, fullPage: true});
            await readByAxe(page, scheme, fault);
            await page.close();
        }
        const page = await openPage(place, "light", `${name}.html`, "", fault);
        for (const what of await page.evaluate(keyboard)) fault(what);
        await page.close();
    });
    return `${scenarios.length} pages`;
};
