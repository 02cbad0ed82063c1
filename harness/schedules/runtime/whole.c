/* Calls of the library that are one step each, where that is asked for: those of channels.
 *
 * Whatever threads do inside of a channel at once has a result that it would have, too, if each call had
 * been made at one moment (a blocking one at two: when it begins to wait, and when it goes on).  So
 * nobody is let in between the events of such a call, unless it waits, or the program's own code runs in
 * it: what a message does when it is dropped. */
#include "controlled.h"

#include <string.h>

enum { MEMO_SIZE = 1 << 13 };

typedef enum {
    UNSEEN,
    OWN_CODE,
    LIBRARY_CODE,
    DROPPING_CODE,
    CHANNEL_CODE,
    RECEIVING_CODE
} Code;

/* What the function around an address is, by the address at which its hook returns. */
static struct {
    uintptr_t address;
    Code code;
} memo[MEMO_SIZE];

static Code look_up(uintptr_t address)
{
    const char *name = symbol_at(address - 1);
    bool is_compilers = strncmp(name, "__rust", strlen("__rust")) == 0; /* catches a panic, say */
    return is_compilers                ? LIBRARY_CODE
           : !is_library_function(name) ? OWN_CODE
           : is_receiving(name)        ? RECEIVING_CODE
           : is_of_channels(name)      ? CHANNEL_CODE
           : drops_result(name)        ? DROPPING_CODE
                                       : LIBRARY_CODE;
}

static Code code_at(uintptr_t address)
{
    size_t at = (address >> 2) % MEMO_SIZE;
    if (memo[at].address != address) {
        memo[at].address = address;
        memo[at].code = look_up(address);
    }
    return memo[at].code;
}

void call_begins(const void *return_address, const char *frame)
{
    Thread *me = self;
    if (me == NULL || !controlled()) {
        return;
    }
    if (frame > me->whole_call) {
        me->whole_call = me->own_code = NULL; /* it was left without a word */
    }
    Code code = code_at((uintptr_t)return_address);
    if (code >= CHANNEL_CODE && !goes_on(me)) {
        me->whole_call = frame;
        me->own_code = NULL; /* what called that goes on without being whole */
        me->receives = false;
        me->received_from = NULL;
        hide("whole-calls");
    } else if (me->whole_call != NULL && me->own_code == NULL && code == OWN_CODE) {
        me->own_code = frame;
    }
    if (code == RECEIVING_CODE) {
        me->receives = true;
    }
    if (code == DROPPING_CODE) {
        me->dropping = frame;
    } else if (code == OWN_CODE && me->dropping != NULL) {
        hide("the drop of a result"); /* whoever lets go of it last does it, and that commutes here */
    }
}

void call_ends(const char *frame)
{
    Thread *me = self;
    if (me == NULL) {
        return;
    }
    if (me->own_code != NULL && frame >= me->own_code) {
        me->own_code = NULL;
    }
    if (me->dropping != NULL && frame >= me->dropping) {
        me->dropping = NULL;
    }
    if (me->whole_call != NULL && frame >= me->whole_call) {
        me->whole_call = NULL;
        me->received_from = NULL;
        touches_part();
    }
}
