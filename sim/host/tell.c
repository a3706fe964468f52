// What is said to people about the world: who waits for what, in English and in Chinese.
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/host/internal.h"

// Bytes 10xxxxxx continue a character: the start of the one that `text` would be cut in at `length`, else `length`.
static size_t whole_characters(const char *text, size_t length) {
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    return length;
}

void tell(char *text, size_t size, const char *format, ...) {
    enum { CHARACTER = 4 };  // the longest one's bytes
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, size, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length < size || size < CHARACTER + 1) return;
    // What follows the cut isn't known. So the last character goes, be it whole or not.
    text[whole_characters(text, size - 2)] = '\0';
}

// A time as people write it: "1.25 s", "20 ms".
static void tell_time(uint64_t time, char *text, size_t size) {
    enum { MICROSECOND = 1000, MILLISECOND = 1000000, SECOND = 1000000000 };
    uint64_t unit = time >= SECOND ? SECOND : time >= MILLISECOND ? MILLISECOND : MICROSECOND;
    const char *name = unit == SECOND ? "s" : unit == MILLISECOND ? "ms" : "us";
    char digits[16];
    int length = snprintf(digits, sizeof digits, "%09" PRIu64, time % unit * (SECOND / unit));
    while (length > 0 && digits[length - 1] == '0')
        length--;
    digits[length] = '\0';
    snprintf(text, size, "%" PRIu64 "%s%s %s", time / unit, length > 0 ? "." : "", digits, name);
}

static const char *step_word(enum step_kind kind) {
    static const char *const words[STEP_KINDS] = {
        [STEP_CONNECT] = "connect",
        [STEP_SEND] = "send",
        [STEP_RECV] = "recv",
        [STEP_RECV_EOF] = "recv_eof",
        [STEP_CLOSE] = "close",
        [STEP_SOCKETS_CLOSE] = "sockets_close",
        [STEP_ABORT] = "abort",
        [STEP_NO_DELAY] = "no_delay",
        [STEP_KEEP_ALIVE] = "keep_alive",
        [STEP_USER_TIMEOUT] = "user_timeout",
        [STEP_DIFFSERV] = "diffserv",
        [STEP_HOP_LIMIT] = "hop_limit",
        [STEP_SLEEP] = "sleep",
        [STEP_SLEEP_UNTIL] = "sleep_until",
        [STEP_WAIT_STATE] = "wait_state",
        [STEP_WAIT_CLOSED] = "wait_closed",
        [STEP_LISTEN] = "listen",
        [STEP_UNLISTEN] = "unlisten",
        [STEP_NOTE] = "note",
        [STEP_INJECT] = "inject",
        [STEP_OBSERVE] = "observe",
        [STEP_EXIT] = "exit",
        [STEP_CRASH] = "crash",
        [STEP_REBOOT] = "reboot",
        [STEP_LINK] = "link",
        [STEP_REPEAT] = "times",
        [STEP_FUNCTION] = "function",
        [STEP_ECHO] = "serve \"echo\"",
        [STEP_SINK] = "serve \"sink\"",
        [STEP_RESPOND] = "serve",
        [STEP_REQUEST] = "request",
    };
    return words[kind];
}

void tell_step(const struct world *world, int language, uint32_t host, const struct step *step, char *text,
               size_t size) {
    enum { MOST = 80 };  // of the step's own words
    const char *name = world_host_at(world, host)->name;
    const char *words = step->words_length > 0 ? text_at(world, step->words) : step_word((enum step_kind)step->kind);
    size_t length = step->words_length > 0 ? step->words_length : strlen(words);
    if (length > MOST) length = whole_characters(words, MOST);
    const char *file = text_at(world, world->file);
    bool english = language == TELL_ENGLISH;
    if (step->line > 0 && english) {
        tell(text, size, "%s, in %.*s at %s:%" PRIu32, name, (int)length, words, file, step->line);
    } else if (step->line > 0) {
        tell(text, size, "%s 执行 %.*s（%s:%" PRIu32 "）", name, (int)length, words, file, step->line);
    } else {
        tell(text, size, english ? "%s, in %.*s" : "%s 执行 %.*s", name, (int)length, words);
    }
}

