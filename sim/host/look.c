// Looking at the world without changing it.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/host/internal.h"

uint64_t world_now(const struct world *world) {
    return world->engine.now;
}

uint64_t world_events(const struct world *world) {
    return world->engine.events;
}

uint64_t world_packets(const struct world *world) {
    return world->engine.packets_sent;
}

uint32_t world_hosts(const struct world *world) {
    return world->host_count;
}

const char *world_host_name(const struct world *world, uint32_t host) {
    return host < world->host_count ? world_host_at(world, host)->name : "?";
}

uint32_t world_host_by_name(const struct world *world, const char *name) {
    for (uint32_t i = 0; i < world->host_count; i++)
        if (strcmp(world_host_at(world, i)->name, name) == 0) return i;
    return UINT32_MAX;
}

struct host_view world_host(const struct world *world, uint32_t number) {
    const struct host *host = world_host_at(world, number);
    return (struct host_view){.opened = host->opened,
                              .accepted = host->accepted,
                              .refused = host->refused,
                              .open = host->open,
                              .half_open = host->half_open,
                              .up = host->up};
}

struct record_endpoint look_endpoint(const struct world *world, uint32_t address, uint16_t port) {
    struct record_endpoint endpoint = address_at(world, address)->endpoint;
    endpoint.port = port;
    return endpoint;
}

void look_socket(const struct world *world, const struct socket *socket, const struct tcp_connection *tcp,
                 struct connection_view *view) {
    uint32_t unacknowledged = tcp->snd_end - tcp->snd_una;
    memset(view, 0, sizeof *view);
    view->host = socket->host;
    view->ordinal = socket->ordinal;
    view->id = socket->id;
    view->exists = true;
    view->passive = (socket->flags & SOCKET_PASSIVE) != 0;
    view->accepted = (socket->flags & SOCKET_ACCEPTED) != 0;
    view->local = look_endpoint(world, socket->tuple.local, socket->tuple.local_port);
    view->remote = look_endpoint(world, socket->tuple.remote, socket->tuple.remote_port);
    view->tcp = *tcp;
    view->sent = socket->sent;
    view->received = socket->received;
    // SND.UNA is one beyond SND.END once the FIN is acknowledged, and one before the text until the SYN is.
    if (unacknowledged > socket->sent) unacknowledged = unacknowledged == UINT32_MAX ? 0 : (uint32_t)socket->sent;
    view->acknowledged = socket->sent - unacknowledged;
    view->resets = socket->resets;
    view->established = (socket->flags & SOCKET_ESTABLISHED) != 0;
    view->peer_closed = (socket->flags & SOCKET_PEER_CLOSED) != 0;
    view->timed_out = (socket->flags & SOCKET_TIMED_OUT) != 0;
    view->foreign_text = (socket->flags & SOCKET_FOREIGN) != 0;
    view->urgent = (socket->flags & SOCKET_URGENT) != 0;
    view->troubled = (socket->flags & SOCKET_TROUBLED) != 0;
    view->ttl = socket->ip.ttl;
    view->dscp = socket->ip.dscp;
    view->dscp_heard = socket->dscp_heard;
    view->born = socket->born;
}

// In a world that keeps nothing of the past: the living connection.
static const struct socket *living(const struct world *world, uint32_t host, uint32_t ordinal) {
    const struct socket *found = NULL;
    for (uint32_t i = 0; i < world->sockets.count; i++) {
        const struct socket *socket = pool_at(&world->sockets, i, NULL);
        if (socket == NULL || socket->host != host) continue;
        if (socket->ordinal == ordinal) return socket;
        if (ordinal == 0 && (found == NULL || found->ordinal < socket->ordinal)) found = socket;
    }
    return found;
}

bool world_connection(const struct world *world, uint32_t host, uint32_t ordinal, struct connection_view *view) {
    if (host >= world->host_count) return false;
    const struct socket *socket;
    if (world->keeps) {
        const struct known *known = history_find(world, host, ordinal);
        if (known == NULL) return false;
        if (known->past != 0) {
            *view = ((const struct past *)array_at(&world->past, known->past - 1))->view;
            return true;
        }
        socket = socket_at(world, known->socket);
    } else {
        socket = living(world, host, ordinal);
    }
    if (socket == NULL) return false;
    look_socket(world, socket, &socket->tcp, view);
    return true;
}

uint32_t world_connections(const struct world *world, uint32_t host) {
    return host < world->host_count ? world_host_at(world, host)->opened : 0;
}

uint32_t world_received(const struct world *world, uint32_t host, uint32_t ordinal, uint64_t offset, void *bytes,
                        uint32_t size) {
    struct connection_view view;
    if (!world->keeps || !world_connection(world, host, ordinal, &view) || offset >= view.received) return 0;
    uint64_t there = view.received - offset;
    uint32_t count = there < size ? (uint32_t)there : size;
    const struct known *known = history_find(world, host, ordinal);
    for (uint32_t number = known->last_text; number != 0;) {
        const struct delivery *delivery = array_at(&world->deliveries, number - 1);
        uint64_t from = delivery->offset > offset ? delivery->offset : offset;
        uint64_t to = delivery->offset + delivery->range.len;
        if (to > offset + count) to = offset + count;
        if (from < to)
            stream_read(world, delivery->range.source, delivery->range.seq + (uint32_t)(from - delivery->offset),
                        (uint32_t)(to - from), (unsigned char *)bytes + (from - offset));
        number = delivery->previous;
    }
    return count;
}

uint32_t world_in_flight(const struct world *world) {
    return world->abstract != NULL ? abstract_in_flight(world) : world->engine.packets.live;
}
