// What a SYN brings beside its sequence number, and when that counts: text, urgent text, the user timeout, the MSS.
#include "tests/core_end.h"

// In SYN-RECEIVED, out of LISTEN, by `syn`.
static struct end half_open(uint8_t options, struct tcp_segment syn) {
    struct end e = new_end(options);
    syn.seq = IRS;
    syn.flags |= TCP_SYN;
    syn.wnd = 60000;
    call(&e, TCP_OPEN_PASSIVE, 0);
    arrive(&e, syn);
    CHECK_EQ(e.tcb.state, TCP_SYN_RECEIVED);
    return e;
}

// Text that came with the SYN, and comes again with the ACK because the SYN,ACK did not acknowledge it, is a duplicate
// (RFC 2883 section 4).
static void test_syn_text_comes_twice(void) {
    struct end e = half_open(TCP_OPTION_SACK_PERMITTED,
                             (struct tcp_segment){.len = 5, .source = 2, .options = TCP_OPTION_SACK_PERMITTED});
    struct tcp_segment again = ack_of(&e);
    again.len = 8;
    again.source = 2;
    arrive(&e, again);
    CHECK_EQ(e.tcb.state, TCP_ESTABLISHED);
    CHECK_EQ(count_of(&e, TCP_EFFECT_TEXT), 2);
    struct tcp_segment answer = sent(&e, 0);
    CHECK_EQ(answer.ack, IRS + 1 + 8);
    CHECK(answer.blocks == 1 && answer.sack[0].begin == IRS + 1 && answer.sack[0].end == IRS + 1 + 5);
    e.config.delayed_ack = SECOND / 5;
    again = ack_of(&e);
    again.len = 8;
    again.source = 2;
    arrive(&e, again);
    CHECK_EQ(count_of(&e, TCP_EFFECT_SEGMENT), 0);
}

int main(void) {
    test_syn_text_comes_twice();
    return check_result();
}