// What a step that doesn't go on is waiting for.
static void tell_wanted(int language, const struct step *step, uint32_t left, char *text, size_t size) {
    bool english = language == TELL_ENGLISH;
    const char *octets = !english ? "字节" : left == 1 ? "octet" : "octets";
    switch ((enum step_kind)step->kind) {
    case STEP_CONNECT: tell(text, size, english ? "the connection to be established" : "连接建立"); return;
    case STEP_SEND:
        tell(text, size, english ? "room for %" PRIu32 " %s" : "容纳 %" PRIu32 " 个%s的发送空间", left, octets);
        return;
    case STEP_RECV: tell(text, size, english ? "%" PRIu32 " %s" : " %" PRIu32 " 个%s", left, octets); return;
    case STEP_RECV_EOF: tell(text, size, english ? "the peer's FIN" : "对端的 FIN"); return;
    case STEP_WAIT_STATE:
        tell(text, size, english ? "%s" : "进入 %s", tcp_state_name((enum tcp_state)step->state));
        return;
    case STEP_WAIT_CLOSED: tell(text, size, english ? "the connection to be gone" : "连接消失"); return;
    case STEP_OBSERVE: tell(text, size, english ? "a packet that matches" : "符合条件的包"); return;
    case STEP_SLEEP:
    case STEP_SLEEP_UNTIL: tell(text, size, english ? "a time after the run's end" : "运行结束之后的时刻"); return;
    case STEP_ECHO:
    case STEP_SINK:
    case STEP_RESPOND: tell(text, size, english ? "text, or the peer's FIN" : "数据或对端的 FIN"); return;
    case STEP_REQUEST: tell(text, size, english ? "the response" : "响应"); return;
    case STEP_CLOSE:
    case STEP_SOCKETS_CLOSE:
    case STEP_ABORT:
    case STEP_NO_DELAY:
    case STEP_KEEP_ALIVE:
    case STEP_USER_TIMEOUT:
    case STEP_DIFFSERV:
    case STEP_HOP_LIMIT:
    case STEP_LISTEN:
    case STEP_UNLISTEN:
    case STEP_NOTE:
    case STEP_INJECT:
    case STEP_EXIT:
    case STEP_CRASH:
    case STEP_REBOOT:
    case STEP_LINK:
    case STEP_REPEAT:
    case STEP_FUNCTION: tell(text, size, english ? "its turn" : "轮到它"); return;
    }
}

// Of a program that waits: the step, what it has still to get, and since when.
static void tell_one(const struct world *world, uint32_t host, const struct step *step, uint32_t left, uint64_t since,
                     struct claim_detail *detail) {
    char who[240], what[80], when[48];
    tell_time(since, when, sizeof when);
    for (int i = 0; i < TCP_LANGUAGES; i++) {
        tell_step(world, i, host, step, who, sizeof who);
        tell_wanted(i, step, left, what, sizeof what);
        if (i == TELL_ENGLISH) {
            tell(detail->text[i], CLAIM_DETAIL, "%s, waits for %s since %s", who, what, when);
        } else {
            tell(detail->text[i], CLAIM_DETAIL, "%s，自 %s 起一直在等待%s", who, when, what);
        }
    }
}

uint32_t tell_waiting(const struct world *world, struct claim_detail *detail) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < world->processes.count; i++) {
        const struct process *process = pool_at(&world->processes, i, NULL);
        if (process == NULL) continue;
        const struct program *program = array_at(&world->programs, process->program);
        const struct step *step = step_at(world, program->first + process->place);
        if (count++ == 0) tell_one(world, process->host, step, process->left, process->since, detail);
    }
    for (uint32_t i = 0; i < world->sockets.count; i++) {
        const struct socket *socket = pool_at(&world->sockets, i, NULL);
        if (socket == NULL || socket->builtin == 0 || socket->process.generation != 0) continue;
        const struct step *step = step_at(world, socket->builtin - 1);
        if (count++ == 0) tell_one(world, socket->host, step, 0, socket->born, detail);
    }
    for (int i = 0; i < TCP_LANGUAGES && count > 1; i++) {
        size_t length = strlen(detail->text[i]);
        tell(detail->text[i] + length, CLAIM_DETAIL - length,
             i == TELL_ENGLISH ? "; and %" PRIu32 " more" : "；另有 %" PRIu32 " 个程序也在等待", count - 1);
    }
    return count;
}
