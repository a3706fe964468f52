// Every scenario's drawing is well-formed XML for a browser, and shows every text whole: none is cut off by an edge,
// and none is covered by another, in both languages, short and with explanations.
"use strict";

const LOOKS = [["--lang", "en"], ["--lang", "zh"], ["--lang", "en", "--explain", "--absolute"],
    ["--lang", "zh", "--explain", "--absolute"]];

// In the page. A text's box is as wide as the text advances and as high as its font rises and descends, which is more
// than its ink; so nothing is tolerated. Around it lies a halo in the colour of the paper, which would hide what it
// covers: half of its stroke is outside, and counts.
function measure(text) {
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml"), error = parsed.querySelector("parsererror");
    if (error) return {texts: 0, faults: [`not well-formed: ${error.textContent}`]};
    const drawing = document.importNode(parsed.documentElement, true);
    document.body.replaceChildren(drawing);
    const edge = drawing.getBoundingClientRect(), faults = [];
    const shown = [...drawing.querySelectorAll("text")].filter((element) => element.textContent.trim());
    const boxes = shown.map((element) => {
        const {left, right, top, bottom} = element.getBoundingClientRect();
        const halo = parseFloat(getComputedStyle(element).strokeWidth) / 2;
        return {left, right, top, bottom, halo, says: element.textContent};
    });
    boxes.sort((a, b) => a.top - b.top);
    boxes.forEach((box, i) => {
        if (box.left < edge.left || box.right > edge.right || box.top < edge.top || box.bottom > edge.bottom)
            faults.push(`cut off: "${box.says}"`);
        for (let j = i + 1; j < boxes.length && boxes[j].top < box.bottom + box.halo; j++) {
            const other = boxes[j];
            if (other.left < box.right + box.halo && box.left < other.right + box.halo)
                faults.push(`"${box.says}" and "${other.says}" overlap`);
        }
    });
    return {texts: boxes.length, faults};
}

module.exports = async (place) => {
    let drawings = 0, texts = 0;
    const page = await place.browser.newPage();
    await place.each(place.scenarios(), async (scenario) => {
        for (const look of LOOKS) {
            const drawing = await place.synfin(`scenarios/${scenario}.lua`, "--svg", "-", ...look);
            const found = await page.evaluate(measure, drawing);
            for (const fault of found.faults) place.fault(scenario, `${look.join(" ")}: ${fault}`);
            if (!found.texts) place.fault(scenario, `${look.join(" ")}: no text is drawn`);
            drawings++;
            texts += found.texts;
        }
    });
    await page.close();
    return `${drawings} drawings with ${texts} texts`;
};
