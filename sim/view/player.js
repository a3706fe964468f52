// The player: what is on show, the controls, the keys. What it plays is in the element #data: one run, or two that are
// played beside each other. Whatever a scenario says reaches the page through textContent. The last of its scripts.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const runs = data.runs.map((run, i) => new Run(run, i));
const moments = momentsOf(runs), last = moments.length - 1;

// `at`: how many moments have passed.
const view = {language: data.language, at: 0, scale: "compressed", absolute: false, predict: false, playing: 0,
    remembering: 0, page: 0};

const byId = (id) => document.getElementById(id);
const inLanguage = (text) => (Array.isArray(text) ? text[view.language] : text) ?? "";
const phrase = (key, ...values) => phrases[key][view.language].replace(/\{(\d)\}/g, (all, i) => values[i] ?? "");
const empty = (element) => (element.replaceChildren(), element);

// The run's own part of the page that is called so.
const part = (run, id) => byId(id + (run.number ? "-beside" : ""));

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

// ---- Time ----------------------------------------------------------------------------------------------------------

// The run's step of that moment; undefined: it has none.
function stepAt(run, at) {
    const done = moments[at][run.number];
    return at > 0 && done > moments[at - 1][run.number] ? run.steps[done - 1] : undefined;
}

// When each moment came, in nanoseconds.
const times = moments.map((done, at) => Math.max(0, ...runs.map((run) => stepAt(run, at)?.t ?? 0)));

// Of the fraction of a second: as many as any moment needs.
const digits = times.reduce((most, t) => {
    let fraction = 9, rest = t % 1e9;
    while (fraction > most && rest % 10 === 0) { rest /= 10; fraction--; }
    return Math.max(most, fraction);
}, 0);

function seconds(t) {
    const whole = String(Math.floor(t / 1e9));
    return digits ? whole + "." + String(t % 1e9).padStart(9, "0").slice(0, digits) : whole;
}

// ---- Going about ---------------------------------------------------------------------------------------------------

