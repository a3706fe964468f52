// Names as RFC 9293 writes them.
#include "core/tcp.h"

static const char *name_at(const char *const *names, size_t count, size_t at) {
    return at < count ? names[at] : "?";
}

#define NAME_AT(names, at) name_at(names, sizeof(names) / sizeof *(names), (size_t)(at))

const char *tcp_state_name(enum tcp_state state) {
    static const char *const names[TCP_STATES] = {
        [TCP_CLOSED] = "CLOSED",           [TCP_LISTEN] = "LISTEN",
        [TCP_SYN_SENT] = "SYN-SENT",       [TCP_SYN_RECEIVED] = "SYN-RECEIVED",
        [TCP_ESTABLISHED] = "ESTABLISHED", [TCP_FIN_WAIT_1] = "FIN-WAIT-1",
        [TCP_FIN_WAIT_2] = "FIN-WAIT-2",   [TCP_CLOSE_WAIT] = "CLOSE-WAIT",
        [TCP_CLOSING] = "CLOSING",         [TCP_LAST_ACK] = "LAST-ACK",
        [TCP_TIME_WAIT] = "TIME-WAIT",
    };
    return NAME_AT(names, state);
}

const char *tcp_event_name(enum tcp_event_kind kind) {
    static const char *const names[TCP_EVENT_KINDS] = {
        [TCP_OPEN_PASSIVE] = "passive OPEN",
        [TCP_OPEN_ACTIVE] = "active OPEN",
        [TCP_SEND] = "SEND",
        [TCP_RECEIVE] = "RECEIVE",
        [TCP_CLOSE] = "CLOSE",
        [TCP_SOCKETS_CLOSE] = "close()",
        [TCP_ABORT] = "ABORT",
        [TCP_STATUS] = "STATUS",
        [TCP_SEGMENT_ARRIVES] = "SEGMENT ARRIVES",
        [TCP_RETRANSMISSION_TIMEOUT] = "RETRANSMISSION TIMEOUT",
        [TCP_PERSIST_TIMEOUT] = "PERSIST TIMEOUT",
        [TCP_R2_TIMEOUT] = "R2 TIMEOUT",
        [TCP_USER_TIMEOUT] = "USER TIMEOUT",
        [TCP_DELAYED_ACK_TIMEOUT] = "DELAYED ACK TIMEOUT",
        [TCP_KEEP_ALIVE_TIMEOUT] = "KEEP-ALIVE TIMEOUT",
        [TCP_TIME_WAIT_TIMEOUT] = "TIME-WAIT TIMEOUT",
        [TCP_SET_NO_DELAY] = "no delay",
        [TCP_SET_KEEP_ALIVE] = "keep-alive",
        [TCP_SET_USER_TIMEOUT] = "user timeout",
        [TCP_ICMP_ARRIVES] = "ICMP ARRIVES",
        [TCP_CONTINUE] = "CONTINUE",
    };
    return NAME_AT(names, kind);
}

const char *tcp_timer_name(enum tcp_timer timer) {
    static const char *const names[TCP_TIMERS] = {
        [TCP_TIMER_RETRANSMISSION] = "retransmission",
        [TCP_TIMER_PERSIST] = "persist",
        [TCP_TIMER_R2] = "R2",
        [TCP_TIMER_USER] = "user timeout",
        [TCP_TIMER_DELAYED_ACK] = "delayed ACK",
        [TCP_TIMER_KEEP_ALIVE] = "keep-alive",
        [TCP_TIMER_TIME_WAIT] = "2MSL",
    };
    return NAME_AT(names, timer);
}

const char *tcp_error_name(enum tcp_error error) {
    static const char *const names[] = {
        [TCP_OK] = "ok",
        [TCP_ERROR_DOES_NOT_EXIST] = "connection does not exist",
        [TCP_ERROR_ALREADY_EXISTS] = "connection already exists",
        [TCP_ERROR_CLOSING] = "connection closing",
        [TCP_ERROR_REMOTE_UNSPECIFIED] = "remote socket unspecified",
        [TCP_ERROR_NO_RESOURCES] = "insufficient resources",
    };
    return NAME_AT(names, error);
}

const char *tcp_signal_name(enum tcp_signal signal) {
    static const char *const names[] = {
        [TCP_SIGNAL_ESTABLISHED] = "connection established",
        [TCP_SIGNAL_CLOSING] = "connection closing",
        [TCP_SIGNAL_CLOSED] = "close ok",
        [TCP_SIGNAL_RESET] = "connection reset",
        [TCP_SIGNAL_REFUSED] = "connection refused",
        [TCP_SIGNAL_TIMED_OUT] = "connection timed out",
        [TCP_SIGNAL_USER_TIMEOUT] = "connection aborted due to user timeout",
        [TCP_SIGNAL_URGENT] = "urgent data",
        [TCP_SIGNAL_SOFT_ERROR] = "delivery problem",
        [TCP_SIGNAL_UNREACHABLE] = "destination unreachable",
    };
    return NAME_AT(names, signal);
}

const char *tcp_icmp_name(enum tcp_icmp kind) {
    static const char *const names[TCP_ICMP_KINDS] = {
        [TCP_ICMP_NONE] = "",
        [TCP_ICMP_NETWORK_UNREACHABLE] = "network-unreachable",
        [TCP_ICMP_HOST_UNREACHABLE] = "host-unreachable",
        [TCP_ICMP_SOURCE_ROUTE_FAILED] = "source-route-failed",
        [TCP_ICMP_TIME_EXCEEDED] = "time-exceeded",
        [TCP_ICMP_PARAMETER_PROBLEM] = "parameter-problem",
        [TCP_ICMP_PROTOCOL_UNREACHABLE] = "protocol-unreachable",
        [TCP_ICMP_PORT_UNREACHABLE] = "port-unreachable",
        [TCP_ICMP_FRAGMENTATION_NEEDED] = "packet-too-big",
        [TCP_ICMP_ADMINISTRATIVELY_PROHIBITED] = "administratively-prohibited",
        [TCP_ICMP_SOURCE_QUENCH] = "source-quench",
    };
    return NAME_AT(names, kind);
}
