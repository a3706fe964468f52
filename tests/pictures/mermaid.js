// Mermaid's own parser takes every scenario's diagram, in both languages, and finds in it as many participants, and as
// many notes and arrows, as it has lines for them.
"use strict";

// In the page: what Mermaid reads, or what it has against it.
const read = (text) => mermaid.mermaidAPI.getDiagramFromText(text).then(
    ({type, db}) => ({type, participants: db.getActorKeys().length, others: db.getMessages().length}),
    (error) => ({error: error.message}));

function faultOf(diagram, {error, type, participants, others}) {
    if (error) return error;
    const lines = diagram.trimEnd().split("\n").slice(1).filter((line) => !line.startsWith("    title "));
    const declared = lines.filter((line) => line.startsWith("    participant ")).length;
    if (type !== "sequence") return `it takes it for another kind of diagram: ${type}`;
    if (participants !== declared) return `it finds ${participants} participants, and ${declared} are declared`;
    if (others !== lines.length - declared) return `it finds ${others} notes and arrows, not ${lines.length - declared}`;
    return null;
}

module.exports = async (place) => {
    const page = await place.browser.newPage();
    await page.addScriptTag({path: require.resolve("mermaid/dist/mermaid.min.js")});
    await page.evaluate(() => mermaid.parse("sequenceDiagram"));  // which loads the kinds of diagrams
    let diagrams = 0;
    await place.each(place.scenarios(), async (scenario) => {
        for (const language of ["en", "zh"]) {
            const diagram = await place.synfin(`scenarios/${scenario}.lua`, "--mermaid", "-", "--lang", language);
            const fault = faultOf(diagram, await page.evaluate(read, diagram));
            if (fault) place.fault(scenario, `--lang ${language}: ${fault}`);
            diagrams++;
        }
    });
    await page.close();
    return `${diagrams} diagrams`;
};
