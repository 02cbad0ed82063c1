/* Atomic locations: their histories, and which stores a load may read.
 *
 * Real memory always has the newest store of each location; so read-and-writes, which read the
 * newest, are done there, and code that has no hooks sees a coherent world.  A load may read an older
 * store, and a store may come in behind others in modification order (then it never reaches real
 * memory), as long as that contradicts neither coherence nor the order of sequentially consistent
 * operations, which is the order of the run.  What contradicts is a *floor*: the newest store that
 * the operation has to read, or be ordered after.
 *
 * The standard library's own object code tells us nothing.  What it stores is found by comparing: a
 * value that no store of ours explains was put there by the thread that has run since the last
 * look.  Its word is *shared* from then on, as are words handed to a futex call: whoever touches it
 * gets and gives all that goes with it, and always sees its newest value.  What such code reads
 * without a trace (a Once that is complete by now) it has read of the word that its caller used last. */
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RELAXED, CONSUME, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST }; /* as LLVM numbers the orders */

extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char end[] __attribute__((visibility("hidden")));

static Location **all; /* in no order */
static int all_room;
int locations_known; /* so many */
static Store *free_stores;
static uint32_t rank;       /* of the latest sequentially consistent operation */
static Clock before_fences; /* what happened before any sequentially consistent fence so far */
static View outside;        /* handed on by code without hooks, in words of a futex's size */
static bool settled;        /* nothing has run that we know nothing of since the last look */

static bool acquires(int order)
{
    return order != RELAXED && order != RELEASE;
}

static bool releases(int order)
{
    return order >= RELEASE;
}

/* --- stores ------------------------------------------------------------------------------- */

static Store *new_store(uint64_t value)
{
    Store *store = free_stores;
    if (store != NULL) {
        free_stores = store->older;
        memset(store, 0, sizeof *store);
    } else {
        store = room_for(sizeof *store);
    }
    store->value = value;
    store->thread = NOBODY;
    return store;
}

/* This store and all that are older. */
static void free_from(Store *store)
{
    while (store != NULL) {
        Store *older = store->older;
        store->older = free_stores;
        free_stores = store;
        store = older;
    }
}

static void drop_oldest(Location *location)
{
    Store *second = location->newest;
    while (second->older->older != NULL) {
        second = second->older;
    }
    free_from(second->older);
    second->older = NULL;
    location->length--;
}

/* Forget all older stores: what is there now is the only value that may be read. */
static void keep_newest(Location *location)
{
    free_from(location->newest->older);
    location->newest->older = NULL;
    location->length = 1;
}

/* Put a store behind another in modification order; of more than
 * HISTORY the oldest is forgotten. */
static Store *add_after(Location *location, Store *older, uint64_t value)
{
    Store *store = new_store(value);
    store->older = older;
    store->newer = older->newer;
    older->newer = store;
    if (store->newer != NULL) {
        store->newer->older = store;
    } else {
        location->newest = store;
    }
    if (++location->length > HISTORY) {
        drop_oldest(location);
    }
    return store;
}

/* --- locations ---------------------------------------------------------------------------- */

static uint64_t real_value(const void *address, int size)
{
    switch (size) {
    case 1:
        return __atomic_load_n((const uint8_t *)address, __ATOMIC_SEQ_CST);
    case 2:
        return __atomic_load_n((const uint16_t *)address, __ATOMIC_SEQ_CST);
    case 4:
        return __atomic_load_n((const uint32_t *)address, __ATOMIC_SEQ_CST);
    case 8:
        return __atomic_load_n((const uint64_t *)address, __ATOMIC_SEQ_CST);
    default:
        return 0;
    }
}

static size_t room_for_all(void)
{
    return (all_room > 0 ? 2 * (size_t)all_room : 256) * sizeof *all;
}

