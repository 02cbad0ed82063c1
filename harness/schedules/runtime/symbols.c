/* Where a thread stands: its return addresses, and the functions around them by the executable's
 * own table of symbols, which is read when it is first needed.  An executable that was stripped has
 * none; then nothing that rests on names is said. */
#include "controlled.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <unwind.h>

/* The ends of the executable's code, as linkers name them. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char etext[];

/* --- return addresses --------------------------------------------------------------------- */

typedef struct {
    uintptr_t *addresses;
    int limit;
    int count;
} Frames;

static _Unwind_Reason_Code add_frame(struct _Unwind_Context *context, void *data)
{
    Frames *frames = data;
    uintptr_t address = _Unwind_GetIP(context);
    if (address <= (uintptr_t)__ehdr_start || address > (uintptr_t)etext) {
        return _URC_NO_REASON;
    }
    frames->addresses[frames->count++] = address;
    return frames->count == frames->limit ? _URC_END_OF_STACK : _URC_NO_REASON;
}

__thread bool walks_stack;

int own_frames(uintptr_t *addresses, int limit)
{
    Frames frames = {.addresses = addresses, .limit = limit};
    _Unwind_Reason_Code (*walk)(_Unwind_Trace_Fn, void *) =
        dlsym(RTLD_DEFAULT, "_Unwind_Backtrace");
    if (walk != NULL) {
        walks_stack = true;
        walk(add_frame, &frames);
        walks_stack = false;
    }
    return frames.count;
}

ptrdiff_t offset_of(uintptr_t address)
{
    return (const char *)address - __ehdr_start;
}

/* --- the table ---------------------------------------------------------------------------- */

static struct {
    bool read;
    const char *names;
    const ElfW(Sym) * all; /* as the file has them */
    size_t all_count;
    ElfW(Sym) * entries; /* functions and objects, by address */
    size_t count;
} table;

static int by_address(const void *one, const void *other)
{
    ElfW(Addr) a = ((const ElfW(Sym) *)one)->st_value, b = ((const ElfW(Sym) *)other)->st_value;
    return (a > b) - (a < b);
}

static void keep_symbols(const ElfW(Sym) * symbols, size_t count)
{
    table.all = symbols;
    table.all_count = count;
    table.entries = malloc(count * sizeof *symbols);
    for (size_t i = 0; table.entries != NULL && i < count; i++) {
        unsigned type = ELF64_ST_TYPE(symbols[i].st_info);
        if ((type == STT_FUNC || type == STT_OBJECT) && symbols[i].st_value != 0) {
            table.entries[table.count++] = symbols[i];
        }
    }
    qsort(table.entries, table.count, sizeof *table.entries, by_address);
}

static void read_sections(const char *file, size_t size)
{
    const ElfW(Ehdr) *head = (const void *)file;
    if (head->e_shoff == 0 || head->e_shoff + head->e_shnum * sizeof(ElfW(Shdr)) > size) {
        return;
    }
    const ElfW(Shdr) *sections = (const void *)(file + head->e_shoff);
    for (int i = 0; i < head->e_shnum; i++) {
        if (sections[i].sh_type == SHT_SYMTAB) {
            table.names = file + sections[sections[i].sh_link].sh_offset;
            keep_symbols((const void *)(file + sections[i].sh_offset),
                           sections[i].sh_size / sizeof(ElfW(Sym)));
        }
    }
}

/* The file stays mapped: the names are in it. */
static void read_table(void)
{
    table.read = true;
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0) {
        return;
    }
    if (fstat(fd, &status) == 0 && status.st_size > (off_t)sizeof(ElfW(Ehdr))) {
        void *file = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (file != MAP_FAILED) {
            read_sections(file, (size_t)status.st_size);
        }
    }
    close(fd);
}

const char *symbol_at(uintptr_t address)
{
    if (!table.read) {
        read_table();
    }
    ElfW(Addr) place = (ElfW(Addr))offset_of(address);
    size_t low = 0, high = table.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (table.entries[middle].st_value <= place) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? table.names + table.entries[low - 1].st_name : "";
}

