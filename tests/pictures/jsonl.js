// ajv finds every line of every scenario's JSON Lines as tests/jsonl.schema.json says.
"use strict";

const fs = require("fs"), Ajv = require("ajv/dist/2020");

module.exports = async (place) => {
    const schema = JSON.parse(fs.readFileSync("tests/jsonl.schema.json", "utf8"));
    const validate = new Ajv({strict: true}).compile(schema);
    let count = 0;
    await place.each(place.scenarios(), async (scenario) => {
        const lines = (await place.synfin(`scenarios/${scenario}.lua`, "--jsonl", "-")).split("\n");
        if (lines.pop() !== "" || lines.length < 3) place.fault(scenario, "lines are missing, or the last has no end");
        lines.forEach((line, i) => {
            if (validate(JSON.parse(line))) return;
            place.fault(scenario, `line ${i + 1}: ${JSON.stringify(validate.errors[0])}\n    ${line}`);
        });
        count += lines.length;
    });
    return `${count} lines`;
};
