/*
 * tlscat: TLS connections by hand, from either side, on the public header alone.
 *
 *   tlscat connect HOST:PORT [options]    standard input to the peer, the peer to standard output
 *   tlscat serve PORT [options]           a small server on 127.0.0.1 and ::1
 *   tlscat verify [options] LEAF.pem      a certificate judged without a connection
 *
 * `tlscat --help` lists the options. The parts are in tlscat/.
 */
#include "tlscat/tlscat.h"

#include <signal.h>

int main(int argc, char **argv)
{
    struct options options;
    parse_options(&options, argc, argv);
    /* A closed standard output is an error that write() reports, not a reason to die silently. */
    signal(SIGPIPE, SIG_IGN);
    switch (options.mode) {
    case MODE_CONNECT:
        return run_connect(&options);
    case MODE_SERVE:
        return run_serve(&options);
    default:
        return run_verify(&options);
    }
}
