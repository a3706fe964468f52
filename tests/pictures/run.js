// The checks, one after the other, in one browser: run.sh starts this. A check is a function of the place where it
// works and returns what it counted; what is wrong it hands to place.fault(), which says how to see it again.
"use strict";

const fs = require("fs"), path = require("path"), {promisify} = require("util");
const execute = promisify(require("child_process").execFile);
const {chromium} = require("playwright-core");

const checks = {player: require("./player"), svg: require("./svg"), mermaid: require("./mermaid"),
    jsonl: require("./jsonl"), speed: require("./speed")};
const BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const AT_ONCE = 2;  // pages, or runs of synfin

const [synfin, folder, executablePath, chosen, ...wanted] = process.argv.slice(2);

// "handshake/syn-lost": all of them, in order.
function allScenarios() {
    const files = fs.readdirSync("scenarios", {recursive: true});
    return files.filter((file) => file.endsWith(".lua") && !file.endsWith(".meta.lua"))
        .map((file) => file.slice(0, -".lua".length)).sort();
}

class Place {
    constructor(check, browser) {
        Object.assign(this, {check, browser, folder, faults: 0});
    }

    // Those of the command line, if any stand there; else the usual ones.
    scenarios(usual = allScenarios()) {
        return wanted.length ? wanted : usual;
    }

    // What it prints. A claim may fail: that is something to show, too.
    async synfin(file, ...options) {
        const how = {maxBuffer: 1 << 30, encoding: "utf8"};
        const {stdout} = await execute(synfin, ["run", file, ...options], how).catch((error) => {
            if (error.code !== 1) throw error;
            return error;
        });
        return stdout;
    }

    fault(scenario, what) {
        const here = (file) => path.relative(".", file).startsWith("..") ? file : path.relative(".", file);
        this.faults++;
        console.log(`${scenario}: ${what}`);
        console.log(`    again: tests/pictures/run.sh ${here(synfin)} ${here(folder)} ${this.check} '${scenario}'`);
    }

    // Does the work for each of them, a few at once. What throws is a fault, too.
    async each(scenarios, work) {
        const left = [...scenarios];
        const worker = async () => {
            for (let one; (one = left.shift()) !== undefined;)
                await work(one).catch((error) => this.fault(one, error.message));
        };
        await Promise.all(Array.from({length: AT_ONCE}, worker));
    }
}

async function main() {
    const names = chosen ? [chosen] : Object.keys(checks);
    if (!names.every((name) => Object.hasOwn(checks, name))) throw new Error(`no such check: ${chosen}`);
    const browser = await chromium.launch({executablePath, args: BROWSER});
    let faults = 0;
    for (const name of names) {
        const place = new Place(name, browser), begin = Date.now();
        const counted = await checks[name](place);
        console.log(`${name}: ${counted}, ${place.faults} faults, ${((Date.now() - begin) / 1000).toFixed(1)} s`);
        faults += place.faults;
    }
    await browser.close();
    return faults ? 1 : 0;
}

main().then((status) => process.exit(status), (error) => {
    console.log(error.stack);
    process.exit(1);
});