/* What one operation may take: nothing within it has to look whether it got what it asked for. */
static bool has_room(void)
{
    enum { STORES = 4 };
    size_t needed = sizeof(Location) + STORES * sizeof(Store) + sizeof(Fence);
    if (!room_ensure(needed + (locations_known == all_room ? room_for_all() : 0))) {
        memory_give_up();
        return false;
    }
    return true;
}

static void add_to_all(Location *location)
{
    if (locations_known == all_room) {
        size_t size = (size_t)all_room * sizeof *all;
        Location **more = room_for(room_for_all());
        if (size > 0) {
            memcpy(more, all, size);
        }
        all = more;
        all_room = all_room > 0 ? 2 * all_room : 256;
    }
    location->index = locations_known;
    all[locations_known++] = location;
}

static Location *free_locations;

static Location *new_location(void)
{
    Location *location = free_locations;
    if (location == NULL) {
        return room_for(sizeof *location);
    }
    free_locations = location->next;
    memset(location, 0, sizeof *location);
    return location;
}

static bool is_static(const void *address)
{
    return (const char *)address >= __ehdr_start && (const char *)address < end;
}

/* Of the heap's, code without hooks may have stored what is there before we first hear of it. */
static Location *make_location(Granule *granule, const void *address, int size)
{
    Location *location = new_location();
    location->next = granule->locations;
    location->address = address;
    location->size = size;
    location->newest = new_store(real_value(address, size));
    location->length = 1;
    granule->locations = location;
    add_to_all(location);
    if (!is_static(address) && size > 0) {
        view_join_all(&location->newest->handed_on);
    }
    return location;
}

static Location *location_at(const void *address, int size)
{
    Granule *granule = granule_at(address, true);
    if (granule == NULL || !has_room()) {
        return NULL;
    }
    for (Location *location = granule->locations; location != NULL; location = location->next) {
        if (location->address == (const char *)address && location->size == size) {
            return location;
        }
    }
    return make_location(granule, address, size);
}

void location_forget(Location *location)
{
    for (int i = 0; i < run.created && i < MEMORY_THREADS; i++) {
        if (knowledge[i].last == location) {
            knowledge[i].last = NULL;
        }
    }
    all[location->index] = all[--locations_known];
    all[location->index]->index = location->index;
    free_from(location->newest);
    location->next = free_locations;
    free_locations = location;
}

/* --- what threads do to them -------------------------------------------------------------- */

/* The calling thread has read the store or made it: from now on it, and whoever comes
 * after, may read nothing older (coherence). */
static void note_seen(Store *store, int order)
{
    if (store->seen[self->number] == 0) {
        store->seen[self->number] = epoch();
    }
    if (order == SEQ_CST) {
        rank++;
        store->rank = store->rank != 0 ? store->rank : rank;
    }
}

/* Take over what the store hands on: at once, or from the next acquiring fence on. */
static void acquire(const Store *store, int order)
{
    view_join(acquires(order) ? &mine()->now : &mine()->acquirable, &store->handed_on);
}

/* What the store hands on; the epoch has to end with it, as what comes later is not handed on. */
static void hand_on(Store *store, int order)
{
    if (releases(order)) {
        next_epoch();
        view_join(&store->handed_on, &mine()->now);
    } else {
        view_join(&store->handed_on, &mine()->released);
    }
}

/* A shared location has one store, and everybody who touches it meets everybody before. */
static void meet(Location *location, uint64_t value)
{
    if (!location->shared) {
        location->shared = true;
        keep_newest(location);
    }
    Store *store = location->newest;
    store->value = value;
    note_seen(store, SEQ_CST);
    acquire(store, ACQUIRE);
    hand_on(store, RELEASE);
}

/* Takes in what has happened to the location without our knowing. */
static void look_at(Location *location)
{
    uint64_t value = real_value(location->address, location->size);
    if (location->replaced) {
        location->replaced = false;
        keep_newest(location);
        Store *store = add_after(location, location->newest, value);
        keep_newest(location);
        note_seen(store, RELAXED);
    } else if (location->newest->value != value) {
        meet(location, value);
        if (location->size == sizeof(uint32_t)) {
            view_join(&outside, &location->newest->handed_on);
        }
    }
}

