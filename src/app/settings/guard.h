/* The process itself: what others may see of its memory. */
#ifndef ZQ_APP_SETTINGS_GUARD_H
#define ZQ_APP_SETTINGS_GUARD_H

/* No core dump of this process from here on, and no other process of the same user may look into
 * it. zq_unguard gives back what COMMAND would inherit of it. */
void zq_guard(void);
void zq_unguard(void);

#endif