static void need_table(void)
{
    if (!table.read) {
        read_table();
    }
}

const char *object_at(const void *address)
{
    need_table();
    ElfW(Addr) place = (ElfW(Addr))offset_of((uintptr_t)address);
    for (size_t i = 0; i < table.count; i++) {
        const ElfW(Sym) *symbol = &table.entries[i];
        if (ELF64_ST_TYPE(symbol->st_info) == STT_OBJECT && place >= symbol->st_value &&
            place < symbol->st_value + symbol->st_size) {
            return table.names + symbol->st_name;
        }
    }
    return "";
}

const void *object_named(const char *part, size_t *size)
{
    need_table();
    for (size_t i = 0; i < table.count; i++) {
        const ElfW(Sym) *symbol = &table.entries[i];
        if (strstr(table.names + symbol->st_name, part) != NULL) {
            if (size != NULL) {
                *size = symbol->st_size;
            }
            return __ehdr_start + symbol->st_value;
        }
    }
    return NULL;
}

/* --- what the names tell ------------------------------------------------------------------ */

static bool has(const char *name, const char *part)
{
    return strstr(name, part) != NULL;
}

static bool is_rust(const char *name)
{
    return strncmp(name, "_R", 2) == 0 || strncmp(name, "_ZN", 3) == 0;
}

/* In either of rustc's ways to write names the first crate that is named is the function's: its path
 * from there on, or NULL. */
static const char *path_in(const char *name)
{
    const char *at = name + 3;
    if (strncmp(name, "_R", 2) != 0) {
        return at;
    }
    at = name + 2;
    while (*at != '\0' &&
           !(at[0] == 'C' && (at[1] == 's' || (at[1] >= '0' && at[1] <= '9')))) {
        at++;
    }
    at = *at != '\0' && at[1] == 's' ? strchr(at, '_') : at;
    return at == NULL || *at == '\0' ? NULL : at + 1;
}

static bool begins(const char *text, const char *start)
{
    return text != NULL && strncmp(text, start, strlen(start)) == 0;
}

bool is_library_function(const char *name)
{
    const char *crates[] = {"3std", "4core", "5alloc"};
    if (strncmp(name, "_R", 2) != 0 &&
        (has(name, "$LT$std..") || has(name, "$LT$core..") || has(name, "$LT$alloc.."))) {
        return strncmp(strchr(name, '$'), "$LT$", 4) == 0;
    }
    for (size_t i = 0; i < sizeof crates / sizeof *crates; i++) {
        if (begins(path_in(name), crates[i])) {
            return true;
        }
    }
    return false;
}

/* Also as the type that a trait is implemented for, in the older of the two ways to write names.  In the
 * newer one a trait's own method (Y) is no method of the channel: it calls whatever it is given. */
bool is_of_channels(const char *name)
{
    const char *path = path_in(name), *type = strchr(name, '$');
    return is_rust(name) && !begins(name, "_RNvY") && !begins(name, "_RINvY") &&
           (begins(path, "3std4sync4mpsc") || begins(path, "3std4sync4mpmc") ||
            begins(type, "$LT$std..sync..mpsc..") || begins(type, "$LT$std..sync..mpmc.."));
}

bool is_receiving(const char *name)
{
    return is_of_channels(name) && has(name, "Receiver") && has(name, "4recv") &&
           !has(name, "Channel") && !has(name, "8try_recv") && !has(name, "12recv_timeout") &&
           !has(name, "13recv_deadline");
}

static WaitClass class_of(const char *name)
{
    if (has(name, "lock_contended") && has(name, "utex")) {
        return MUTEX_LOCK;
    }
    if (has(name, "read_contended") && has(name, "utex")) {
        return READ_LOCK;
    }
    if (has(name, "write_contended") && has(name, "utex")) {
        return WRITE_LOCK;
    }
    if (has(name, "7Condvar") && has(name, "wait")) {
        return CONDVAR_WAIT;
    }
    if (has(name, "6Parker4park") || has(name, "6Parker12park_timeout") ||
        has(name, "6thread4park17h") || has(name, "6thread12park_timeout17h") ||
        (has(name, "6thread") && (has(name, "4park") || has(name, "12park_timeout")) &&
         !has(name, "unpark"))) {
        return PARK;
    }
    return UNKNOWN;
}

