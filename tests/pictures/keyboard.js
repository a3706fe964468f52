// Runs in the player's page: uses it as a person with a keyboard does, and returns what failed.
"use strict";

module.exports = async () => {
    const faults = [];
    const id = (name) => document.getElementById(name);
    const expect = (holds, what) => { if (!holds) faults.push(what); };
    const settle = () => new Promise((resolve) => setTimeout(resolve, 30));
    const press = (key) => (document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
    const choose = (name, value) => { id(name).value = value; id(name).dispatchEvent(new Event("change")); };
    const count = Number(id("scrub").max), at = () => Number(id("scrub").value);
    const now = () => [...document.querySelectorAll(".now")].map((part) => part.textContent).join(" | ");
    const runs = document.querySelectorAll(".now").length;
    const pictures = () => id("drawing").querySelectorAll(".flight").length;

    expect(count > 0, "there are no steps");
    expect(at() === 0, "it doesn't start at step 0");
    const said = [now()];
    for (let i = 1; i <= count; i++) {
        press("ArrowRight");
        expect(at() === i, `step ${i} is not reached`);
        said.push(now());
    }
    expect(new Set(said).size === count + 1, "two steps are told alike");
    press("ArrowRight");
    expect(at() === count, "there is a step behind the last");
    for (let i = count - 1; i >= 0; i--) {
        press("ArrowLeft");
        expect(now() === said[i], `step ${i} is told otherwise on the way back`);
    }
    press("End");
    expect(at() === count, "End");
    press("Home");
    expect(at() === 0, "Home");

    // The first segment: its header, by keyboard.
    while (at() < count && !id("cause").textContent.includes("#")) press("ArrowRight");
    expect(id("segment-part").hidden, "a segment is open before it is asked for");
    expect(pictures() > 0, "no segment is drawn");
    press("Enter");
    expect(!id("segment-part").hidden && id("segment").textContent.length > 40, "Enter opens no header");
    expect(document.activeElement === id("segment-title"), "the header doesn't get the focus");
    id("segment-close").click();
    expect(id("segment-part").hidden, "the header doesn't close");
    id("drawing").querySelector(".pick").dispatchEvent(new MouseEvent("click", {bubbles: true}));

    const english = now();
    press("l");
    expect(now() !== english && document.documentElement.lang === "zh-Hans", "l doesn't switch to Chinese");
    expect(/[\u4e00-\u9fff]/.test(now()), "no Chinese is spoken");
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(location.hash.includes("lang=zh"), "the fragment doesn't remember the language");
    press("l");
    for (const scale of ["linear", "event", "compressed"]) {
        const before = id("tall").style.height;
        choose("scale", scale);
        expect(id("tall").style.height !== before, `the scale ${scale} changes nothing`);
        await settle();
        expect(pictures() > 0, `no segment is drawn with the scale ${scale}`);
    }
    const here = at();
    press("p");
    expect(!id("drawing").querySelector(".future *"), "what comes next is not hidden");
    press("p");
    expect(at() === here, "predict mode moves");
    id("table-part").open = true;
    await settle();
    expect(id("table").tBodies[0].rows.length === Math.min(count, 100), "the table is not whole");
    expect(id("table").tBodies[0].rows[0].cells.length === 2 + 3 * runs, "the table has not three cells for each run");
    const relative = id("table").textContent;
    choose("numbers", "absolute");
    expect(id("table").textContent !== relative, "absolute numbers are the relative ones");
    choose("numbers", "relative");
    await new Promise((resolve) => setTimeout(resolve, 400));
    const middle = Math.floor(count / 2);
    location.hash = `#step=${middle}&lang=zh&time=event`;
    await settle();
    expect(at() === middle && document.documentElement.lang === "zh-Hans" && id("scale").value === "event",
        "a fragment is not followed");
    location.hash = "#step=0&lang=en&time=compressed";
    await settle();
    press("?");
    expect(id("help").open, "? shows no help");
    id("help").close();
    choose("speed", "16");
    press(" ");
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(at() > 1 || count < 2, "Space doesn't play");
    if (at() < count) press(" ");
    const stopped = at();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(at() === stopped, "Space doesn't pause");
    for (const button of document.querySelectorAll("button, select, input"))
        expect([button.textContent, button.ariaLabel, button.labels?.[0]?.textContent].join("").trim(),
            `${button.id} has no name`);
    return faults;
};
