// The requirements of RFC 9293 appendix B as a table (core/ledger.def): what each asks for, and which test shows that
// this TCP does it, or why it does not.
#ifndef CORE_LEDGER_H
#define CORE_LEDGER_H

#include "core/rules.h"

enum ledger_status {
    LEDGER_SHOWN,           // `proof` shows it
    LEDGER_NOT_TAKEN,       // a permission (MAY) that this TCP makes no use of: `because`
    LEDGER_NOT_APPLICABLE,  // there is nothing here that it could be asked of: `because`
};

// One row. Static strings; languages as in core/rules.h.
struct ledger_row {
    const char *name;     // "MUST-11", "SHLD-3", "MAY-1", "REC-1"
    const char *section;  // of RFC 9293, where its text is: "3.5"
    enum ledger_status status;
    const char *says[TCP_LANGUAGES];     // what is asked for, in our words
    const char *proof;                   // of what is shown, else "": one of these or several, ", " between them:
                                         // "tests/test_core.c:test_order", a function of a test;
                                         // "scenarios/handshake/syn-lost.lua"; a rule's name, for prove-rules
    const char *because[TCP_LANGUAGES];  // of the others, else "": a sentence
};

enum { LEDGER_ROWS = 119 };

// Row `number`, less than LEDGER_ROWS: MUST, SHLD, MAY and REC, each by its number.
const struct ledger_row *ledger_row(unsigned number);

#endif
