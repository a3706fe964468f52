#include "sim/search/crew.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// Batch b's findings stand in slot b modulo the number of slots, so nobody runs far ahead of who takes them.
enum { SLOTS_EACH = 4 };

struct slot {
    struct findings findings;
    bool ready;
};

struct crew {
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    struct expander *expander[CREW_MOST];
    struct worker {
        struct crew *crew;
        struct expander *expander;
        pthread_t thread;
    } worker[CREW_MOST];
    uint32_t workers;  // threads
    struct slot *slot;
    uint32_t slots;
    // Of one depth. Under the lock:
    const struct frontier *frontier;
    uint32_t begun, taken;  // batches
    uint32_t busy;          // workers
    bool judge_only, over;
};

// The next batch may be begun.
static bool may_begin(const struct crew *crew) {
    return crew->frontier != NULL && crew->begun < crew->frontier->batches && crew->begun < crew->taken + crew->slots;
}

// Does the next batch. The lock is held before and after.
static void work(struct crew *crew, struct expander *expander) {
    uint32_t number = crew->begun++;
    const struct batch *batch = crew->frontier->batch[number];
    struct slot *slot = &crew->slot[number % crew->slots];
    bool judge_only = crew->judge_only;
    pthread_mutex_unlock(&crew->lock);
    expander_run(expander, batch, judge_only, &slot->findings);
    pthread_mutex_lock(&crew->lock);
    slot->ready = true;
}

static void *worker(void *argument) {
    const struct worker *me = argument;
    struct crew *crew = me->crew;
    pthread_mutex_lock(&crew->lock);
    for (;;) {
        while (!crew->over && !may_begin(crew))
            pthread_cond_wait(&crew->work, &crew->lock);
        if (crew->over) break;
        crew->busy++;
        work(crew, me->expander);
        crew->busy--;
        pthread_cond_signal(&crew->done);
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

struct crew *crew_new(const struct subject *subject, const struct explore_options *options, uint32_t jobs) {
    struct crew *crew = calloc(1, sizeof *crew);
    if (crew == NULL) return NULL;
    crew->slots = jobs == 1 ? 1 : jobs * SLOTS_EACH;
    crew->slot = calloc(crew->slots, sizeof *crew->slot);
    if (crew->slot == NULL) {
        free(crew);
        return NULL;
    }
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->work, NULL);
    pthread_cond_init(&crew->done, NULL);
    crew->expander[0] = expander_new(subject, options);
    for (uint32_t i = 1; i < jobs; i++) {
        struct worker *new = &crew->worker[crew->workers];
        *new = (struct worker){.crew = crew, .expander = expander_new(subject, options)};
        world_begin(expander_world(new->expander));
        crew->expander[crew->workers + 1] = new->expander;
        bool runs = pthread_create(&new->thread, NULL, worker, new) == 0;
        crew->workers += runs;
        if (runs) continue;
        expander_free(new->expander);
        break;
    }
    return crew;
}

void crew_free(struct crew *crew) {
    pthread_mutex_lock(&crew->lock);
    crew->over = true;
    pthread_cond_broadcast(&crew->work);
    pthread_mutex_unlock(&crew->lock);
    for (uint32_t i = 0; i < crew->workers; i++)
        pthread_join(crew->worker[i].thread, NULL);
    for (uint32_t i = 0; i <= crew->workers; i++)
        expander_free(crew->expander[i]);
    for (uint32_t i = 0; i < crew->slots; i++)
        findings_free(&crew->slot[i].findings);
    pthread_cond_destroy(&crew->done);
    pthread_cond_destroy(&crew->work);
    pthread_mutex_destroy(&crew->lock);
    free(crew->slot);
    free(crew);
}

struct expander *crew_expander(struct crew *crew) {
    return crew->expander[0];
}

void crew_begin(struct crew *crew, const struct frontier *frontier, bool judge_only) {
    pthread_mutex_lock(&crew->lock);
    crew->frontier = frontier;
    crew->begun = crew->taken = 0;
    crew->judge_only = judge_only;
    for (uint32_t i = 0; i < crew->slots; i++)
        crew->slot[i].ready = false;
    if (crew->workers > 0) pthread_cond_broadcast(&crew->work);
    pthread_mutex_unlock(&crew->lock);
}

void crew_only_judge(struct crew *crew) {
    pthread_mutex_lock(&crew->lock);
    crew->judge_only = true;
    pthread_mutex_unlock(&crew->lock);
}

const struct findings *crew_take(struct crew *crew) {
    pthread_mutex_lock(&crew->lock);
    uint32_t number = crew->taken;
    struct slot *slot = &crew->slot[number % crew->slots];
    while (!slot->ready) {
        if (may_begin(crew))
            work(crew, crew->expander[0]);
        else
            pthread_cond_wait(&crew->done, &crew->lock);
    }
    pthread_mutex_unlock(&crew->lock);
    return &slot->findings;
}

void crew_give_back(struct crew *crew) {
    pthread_mutex_lock(&crew->lock);
    crew->slot[crew->taken++ % crew->slots].ready = false;
    if (crew->workers > 0) pthread_cond_signal(&crew->work);
    pthread_mutex_unlock(&crew->lock);
}

void crew_end(struct crew *crew) {
    pthread_mutex_lock(&crew->lock);
    crew->frontier = NULL;
    while (crew->busy > 0)
        pthread_cond_wait(&crew->done, &crew->lock);
    pthread_mutex_unlock(&crew->lock);
}
