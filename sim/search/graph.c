// Tarjan's algorithm (1972), with a stack of its own: ways through a graph of states are long.
#include "sim/search/graph.h"

#include <stdlib.h>
#include <string.h>

struct visit {
    const struct graph *graph;
    uint32_t *component;
    uint32_t *number;  // in order of discovery, from 1; 0: not seen
    uint32_t *low;     // the lowest number that is reached and still open
    uint32_t *open;    // nodes whose component is not known: a stack
    uint32_t *way;     // from the node that was begun with to the current one
    size_t *edge;      // the next one of each node on the way
    uint32_t opened, length, seen, components;
};

size_t graph_memory(uint32_t nodes) {
    return nodes * (4 * sizeof(uint32_t) + sizeof(size_t));
}

static void enter(struct visit *visit, uint32_t node) {
    visit->number[node] = visit->low[node] = ++visit->seen;
    visit->open[visit->opened++] = node;
    visit->edge[visit->length] = visit->graph->first[node];
    visit->way[visit->length++] = node;
}

static bool leads_to_itself(const struct graph *graph, uint32_t node) {
    for (size_t i = graph->first[node]; i < graph->first[node + 1]; i++)
        if (graph->to[i] == node) return true;
    return false;
}

// Marks a node whose component is known, so that nobody takes its number for an open one's.
#define CLOSED UINT32_MAX

static void leave(struct visit *visit, uint32_t node) {
    visit->length--;
    if (visit->length > 0) {
        uint32_t before = visit->way[visit->length - 1];
        if (visit->low[node] < visit->low[before]) visit->low[before] = visit->low[node];
    }
    if (visit->low[node] != visit->number[node]) return;
    bool alone = visit->open[visit->opened - 1] == node;
    uint32_t name = alone && !leads_to_itself(visit->graph, node) ? GRAPH_NONE : visit->components++;
    uint32_t last;
    do {
        last = visit->open[--visit->opened];
        visit->component[last] = name;
        visit->low[last] = CLOSED;
    } while (last != node);
}

static void visit_from(struct visit *visit, uint32_t start) {
    enter(visit, start);
    while (visit->length > 0) {
        uint32_t node = visit->way[visit->length - 1];
        size_t *edge = &visit->edge[visit->length - 1];
        if (*edge == visit->graph->first[node + 1]) {
            leave(visit, node);
            continue;
        }
        uint32_t to = visit->graph->to[(*edge)++];
        if (visit->number[to] == 0)
            enter(visit, to);
        else if (visit->low[to] != CLOSED && visit->number[to] < visit->low[node])
            visit->low[node] = visit->number[to];
    }
}

bool graph_components(const struct graph *graph, uint32_t *component) {
    size_t size = (size_t)graph->nodes + 1;
    struct visit visit = {.graph = graph,
                          .component = component,
                          .number = calloc(size, sizeof(uint32_t)),
                          .low = calloc(size, sizeof(uint32_t)),
                          .open = calloc(size, sizeof(uint32_t)),
                          .way = calloc(size, sizeof(uint32_t)),
                          .edge = calloc(size, sizeof(size_t))};
    bool fits = visit.number != NULL && visit.low != NULL && visit.open != NULL && visit.way != NULL && visit.edge;
    for (uint32_t node = 0; fits && node < graph->nodes; node++)
        component[node] = GRAPH_NONE;
    for (uint32_t node = 0; fits && node < graph->nodes; node++)
        if (visit.number[node] == 0) visit_from(&visit, node);
    free(visit.number);
    free(visit.low);
    free(visit.open);
    free(visit.way);
    free(visit.edge);
    return fits;
}
