#include "core/ledger.h"

static const struct ledger_row ledger[] = {
#define SHOWN(name, section, says, says_zh, proof) {name, section, LEDGER_SHOWN, {says, says_zh}, proof, {"", ""}},
#define NOT_TAKEN(name, section, says, says_zh, because, because_zh)                                                   \
    {name, section, LEDGER_NOT_TAKEN, {says, says_zh}, "", {because, because_zh}},
#define NOT_APPLICABLE(name, section, says, says_zh, because, because_zh)                                              \
    {name, section, LEDGER_NOT_APPLICABLE, {says, says_zh}, "", {because, because_zh}},
#include "core/ledger.def"
#undef SHOWN
#undef NOT_TAKEN
#undef NOT_APPLICABLE
};
_Static_assert(sizeof ledger / sizeof *ledger == LEDGER_ROWS, "a row for each requirement of appendix B");

const struct ledger_row *ledger_row(unsigned number) {
    return &ledger[number];
}