/* What waits again by itself, whatever wakes it. */
static bool repeats(const char *name)
{
    const char *parts[] = {
        "4mpsc",     "4mpmc",        "7barrier",           "6scoped",    "4once", "lazy_lock",
        "once_lock", "10wait_while", "wait_timeout_while", "9join_inner"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (has(name, parts[i])) {
            return true;
        }
    }
    return false;
}

bool links_library(const char *part)
{
    need_table();
    for (size_t i = 0; i < table.count; i++) {
        const char *name = table.names + table.entries[i].st_name;
        if (has(name, part) && is_rust(name) && begins(path_in(name), "3std")) {
            return true;
        }
    }
    return false;
}

/* A name may have the version behind it. */
bool imports(const char *name)
{
    need_table();
    size_t length = strlen(name);
    for (size_t i = 0; i < table.all_count; i++) {
        const char *other = table.names + table.all[i].st_name;
        if (table.all[i].st_shndx == SHN_UNDEF && strncmp(other, name, length) == 0 &&
            (other[length] == '\0' || other[length] == '@')) {
            return true;
        }
    }
    return false;
}

/* Whether the function makes, or drops, one reference of a count. */
static bool counts(const char *name)
{
    if (has(name, "4mpmc7counter") && (has(name, "7acquire") || has(name, "7release"))) {
        return true;
    }
    /* What was alloc::sync is alloc::rcs::arc from 1.101 on. */
    bool is_there = begins(path_in(name), "5alloc4sync") || begins(path_in(name), "5alloc3rcs3arc");
    bool refers = has(name, "_$LT$alloc..sync..Arc$") || has(name, "_$LT$alloc..sync..Weak$") ||
                  has(name, "_$LT$alloc..rcs..arc..Arc$") || has(name, "_$LT$alloc..rcs..arc..Weak$") ||
                  (is_there && (has(name, "_3Arc") || has(name, "_4Weak")));
    return refers && (has(name, "$GT$5clone17h") || has(name, "$GT$4drop17h") ||
                      has(name, "5Clone5clone") || has(name, "4Drop4drop"));
}

/* Whether it drops a reference of what a thread shares with its handle and its scope: its result, what
 * names it, and what the scope counts with. */
static bool counts_for_thread(const char *name)
{
    bool is_shared = has(name, "6Packet") || has(name, "6thread5Inner") || has(name, "9ScopeData");
    return is_shared && has(name, "_3Arc") && has(name, "6thread") && has(name, "4Drop4drop");
}

bool drops_result(const char *name)
{
    return is_library_function(name) && !has(name, "_3Arc") && has(name, "6thread") &&
           has(name, "6Packet") && has(name, "4Drop4drop");
}

/* Whether it is Mutex::lock, which the compiler may have put the system's own lock into. */
static bool locks(const char *name)
{
    return (has(name, "5mutex") || has(name, "futex_mutex")) && has(name, "4lock") &&
           !has(name, "8try_lock");
}

static bool runs_once(const char *name)
{
    return has(name, "4once") || has(name, "9once_lock") || has(name, "9lazy_lock");
}

static AccessSite channel_site(const char *name)
{
    bool looks = has(name, "10start_recv");
    return has(name, "4mpmc5array") && looks  ? BOUND_RECEIVE_SITE
           : has(name, "4mpmc4list") && looks ? RECEIVE_SITE
           : has(name, "10wait_write")        ? SLOT_SITE
                                              : OTHER_SITE;
}

