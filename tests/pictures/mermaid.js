// Mermaid's own parser takes every scenario's diagram, in both languages.
"use strict";

// In the page: null, or what Mermaid has against it.
const parse = (text) => mermaid.parse(text).then(
    (parsed) => parsed.diagramType === "sequence" ? null : `it takes it for another kind: ${parsed.diagramType}`,
    (error) => error.message);

module.exports = async (place) => {
    const page = await place.browser.newPage();
    await page.addScriptTag({path: require.resolve("mermaid/dist/mermaid.min.js")});
    let diagrams = 0;
    await place.each(place.scenarios(), async (scenario) => {
        for (const language of ["en", "zh"]) {
            const diagram = await place.synfin(`scenarios/${scenario}.lua`, "--mermaid", "-", "--lang", language);
            const fault = await page.evaluate(parse, diagram);
            if (fault) place.fault(scenario, `--lang ${language}: ${fault}`);
            diagrams++;
        }
    });
    await page.close();
    return `${diagrams} diagrams`;
};
