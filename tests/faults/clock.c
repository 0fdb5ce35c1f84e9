/* A wall clock that tests can step: preloaded into a worker, it adds the seconds that stand in the file
   $FAULTS_CLOCKS/PID to the time of day. The monotonic clock, which a step does not touch, stays as it is. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile long long none = 0;
static const volatile long long *step = &none;
static int (*true_clock)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void)
{
    char path[4096];
    const char *folder = getenv("FAULTS_CLOCKS");

    if (!folder || snprintf(path, sizeof path, "%s/%d", folder, getpid()) >= (int)sizeof path)
        return;
    int file = open(path, O_RDWR | O_CREAT, 0600);
    if (file < 0)
        return;
    if (!ftruncate(file, sizeof *step)) {
        void *shared = mmap(NULL, sizeof *step, PROT_READ, MAP_SHARED, file, 0);
        if (shared != MAP_FAILED)
            step = shared;
    }
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    if (!true_clock) /* asked before `begin`: the allocator of Python 3.13 does so as it is loaded */
        true_clock = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = true_clock(clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += *step;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec precise;
    (void)zone;
    int failed = clock_gettime(CLOCK_REALTIME, &precise);
    if (!failed) {
        now->tv_sec = precise.tv_sec;
        now->tv_usec = precise.tv_nsec / 1000;
    }
    return failed;
}

time_t time(time_t *kept)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (kept)
        *kept = now.tv_sec;
    return now.tv_sec;
}