/* As OnceLock::wait has, which looks at a word that its caller never touches. */
bool memory_maybe_told(Epoch when, int thread)
{
    return when <= outside.seen.at[thread];
}

void memory_settle(void)
{
    if (settled || !memory_followed()) {
        return;
    }
    for (int i = 0; i < locations_known; i++) {
        if (!has_room()) {
            return;
        }
        if (all[i]->size > 0) {
            look_at(all[i]);
        }
    }
    Location *last = mine()->last;
    if (last != NULL && last->shared) {
        acquire(last->newest, ACQUIRE);
    }
    settled = true;
}

void memory_unsettle(void)
{
    settled = false;
}

/* The location that the calling thread is about to touch, as it really is
 * by now; NULL if it is not followed. */
static Location *use(const void *address, int size)
{
    memory_settle();
    Location *location = location_at(address, size);
    if (location != NULL) {
        mine()->last = location;
        mine()->updated = false;
    }
    return location;
}

void memory_meet(const void *object, int size)
{
    if (memory_followed()) {
        memory_settle();
        Location *location = location_at(object, size);
        if (location != NULL) {
            meet(location, real_value(object, size));
        }
    }
}

void memory_meet_world(void)
{
    static const uint64_t world;
    memory_meet(&world, 0);
}

/* --- which stores there are to read ------------------------------------------------------- */

/* Whether somebody's use of a store at that time comes before an operation of the calling thread. */
static bool comes_before(Epoch when, int thread, int order)
{
    const Fence *fence = mine()->now.fence;
    return has_seen(when, thread) || memory_maybe_told(when, thread) ||
           (fence != NULL && when <= fence->before.at[thread]) ||
           (order == SEQ_CST && when <= before_fences.at[thread]);
}

/* Whether an operation of this thread has to read this store or a newer one, or come after it. */
static bool binds(const Store *store, int order)
{
    for (int i = 0; i < run.created; i++) {
        if (store->seen[i] != 0 && comes_before(store->seen[i], i, order)) {
            return true;
        }
    }
    const Fence *fence = mine()->now.fence;
    return store->rank != 0 && (order == SEQ_CST || (fence != NULL && store->rank < fence->rank));
}

/* Whoever polls a word sees in the end what is there; and with nobody else there no step tells one
 * load from the next. */
static bool may_go_back(void)
{
    return settings.old && self->idle < SPIN_LIMIT / 2 && !undisturbed();
}

/* One of the stores from the newest down to the floor: the newest, unless the strategy goes back. */
static Store *choose_store(const Location *location, int order)
{
    uint64_t most = 0;
    for (const Store *store = location->newest; !binds(store, order) && store->older != NULL;
         store = store->older) {
        most++;
    }
    Store *store = location->newest;
    if (most > 0 && settings.old && undisturbed()) {
        note_alone();
    }
    if (most == 0 || !may_go_back()) {
        return store;
    }
    if (settings.candidates) {
        log_record("c %llu o%d:%llu", (unsigned long long)run.steps, self->number,
                   (unsigned long long)most);
    }
    for (uint64_t back = goes_back(most); back > 0; back--) {
        store = store->older;
    }
    return store;
}

/* Beside the store, what it is not: of a load the newest, of a store the one that it comes before. */
static void log_old(const char *what, const Location *location, const Store *store,
                    const Store *newer, Spot here)
{
    char own[100], newers[100], place[100];
    int back = 0;
    for (const Store *other = store; other->newer != NULL; other = other->newer) {
        back++;
    }
    const char *name = object_at(location->address);
    write_spot(own, sizeof own, store->spot);
    write_spot(newers, sizeof newers, newer->spot);
    write_spot(place, sizeof place, here);
    log_record("r %llu %d %d %s %s %llu %d %s %llu %d %s %s", (unsigned long long)run.steps,
               self->number, back, what, name[0] != '\0' ? name : "-",
               (unsigned long long)store->value, store->thread, own,
               (unsigned long long)newer->value, newer->thread, newers, place);
}

