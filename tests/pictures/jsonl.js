// ajv finds every line of every scenario's JSON Lines as tests/jsonl.schema.json says.
"use strict";

const fs = require("fs"), Ajv = require("ajv/dist/2020");

module.exports = async (place) => {
    const schema = JSON.parse(fs.readFileSync("tests/jsonl.schema.json", "utf8"));
    const ajv = new Ajv({strict: true}).addSchema(schema, "trace"), lineIsValid = ajv.getSchema("trace");
    let count = 0;
    await place.each(place.scenarios(), async (scenario) => {
        const lines = (await place.synfin(`scenarios/${scenario}.lua`, "--jsonl", "-")).split("\n");
        if (lines.pop() !== "" || lines.length < 3) place.fault(scenario, "lines are missing, or the last has no end");
        lines.forEach((line, i) => {
            const record = JSON.parse(line);
            if (lineIsValid(record)) return;
            // All kinds have something against it; what its own has says more.
            const ownKind = ajv.getSchema(`trace#/$defs/${record.kind}`);
            const [error] = ownKind && !ownKind(record) ? ownKind.errors : lineIsValid.errors;
            place.fault(scenario, `line ${i + 1}: ${error.instancePath} ${error.message}\n    ${line}`);
        });
        count += lines.length;
    });
    return `${count} lines`;
};
