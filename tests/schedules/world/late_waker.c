/* What a thread does after it has left the interpreter: it computes for a while, then wakes who waits. */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_key_t key;
static sem_t semaphore;
static volatile uint32_t word;

static void compute_and_wake(void *value)
{
    (void)value;
    for (volatile int i = 0; i < 200000000; i++) {
    }
    sem_post(&semaphore);
    word = 1;
    syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* To be called by main. */
void prepare(void)
{
    sem_init(&semaphore, 0, 0);
    pthread_key_create(&key, compute_and_wake);
}

void wake_when_it_has_left(void)
{
    pthread_setspecific(key, &key);
}

/* Past the functions that control knows. */
void wait_by_futex(void)
{
    while (word == 0) {
        syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0);
    }
}

/* As an interpreter without a GIL does for its own, brief locks. */
void wait_by_semaphore(void)
{
    sem_wait(&semaphore);
}