/* --- the operations ----------------------------------------------------------------------- */

static uint64_t read_store(const Location *location, Store *store, int order, Spot spot)
{
    if (store != location->newest) {
        log_old("read", location, store, location->newest, spot);
    }
    note_seen(store, order);
    acquire(store, order);
    return store->value;
}

uint64_t memory_load(const void *address, int size, int order, Spot spot)
{
    Location *location = use(address, size);
    if (location == NULL) {
        return real_value(address, size);
    }
    if (location->shared) {
        meet(location, location->newest->value);
        return location->newest->value;
    }
    return read_store(location, choose_store(location, order), order, spot);
}

/* Who stored it, and where: told of a load that reads it too late. */
static void sign(Store *store, Spot spot)
{
    store->thread = self->number;
    store->spot = spot;
}

bool memory_store(void *address, int size, uint64_t value, int order, Spot spot)
{
    Location *location = use(address, size);
    if (location == NULL) {
        return true;
    }
    if (location->shared) {
        meet(location, value);
        sign(location->newest, spot);
        return true;
    }
    Store *older = choose_store(location, order);
    if (older->newer != NULL && older->newer->update) {
        older = location->newest; /* nothing comes between an update and what it has read */
    }
    Store *store = add_after(location, older, value);
    sign(store, spot);
    note_seen(store, order);
    hand_on(store, order);
    if (store->newer != NULL) {
        log_old("stored", location, store, store->newer, spot);
    }
    return store->newer == NULL;
}

/* Before a read-and-write: what reading the newest store brings along is taken over. */
void memory_prepare(const void *address, int size, int order)
{
    Location *location = use(address, size);
    if (location == NULL) {
        return;
    }
    if (!location->shared) {
        note_seen(location->newest, order);
    }
    acquire(location->newest, location->shared ? ACQUIRE : order);
}

void memory_update(void *address, int size, uint64_t value, int order, Spot spot)
{
    Location *location = use(address, size);
    if (location == NULL) {
        return;
    }
    mine()->updated = true;
    if (location->shared) {
        meet(location, value);
        sign(location->newest, spot);
        return;
    }
    Store *read = location->newest;
    Store *store = add_after(location, read, value);
    store->update = true;
    store->handed_on = read->handed_on;
    sign(store, spot);
    note_seen(store, order);
    hand_on(store, order);
}

bool memory_fails(const void *address, int size, uint64_t expected, int order, uint64_t *value,
                  Spot spot)
{
    Location *location = use(address, size);
    if (location == NULL) {
        return false;
    }
    Store *store = location->newest;
    if (location->shared) {
        if (store->value == expected) {
            return false;
        }
        meet(location, store->value);
        *value = store->value;
        return true;
    }
    Store *chosen = choose_store(location, order);
    store = chosen->value != expected ? chosen : store;
    if (store->value == expected) {
        return false;
    }
    *value = read_store(location, store, order, spot);
    return true;
}

void memory_fence(int order)
{
    Knowledge *me = mine();
    memory_settle();
    if (!has_room()) {
        return;
    }
    if (acquires(order)) {
        view_join(&me->now, &me->acquirable);
    }
    if (order == SEQ_CST) {
        Fence *fence = room_for(sizeof *fence);
        next_epoch();
        for (int i = 0; i < run.created; i++) {
            if (before_fences.at[i] < me->now.seen.at[i]) {
                before_fences.at[i] = me->now.seen.at[i];
            }
        }
        *fence = (Fence){.rank = ++rank, .before = before_fences};
        me->now.fence = fence;
    }
    if (releases(order)) {
        next_epoch();
        me->released = me->now;
    }
}

/* Code for x86 (crossbeam's) takes a read-and-write before it for a fence, and is right there. */
void memory_compiler_fence(int order)
{
    if (order == SEQ_CST && mine()->updated) {
        memory_fence(SEQ_CST);
    }
}
