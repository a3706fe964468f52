// A run: its data as sim/view/html_data.c writes it, and what its steps mean together. Touches nothing of the page.
// A text is a string, or an array [English, Chinese].
//
//   hosts        name, address, listens at the start, without: rules
//   connections  id, host, label (what tells it from others), local and remote endpoint
//   packets      n: the timeline's number, from, to: hosts, header fields, answers, repeats, acknowledges: numbers n
//   flights      a copy of a packet under way: p: index of the packet, sent, arrival: ns, lost, why
//   steps        t: ns, kind, host, c: connection, flight, text, by: the step that caused it, line and code of the
//                script, rules: ids, changes: [host, connection, state] each
//   tcbs         [step, connection, gone, state, ISS, SND.UNA ...]: a connection's variables behind a step
"use strict";

const CLOSED = 0, LISTEN = 1, SYN_SENT = 2;

// The last entry of a sorted list whose first member is at most `step`.
function lastBefore(list, step) {
    let low = 0, high = list.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (list[middle][0] <= step) low = middle + 1; else high = middle;
    }
    return list[low - 1];
}

class Run {
    constructor(data, number) {
        Object.assign(this, data);
        this.number = number;                           // 0, or 1 beside it
        this.down = data.states.length - 1;             // the state of a host that is down
        this.ruleOf = new Map(data.rules.map((rule) => [rule.id, rule]));
        this.connectionOf = new Map(data.connections.map((connection) => [connection.id, connection]));
        this.packetOf = new Map(data.packets.map((packet) => [packet.n, packet]));
        this.departs = [];                              // by flight: its steps
        this.arrives = [];
        this.firstFlight = new Map();                   // by packet's number
        this.listener = data.hosts.map((host) => [[-1, host.listens ? LISTEN : CLOSED]]);  // by host: [step, state]
        this.statesOf = new Map();                      // by connection: [step, state] each
        this.tcbsOf = new Map();                        // by connection: those of data.tcbs
        this.followed = data.hosts.map(() => []);       // by host: [step, connection] each: which one the page shows
        this.moment = [];                               // by step: the moment of the page behind it
        this.at = 0;                                    // how many steps are done
        this.step = undefined;                          // what happens now, if it is something in this run
        this.picked = -1;                               // the flight whose header is shown
        this.readFlights();
        this.steps.forEach((step, i) => this.readStep(step, i));
        this.readTcbs();
    }

    readFlights() {
        this.flights.forEach((flight, i) => {
            const number = this.packets[flight.p].n;
            if (!this.firstFlight.has(number)) this.firstFlight.set(number, i);
        });
    }

    readStep(step, i) {
        if (step.kind === "departure") this.departs[step.flight] = i;
        if (step.kind === "arrival") this.arrives[step.flight] = i;
        if (step.c) this.follow(step.c, i);
        for (const change of step.changes ?? []) this.readChange(change, i);
    }

    // Says of a change which state it leaves.
    readChange(change, step) {
        const [host, connection, state] = change, base = lastBefore(this.listener[host], step)[1];
        if (connection === 0) {
            change.push(base);
            this.listener[host].push([step, state]);
            if (state !== this.down) return;
            for (const [id, list] of this.statesOf)
                if (this.connectionOf.get(id)?.host === host) list.push([step, CLOSED]);
            return;
        }
        if (!this.statesOf.has(connection)) this.statesOf.set(connection, []);
        const list = this.statesOf.get(connection);
        const first = base === LISTEN && state !== SYN_SENT ? LISTEN : CLOSED;
        change.push(list.length ? list[list.length - 1][1] : first);
        list.push([step, state]);
        this.follow(connection, step);
    }

    readTcbs() {
        for (const tcb of this.tcbs) {
            if (!this.tcbsOf.has(tcb[1])) this.tcbsOf.set(tcb[1], []);
            this.tcbsOf.get(tcb[1]).push(tcb);
        }
        for (const list of this.tcbsOf.values()) list.sort((a, b) => a[0] - b[0]);
    }

    follow(connection, step) {
        const host = this.connectionOf.get(connection)?.host;
        if (host === undefined) return;
        const list = this.followed[host], last = list[list.length - 1];
        if (!last || last[1] !== connection) list.push([step, connection]);
    }

    hostName(host) { return host === undefined ? "?" : this.hosts[host].name; }
    ruleName(id) { return this.ruleOf.get(id)?.name ?? ""; }
    packetOfFlight(flight) { return this.packets[this.flights[flight].p]; }
    connectionState(id, step) { return lastBefore(this.statesOf.get(id) ?? [], step)?.[1] ?? CLOSED; }

    // Steps of two runs that have the same key are the same event.
    key(step) {
        const label = step.flight === undefined ? "" : String(this.packetOfFlight(step.flight).absolute);
        return JSON.stringify([step.t, step.kind, step.host, step.text, label.replace(/#\d+ /, "")]);
    }
}

// ---- Two runs beside each other ------------------------------------------------------------------------------------

// The moments of all runs in order of time: for each, how many steps of each run are done. What happens in both alike
// is one moment.
function momentsOf(runs) {
    const done = runs.map(() => 0), moments = [[...done]];
    const keys = runs.map((run) => run.steps.map((step) => run.key(step)));
    const time = (i) => runs[i].steps[done[i]]?.t ?? Infinity;
    const comesLater = (key, i) => {
        for (let k = done[i]; k < keys[i].length && runs[i].steps[k].t === time(i); k++)
            if (keys[i][k] === key) return true;
        return false;
    };
    while (runs.some((run, i) => done[i] < run.steps.length)) {
        const alike = runs.length > 1 && keys[0][done[0]] === keys[1][done[1]];
        const first = runs.length === 1 || time(0) < time(1)
            || (time(0) === time(1) && !comesLater(keys[0][done[0]], 1)) ? 0 : 1;
        runs.forEach((run, i) => {
            if (alike || i === first) run.moment[done[i]++] = moments.length;
        });
        moments.push([...done]);
    }
    return moments;
}
