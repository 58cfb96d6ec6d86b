/* `init --sql`: a fresh install as a script, without a connection. */
#ifndef ZQ_APP_INSTALL_SCRIPT_H
#define ZQ_APP_INSTALL_SCRIPT_H

#include "app/app.h"
#include "seed/seeds.h"

/* Print the script that makes an empty server's database ready, the administrator left out; the
 * same steps as an online run. Running it twice changes nothing the second time. */
zq_rc zq_install_script_print(zq_app *app, const zq_seeds *seeds, zq_err *err);

#endif
