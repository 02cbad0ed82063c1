/* The hooks that ThreadSanitizer's instrumentation calls, after LLVM's tsan_interface.h.
 *
 * Each atomic access is an event.  In real memory it is done sequentially consistently, whatever was
 * asked for; what it reads and hands on by its order is stores.c's to say, where memory is followed.  A
 * plain access is an event only if HARNESS_SCHEDULE_GRANULARITY is "memory" and it is not to the
 * thread's own stack; otherwise it is merely a place where a due decision can be taken, as are the
 * entry and the exit of a function. */
#include "memory.h"

#include <string.h>

#define HOOK __attribute__((visibility("default")))

void __tsan_init(void);
void __tsan_func_entry(void *caller);
void __tsan_func_exit(void);
void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_signal_fence(int order);
void *__tsan_memcpy(void *target, const void *source, size_t size);
void *__tsan_memmove(void *target, const void *source, size_t size);
void *__tsan_memset(void *target, int byte, size_t size);

/* Each unit that was compiled so has a constructor for this call alone, before all others. */
HOOK void __tsan_init(void)
{
    start_run(true);
}

/* The program goes on from here as it likes, and with it code without hooks. */
static void step_in(void)
{
    decide_if_due();
    memory_unsettle();
}

HOOK void __tsan_func_entry(void *caller)
{
    step_in();
    if (settings.whole) {
        call_begins(__builtin_return_address(0), __builtin_frame_address(0));
    }
    if (followed_here()) {
        races_enter(caller, __builtin_frame_address(0));
    }
}

HOOK void __tsan_func_exit(void)
{
    step_in();
    if (settings.whole) {
        call_ends(__builtin_frame_address(0));
    }
    if (followed_here()) {
        races_leave(__builtin_frame_address(0));
    }
}

/* --- plain accesses ----------------------------------------------------------------------- */

static bool on_own_stack(const void *address)
{
    const char *place = address;
    return place >= (const char *)__builtin_frame_address(0) && place < self->stack_top;
}

#define HERE __builtin_return_address(0)

static void access_memory(const void *address, size_t size, AccessKind kind,
                          const void *return_address)
{
    step_in();
    if (followed_here()) {
        races_check(address, size, kind, return_address);
    }
    if (settings.memory && controlled() && !on_own_stack(address)) {
        happened((kind & WRITES) != 0 ? CHANGED : UNCHANGED);
    }
}

#define PLAIN_HOOK(name, size, kind)                                                               \
    void name(void *address);                                                                      \
    HOOK void name(void *address)                                                                  \
    {                                                                                              \
        access_memory(address, size, kind, __builtin_return_address(0));                           \
    }