/* Told by the innermost function of the library that is not of its module of atomics. */
AccessSite own_access_site(void)
{
    enum { NEAR = 8 };
    uintptr_t addresses[NEAR];
    int count = own_frames(addresses, NEAR);
    for (int i = 0; i < count; i++) {
        const char *name = symbol_at(addresses[i] - 1);
        if (is_rust(name) && !begins(path_in(name), "4core4sync6atomic")) {
            return !is_library_function(name)   ? OTHER_SITE
                   : counts_for_thread(name)    ? THREAD_COUNT_SITE
                   : counts(name)               ? COUNT_SITE
                   : locks(name)                ? LOCK_SITE
                   : runs_once(name)            ? ONCE_SITE
                   : has(name, "6scoped5scope") ? SCOPE_SITE
                   : is_of_channels(name)       ? channel_site(name)
                                                : OTHER_SITE;
        }
    }
    return OTHER_SITE;
}

uintptr_t own_place(void)
{
    uintptr_t addresses[MAX_FRAMES];
    int count = own_frames(addresses, MAX_FRAMES);
    for (int i = 0; i < count; i++) {
        const char *name = symbol_at(addresses[i] - 1);
        if (is_rust(name) && !is_library_function(name)) {
            return addresses[i] - 1;
        }
    }
    return 0;
}

static bool has_known_futex(const char *name)
{
    return has(name, "6rwlock") || has(name, "12futex_rwlock") || has(name, "7Condvar") ||
           class_of(name) == PARK;
}

/* Told by the functions of the library that are between the program's and the call.  There are none if
 * the last thing that they do is the call: so a Condvar notifies. */
FutexSite own_futex_site(void)
{
    uintptr_t addresses[MAX_FRAMES];
    int count = own_frames(addresses, MAX_FRAMES);
    bool is_known = false, is_first = true;
    for (int i = 0; i < count; i++) {
        const char *name = symbol_at(addresses[i] - 1);
        if (!is_rust(name)) {
            continue;
        }
        if (!is_library_function(name)) {
            is_known |= is_first;
            break;
        }
        if (has(name, "7barrier") && has(name, "7Barrier")) {
            return BARRIER_FUTEX;
        }
        is_known |= has_known_futex(name);
        is_first = false;
    }
    return is_known ? OWN_FUTEX : UNKNOWN_FUTEX;
}

static bool is_of_a_lock(WaitClass class)
{
    return class == MUTEX_LOCK || class == READ_LOCK || class == WRITE_LOCK;
}

WaitClass own_wait_class(void)
{
    uintptr_t addresses[MAX_FRAMES];
    int count = own_frames(addresses, MAX_FRAMES);
    WaitClass class = UNKNOWN;
    for (int i = 0; i < count; i++) {
        const char *name = symbol_at(addresses[i] - 1);
        if (!is_rust(name)) {
            continue;
        }
        if (!is_library_function(name)) {
            return class;
        }
        WaitClass found = class_of(name);
        if (class == UNKNOWN) {
            class = found;
        } else if (class == MUTEX_LOCK && found == CONDVAR_WAIT) {
            return RELOCK;
        }
        if (!is_of_a_lock(class) && repeats(name)) {
            return OTHER_WAIT;
        }
    }
    return class;
}

bool is_own_wait(WaitClass class)
{
    return class == CONDVAR_WAIT || class == PARK;
}

/* The same hook is called for strong exchanges; but unless the compiler was told to optimise, a
 * weak one has a function of the core library's around it. */
bool is_weak_exchange(uintptr_t return_address)
{
    if (!has(symbol_at(return_address - 1), "atomic_compare_exchange_weak")) {
        return false;
    }
    uintptr_t addresses[MAX_FRAMES];
    int count = own_frames(addresses, MAX_FRAMES);
    for (int i = 0; i < count; i++) {
        const char *name = symbol_at(addresses[i] - 1);
        if (is_rust(name) && (has(name, "fetch_update") || has(name, "try_update"))) {
            return false;
        }
        if (is_rust(name) && !has(name, "compare_exchange_weak")) {
            return !is_library_function(name);
        }
    }
    return false;
}