function scrollTo() {
    const scroll = byId("scroll"), y = view.at > 0 ? ladder.y[view.at] : 0, room = scroll.clientHeight;
    if (y < scroll.scrollTop + 60 || y > scroll.scrollTop + room - 120) scroll.scrollTop = Math.max(0, y - room * .4);
    const run = runs.find((one) => one.step?.flight !== undefined);
    const x = run && ladder.x[run.number][run.packetOfFlight(run.step.flight).from];
    if (x !== undefined && (x < scroll.scrollLeft || x > scroll.scrollLeft + scroll.clientWidth))
        scroll.scrollLeft = Math.max(0, x - 200);
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

function showControls(where) {
    byId("scrub").value = view.at;
    byId("where").textContent = where;
    byId("scrub").setAttribute("aria-valuetext", where);
    byId("first").disabled = byId("back").disabled = view.at === 0;
    byId("last").disabled = byId("forward").disabled = view.at === last;
}

function show() {
    const where = phrase("of", view.at, last) + (view.at > 0 ? ` · ${seconds(times[view.at])} s` : "");
    for (const run of runs) {
        run.at = moments[view.at][run.number];
        run.step = stepAt(run, view.at);
    }
    showControls(where);
    for (const run of runs) showPanels(run, where);
    view.page = Math.floor(Math.max(0, view.at - 1) / PAGE);
    showTable();
    showOutcome();
    scrollTo();
    paint();
    remember();
}

function go(at) {
    view.at = Math.max(0, Math.min(last, at));
    show();
}

function pick(run, flight, focus) {
    run.picked = flight;
    showSegment(run);
    if (focus) part(run, "segment-title").focus();
}

// The header of the segment that leaves or arrives now.
function pickCurrent() {
    const run = runs.find((one) => one.step?.flight !== undefined);
    if (run) pick(run, run.step.flight, true);
}

function stop() {
    clearInterval(view.playing);
    view.playing = 0;
    byId("play").textContent = phrase("play");
}

function start() {
    if (view.at === last) view.at = 0;
    byId("play").textContent = phrase("pause");
    view.playing = setInterval(() => {
        go(view.at + 1);
        if (view.at === last) stop();
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

const failures = (run) => run.claims.map((claim) =>
    phrase("failed", inLanguage(claim.claim)) + (claim.detail ? " – " + inLanguage(claim.detail) : ""));

// A line for each thing that a run has to say; which run it is, where there are two.
function showOfEach(element, what) {
    empty(element);
    for (const run of runs) {
        const who = runs.length > 1 ? phrase("ofRun", runName(run)) : "";
        for (const text of what(run)) add(element, "span", who + text, {class: "line"});
    }
}

function showOutcome() {
    const hidden = view.predict && view.at < last;
    showOfEach(byId("failed"), (run) => hidden ? [] : failures(run));
    showOfEach(byId("end"), (run) => hidden ? [] : [inLanguage(run.end)]);
}

function showHelp() {
    const list = empty(byId("help-keys"));
    for (const [keys, what] of [["Space", "keySpace"], ["← → ↑ ↓", "keyArrows"], ["Home, End", "keyEnds"],
        ["Enter", "keyEnter"], ["P", "keyPredict"], ["L", "keyLanguage"], ["?", "keyHelp"]]) {
        add(add(list, "dt"), "code", keys);
        add(list, "dd", phrase(what));
    }
}

function showScenario() {
    const run = runs[0], about = empty(byId("about-text")), again = empty(byId("again"));
    byId("title").textContent = inLanguage(run.title) || run.file || "synfin";
    byId("question").textContent = inLanguage(run.question);
    add(about, "p", inLanguage(run.about));
    for (const source of run.sources ?? []) add(about, "p", source);
    byId("about").hidden = !run.about && !run.sources?.length;
    const lacks = runs.length === 1 && run.hosts.some((host) => host.without.length);
    byId("without").textContent = lacks ? runName(run) : "";
    for (const one of runs) {
        if (!one.command) continue;
        add(add(again, "span", phrase("again"), {class: "line"}), "code", one.command);
    }
}

function labelControls() {
    for (const element of document.querySelectorAll("[data-say]")) element.textContent = phrase(element.dataset.say);
    for (const element of document.querySelectorAll("[data-label]")) {
        element.setAttribute("aria-label", phrase(element.dataset.label));
        if (element.localName === "button") element.title = phrase(element.dataset.label);
    }
    byId("play").textContent = phrase(view.playing ? "pause" : "play");
    byId("language").textContent = view.language === 1 ? "English" : "中文";
    byId("language").lang = view.language === 1 ? "en" : "zh-Hans";
}

function setLanguage(language) {
    view.language = language;
    document.documentElement.lang = language === 1 ? "zh-Hans" : "en";
    labelControls();
    showScenario();
    showHelp();
    build();
    show();
}

// ---- Listening -----------------------------------------------------------------------------------------------------

function readFragment() {
    const wanted = new URLSearchParams(location.hash.slice(1)), step = Number(wanted.get("step") ?? view.at);
    if (Number.isInteger(step)) view.at = Math.max(0, Math.min(last, step));
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
    const forward = () => go(view.at + 1), back = () => go(view.at - 1);
    const actions = {" ": toggle, ArrowRight: forward, ArrowDown: forward, ArrowLeft: back, ArrowUp: back,
        Home: () => go(0), End: () => go(last), "?": () => byId("help").showModal(), Enter: pickCurrent,
        p: () => setPredict(!view.predict), l: () => setLanguage(1 - view.language)};
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    if (!action) return;
    event.preventDefault();
    if (view.playing && event.key !== " ") stop();
    action();
}

function listenToScroll() {
    let asked = 0;
    byId("scroll").addEventListener("scroll", () => {
        cancelAnimationFrame(asked);
        asked = requestAnimationFrame(() => { paint(); paintNames(); });
    });
}

function listen() {
    const on = (id, event, action) => byId(id).addEventListener(event, action);
    const user = (action) => () => { if (view.playing) stop(); action(); };
    on("first", "click", user(() => go(0)));
    on("back", "click", user(() => go(view.at - 1)));
    on("play", "click", toggle);
    on("forward", "click", user(() => go(view.at + 1)));
    on("last", "click", user(() => go(last)));
    on("language", "click", () => setLanguage(1 - view.language));
    on("help-open", "click", () => byId("help").showModal());
    on("help-close", "click", () => byId("help").close());
    on("earlier", "click", () => turnPage(-1));
    on("later", "click", () => turnPage(1));
    on("table-part", "toggle", showTable);
    on("scrub", "input", user(() => go(Number(byId("scrub").value))));
    on("speed", "change", () => { if (view.playing) { stop(); start(); } });
    on("scale", "change", () => setScale(byId("scale").value));
    on("numbers", "change", () => { view.absolute = byId("numbers").value === "absolute"; show(); });
    on("predict", "change", () => setPredict(byId("predict").checked));
    for (const run of runs) part(run, "segment-close").addEventListener("click", () => {
        pick(run, -1);
        byId("scroll").focus();
    });
    document.addEventListener("keydown", onKey);
    listenToScroll();
    addEventListener("resize", build);
    addEventListener("hashchange", () => { readFragment(); setLanguage(view.language); });
    addEventListener("beforeprint", paintForPaper);
    addEventListener("afterprint", paint);
}

// A second run has panels of its own, which are called like the first's.
function makeRoom() {
    if (runs.length === 1) return;
    const panels = document.querySelector("aside"), beside = panels.cloneNode(true);
    for (const element of beside.querySelectorAll("[id]")) element.id += "-beside";
    for (const [part, suffix] of [[panels, ""], [beside, "-beside"]]) {
        for (const section of part.querySelectorAll("section")) {
            const title = section.getAttribute("aria-labelledby");
            section.setAttribute("aria-labelledby", `${title}${suffix} run-name${suffix}`);
        }
        part.setAttribute("aria-labelledby", "run-name" + suffix);
    }
    panels.after(beside);
    document.querySelector("main").classList.add("two");
}

addEventListener("DOMContentLoaded", () => {
    makeRoom();
    byId("scrub").max = last;
    readFragment();
    listen();
    setLanguage(view.language);
});