/* Volatile accesses do not race with each other: crossbeam's deque reads what it may have to discard. */
#define PLAIN_HOOKS(size)                                                                          \
    PLAIN_HOOK(__tsan_read##size, size, READS)                                                     \
    PLAIN_HOOK(__tsan_write##size, size, WRITES)                                                   \
    PLAIN_HOOK(__tsan_read_write##size, size, WRITES)                                              \
    PLAIN_HOOK(__tsan_unaligned_read##size, size, READS)                                           \
    PLAIN_HOOK(__tsan_unaligned_write##size, size, WRITES)                                         \
    PLAIN_HOOK(__tsan_unaligned_read_write##size, size, WRITES)                                    \
    PLAIN_HOOK(__tsan_volatile_read##size, size, ATOMIC)                                           \
    PLAIN_HOOK(__tsan_volatile_write##size, size, ATOMIC | WRITES)                                 \
    PLAIN_HOOK(__tsan_unaligned_volatile_read##size, size, ATOMIC)                                 \
    PLAIN_HOOK(__tsan_unaligned_volatile_write##size, size, ATOMIC | WRITES)

PLAIN_HOOKS(1)
PLAIN_HOOKS(2)
PLAIN_HOOKS(4)
PLAIN_HOOKS(8)
PLAIN_HOOKS(16)

HOOK void *__tsan_memcpy(void *target, const void *source, size_t size)
{
    access_memory(source, size, READS, __builtin_return_address(0));
    access_memory(target, size, WRITES, __builtin_return_address(0));
    return memcpy(target, source, size);
}

HOOK void *__tsan_memmove(void *target, const void *source, size_t size)
{
    access_memory(source, size, READS, __builtin_return_address(0));
    access_memory(target, size, WRITES, __builtin_return_address(0));
    return memmove(target, source, size);
}

HOOK void *__tsan_memset(void *target, int byte, size_t size)
{
    access_memory(target, size, WRITES, __builtin_return_address(0));
    return memset(target, byte, size);
}

/* --- atomic accesses ---------------------------------------------------------------------- */

static uint64_t followed_load(const void *address, int size, int order, const void *here)
{
    uint64_t value = memory_load(address, size, order, spot_of(here));
    races_check(address, (size_t)size, ATOMIC, here);
    return value;
}

/* Says whether the store is to be done in real memory. */
static bool followed_store(void *address, int size, uint64_t value, int order,
                           const void *here)
{
    races_check(address, (size_t)size, ATOMIC | WRITES, here);
    return memory_store(address, size, value, order, spot_of(here));
}

static void prepare_update(const void *address, int size, int order, const void *here)
{
    memory_prepare(address, size, order);
    races_check(address, (size_t)size, ATOMIC | WRITES, here);
}

#define LOAD_HOOK(bits)                                                                            \
    uint##bits##_t __tsan_atomic##bits##_load(const uint##bits##_t *address, int order);           \
    HOOK uint##bits##_t __tsan_atomic##bits##_load(const uint##bits##_t *address, int order)       \
    {                                                                                              \
        bool awaited = settings.touches && bits == 64 && await_scope(address);                     \
        if (settings.whole && bits == 64) {                                                        \
            await_message(address);                                                                \
        }                                                                                          \
        decide_if_due();                                                                           \
        uint##bits##_t value = __atomic_load_n(address, __ATOMIC_SEQ_CST);                         \
        if (memory_followed()) {                                                                   \
            value = (uint##bits##_t)followed_load(address, bits / 8, order, HERE);                 \
        }                                                                                          \
        if (sizeof value == sizeof(uint32_t)) {                                                    \
            note_load((const uint32_t *)address, (uint32_t)value);                                 \
        }                                                                                          \
        if (awaited) {                                                                             \
            tell_taken(address);                                                                   \
        } else if (settings.touches) {                                                             \
            tell_load(address, sizeof value, value);                                               \
        }                                                                                          \
        happened(UNCHANGED);                                                                       \
        return value;                                                                              \
    }

/* A store, too, is an exchange here: whether it changed anything tells a spinning thread. */
/* An exchange by 0 gives up what may be a lock. */
static void note_store(const void *address, unsigned size, uint64_t value)
{
    if (size == sizeof(uint32_t) && value == 0) {
        note_given_up(address);
    }
}

#define STORE_HOOK(bits)                                                                           \
    void __tsan_atomic##bits##_store(uint##bits##_t *address, uint##bits##_t value, int order);    \
    HOOK void __tsan_atomic##bits##_store(uint##bits##_t *address, uint##bits##_t value,           \
                                          int order)                                               \
    {                                                                                              \
        decide_if_due();                                                                           \
        note_store(address, sizeof value, value);                                                  \
        bool comes_last = !memory_followed() ||                                                    \
                          followed_store(address, bits / 8, value, order, HERE);                   \
        uint##bits##_t old = comes_last                                                            \
                                 ? __atomic_exchange_n(address, value, __ATOMIC_SEQ_CST)           \
                                 : value;                                                          \
        if (settings.touches) {                                                                    \
            tell_access(address, sizeof value, true, old, value);                                  \
        }                                                                                          \
        happened(old != value ? CHANGED : UNCHANGED);                                              \
    }

#define EXCHANGE_HOOK(bits)                                                                        \
    uint##bits##_t __tsan_atomic##bits##_exchange(uint##bits##_t *address, uint##bits##_t value,   \
                                                  int order);                                      \
    HOOK uint##bits##_t __tsan_atomic##bits##_exchange(uint##bits##_t *address,                    \
                                                       uint##bits##_t value, int order)            \
    {                                                                                              \
        decide_if_due();                                                                           \
        note_store(address, sizeof value, value);                                                  \
        if (memory_followed()) {                                                                   \
            prepare_update(address, bits / 8, order, HERE);                                        \
        }                                                                                          \
        uint##bits##_t old = __atomic_exchange_n(address, value, __ATOMIC_SEQ_CST);                \
        if (memory_followed()) {                                                                   \
            memory_update(address, bits / 8, value, order, spot_of(HERE));                         \
        }                                                                                          \
        if (settings.touches) {                                                                    \
            tell_access(address, sizeof value, true, old, value);                                  \
        }                                                                                          \
        happened(old != value ? CHANGED : UNCHANGED);                                              \
        return old;                                                                                \
    }

#define UPDATE_HOOK(bits, name, builtin)                                                           \
    uint##bits##_t __tsan_atomic##bits##_##name(uint##bits##_t *address, uint##bits##_t operand,   \
                                                int order);                                        \
    HOOK uint##bits##_t __tsan_atomic##bits##_##name(uint##bits##_t *address,                      \
                                                     uint##bits##_t operand, int order)            \
    {                                                                                              \
        decide_if_due();                                                                           \
        if (memory_followed()) {                                                                   \
            prepare_update(address, bits / 8, order, HERE);                                        \
        }                                                                                          \
        uint##bits##_t old = builtin(address, operand, __ATOMIC_SEQ_CST);                          \
        uint##bits##_t new = __atomic_load_n(address, __ATOMIC_SEQ_CST);                           \
        if (memory_followed()) {                                                                   \
            memory_update(address, bits / 8, new, order, spot_of(HERE));                           \
        }                                                                                          \
        if (sizeof new == sizeof(uint32_t)) {                                                      \
            note_updated((const uint32_t *)address, (uint32_t)old, (uint32_t)new);                 \
        }                                                                                          \
        if (settings.touches) {                                                                    \
            tell_update(address, sizeof new, old, new);                                            \
        }                                                                                          \
        happened(old != new ? CHANGED : UNCHANGED);                                                \
        return old;                                                                                \
    }

static void note_exchange(const void *address, unsigned size, uint64_t expected, uint64_t value,
                          bool done)
{
    if (size == sizeof(uint32_t)) {
        (done ? note_exchanged : note_not_exchanged)(address, (uint32_t)expected, (uint32_t)value);
    }
}

/* One that failed is a read. */
static void tell_exchange(const void *address, unsigned size, uint64_t old, uint64_t value,
                          bool done, bool takes)
{
    if (done && takes) {
        tell_taken(address);
    } else {
        tell_access(address, size, done, old, done ? value : old);
    }
}

#define COMPARE_EXCHANGE_HOOK(bits)                                                                \
    uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(                                     \
        uint##bits##_t *address, uint##bits##_t expected, uint##bits##_t value, int order,         \
        int failure_order);                                                                        \
    HOOK uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(                                \
        uint##bits##_t *address, uint##bits##_t expected, uint##bits##_t value, int order,         \
        int failure_order)                                                                         \
    {                                                                                              \
        bool takes = settings.touches && bits == 32 && await_lock(address, expected);              \
        if (settings.for_nothing) {                                                                \
            may_fail_for_nothing(address, sizeof expected, expected,                               \
                                 (uintptr_t)__builtin_return_address(0));                      \
        }                                                                                          \
        decide_if_due();                                                                           \
        const uint##bits##_t wanted = expected;                                                    \
        if (departures_matter() && __atomic_load_n(address, __ATOMIC_SEQ_CST) == wanted &&         \
            exchange_fails((uintptr_t)__builtin_return_address(0))) {                              \
            if (settings.touches) {                                                                \
                tell_access(address, sizeof wanted, false, wanted, wanted);                        \
            }                                                                                      \
            happened(UNCHANGED);                                                                   \
            return (uint##bits##_t)tell_lie(__builtin_dwarf_cfa(), wanted, sizeof wanted);         \
        }                                                                                          \
        if (memory_followed()) {                                                                   \
            uint64_t read = 0;                                                                     \
            if (memory_fails(address, bits / 8, wanted, failure_order, &read, spot_of(HERE))) {    \
                races_check(address, bits / 8, ATOMIC, HERE);                                      \
                note_exchange(address, sizeof wanted, wanted, value, false);                       \
                if (settings.touches) {                                                            \
                    tell_exchange(address, sizeof wanted, read, value, false, takes);              \
                }                                                                                  \
                happened(UNCHANGED);                                                               \
                return (uint##bits##_t)read;                                                       \
            }                                                                                      \
            prepare_update(address, bits / 8, order, HERE);                                        \
        }                                                                                          \
        bool done = __atomic_compare_exchange_n(address, &expected, value, false,                  \
                                                __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);               \
        if (done && memory_followed()) {                                                           \
            memory_update(address, bits / 8, value, order, spot_of(HERE));                         \
        }                                                                                          \
        note_exchange(address, sizeof wanted, wanted, value, done);                                \
        if (settings.touches) {                                                                    \
            tell_exchange(address, sizeof wanted, expected, value, done, takes);                   \
        }                                                                                          \
        happened(done && wanted != value ? CHANGED : UNCHANGED);                                   \
        return expected;                                                                           \
    }

#define ATOMIC_HOOKS(bits)                                                                         \
    LOAD_HOOK(bits)                                                                                \
    STORE_HOOK(bits)                                                                               \
    EXCHANGE_HOOK(bits)                                                                            \
    UPDATE_HOOK(bits, fetch_add, __atomic_fetch_add)                                               \
    UPDATE_HOOK(bits, fetch_sub, __atomic_fetch_sub)                                               \
    UPDATE_HOOK(bits, fetch_and, __atomic_fetch_and)                                               \
    UPDATE_HOOK(bits, fetch_or, __atomic_fetch_or)                                                 \
    UPDATE_HOOK(bits, fetch_xor, __atomic_fetch_xor)                                               \
    UPDATE_HOOK(bits, fetch_nand, __atomic_fetch_nand)                                             \
    COMPARE_EXCHANGE_HOOK(bits)

ATOMIC_HOOKS(8)
ATOMIC_HOOKS(16)
ATOMIC_HOOKS(32)
ATOMIC_HOOKS(64)

HOOK void __tsan_atomic_thread_fence(int order)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (memory_followed()) {
        memory_fence(order);
    }
}

HOOK void __tsan_atomic_signal_fence(int order)
{
    if (memory_followed()) {
        memory_compiler_fence(order);
    }
}
